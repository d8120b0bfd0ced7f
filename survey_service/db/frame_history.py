"""The invitations that may still count, by unit: a draw reads those of the whole register at once."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from survey_service.db.columns import Columns, read_columns

_OF_UNITS = """
    SELECT c.unit, e.at, e.planned_seconds
    FROM ledger_event e JOIN contact c ON c.pseudonym = e.pseudonym
    WHERE e.kind = 'invitation' AND e.at >= $1::timestamptz
        AND ($2::bigint[] IS NULL OR c.unit = ANY ($2))
"""

_OF_EVERYBODY = """
    SELECT pseudonym, at, planned_seconds FROM ledger_event
    WHERE kind = 'invitation' AND at >= $1::timestamptz
"""

_PEOPLE = "SELECT pseudonym, unit FROM contact"


async def read_history(since: datetime, time_zone: str, units: Sequence[int] | None = None) -> Columns:
    """Return the invitations since a moment to these units (all: None): unit, day and planned seconds."""
    past = await _read_all(since) if units is None else await _read_joined(since, units)
    return {
        "unit": past["unit"],
        "day": to_days(past["at"], time_zone),
        "planned_seconds": past["planned_seconds"],
    }


async def _read_joined(since: datetime, units: Sequence[int] | None) -> Columns:
    return await read_columns(
        _OF_UNITS, since, units, columns={"unit": "int8", "at": "timestamptz", "planned_seconds": "int4"}
    )


async def _read_all(since: datetime) -> Columns:
    """Bring the events to their units here: the database takes ten times as long to join as to read them."""
    past = await read_columns(
        _OF_EVERYBODY, since, columns={"pseudonym": "uuid", "at": "timestamptz", "planned_seconds": "int4"}
    )
    if not past["at"].size:
        return past | {"unit": np.empty(0, dtype=np.int64)}
    people = await read_columns(_PEOPLE, columns={"pseudonym": "uuid", "unit": "int8"})
    found = match_pseudonyms(people["pseudonym"], past["pseudonym"])
    if found is None:
        return await _read_joined(since, None)
    known = found >= 0
    return {
        "unit": people["unit"][found[known]],
        "at": past["at"][known],
        "planned_seconds": past["planned_seconds"][known],
    }


def match_pseudonyms(known: np.ndarray, wanted: np.ndarray) -> np.ndarray | None:
    """Return where each wanted pseudonym is among the known ones, -1 where it is not.

    Pseudonyms are pairs of 64 bits, shape (n, 2), compared by the second and then checked by the first. None
    when two known ones share the second, which of random ones happens once in a million registers.
    """
    if not known.size:
        return np.full(len(wanted), -1, dtype=np.int64)
    order = np.argsort(known[:, 1])
    keys = known[order, 1]
    if (keys[1:] == keys[:-1]).any():
        return None
    place = order[np.minimum(np.searchsorted(keys, wanted[:, 1]), keys.size - 1)]
    is_found = (known[place] == wanted).all(axis=1)
    return np.where(is_found, place, -1)


def to_days(moments: np.ndarray, time_zone: str) -> np.ndarray:
    """Return the day (ordinal) of each moment (microseconds since 2000) where days are counted.

    Midnights are looked up once a day and not once a moment, which the database would do.
    """
    if not moments.size:
        return moments
    start = datetime(2000, 1, 1, tzinfo=UTC)
    first = (start + timedelta(microseconds=int(moments.min()), days=-1)).date().toordinal()
    last = (start + timedelta(microseconds=int(moments.max()), days=1)).date().toordinal()
    zone = ZoneInfo(time_zone)
    midnights = [
        (datetime.combine(date.fromordinal(day), time(0), zone) - start) // timedelta(microseconds=1)
        for day in range(first, last + 1)
    ]
    return first - 1 + np.searchsorted(np.array(midnights, dtype=np.int64), moments, side="right")
