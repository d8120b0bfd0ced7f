"""The register as a draw sees it: units with their places, and their people."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import msgspec
import numpy as np

from survey_service.db.columns import Columns, read_columns
from survey_service.db.contact_standing import IN_FRAME, PAUSED, PEOPLE
from survey_service.db.engine import connection

_MOST_GAPS = 16
"""So many numbers for each one in use may be looked up in a table."""

_DAY = "- DATE '0001-01-01' + 1"
"""From a date to Python's ordinal of the day."""

FAR = date.max.toordinal()
"""The end of what has no end yet: a pause without a date, an invitation that is only reserved."""
MOST = 2**15 - 1
"""Surveys a year of people who chose no number."""

_UNITS = f"""
    SELECT u.id, u.cell, u.prn, u.ticket, u.is_active,
        coalesce((u.last_invited_on {_DAY})::int8, $1::int8),
        coalesce((u.promised_from {_DAY})::int8, $1::int8)
    FROM unit u
    JOIN cell k ON k.id = u.cell
    JOIN cell_definition d ON d.id = k.cell_definition AND d.is_current
    WHERE $2::bigint[] IS NULL OR u.id = ANY ($2)
"""  # noqa: S608

_STANDINGS = f"""
    SELECT unit, standing, CASE WHEN standing = {PAUSED} THEN coalesce((paused_until {_DAY})::int8, {FAR})
            ELSE {FAR} END::int8,
        CASE WHEN standing >= {PAUSED} THEN coalesce(surveys_a_year, {MOST}) ELSE {MOST} END::int2
    FROM ({PEOPLE}) x WHERE $1::bigint[] IS NULL OR unit = ANY ($1)
"""  # noqa: S608

_BUSY = f"""
    SELECT c.unit, max(CASE WHEN i.state = 'reserved' THEN {FAR}
        ELSE (i.expires_at AT TIME ZONE $2::text)::date {_DAY} END)::int8
    FROM invitation i JOIN contact c ON c.id = i.contact
    WHERE (i.state = 'reserved' AND i.wave IS DISTINCT FROM $3::bigint
            OR i.state = 'sent' AND i.expires_at > now())
        AND ($1::bigint[] IS NULL OR c.unit = ANY ($1))
    GROUP BY c.unit
"""  # noqa: S608

_PEOPLE_OF = f"""
    SELECT p.id, p.unit, p.prn, p.inner_ticket FROM ({PEOPLE}) p
    WHERE p.standing = {IN_FRAME} AND p.unit = ANY ($1::bigint[]) ORDER BY p.id
"""  # noqa: S608


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """What is needed to invite a person, with the places they and their unit hold."""

    contact: int
    reference: str
    unit_reference: str
    pseudonym: UUID
    language: str
    channel: str
    unit: int
    unit_prn: float
    unit_ticket: float
    cell: int
    prn: float
    inner_ticket: float


async def read_units(
    *, never: int, time_zone: str, units: Sequence[int] | None = None, sending_wave: int | None = None
) -> Columns:
    """Return the units (by id; all: None) of the current cells, by id; `never` stands for no such day.

    Columns: id, cell, prn, ticket, is_active (marked as in the frame), last_invited (day), standing
    (`contact_standing`), promised (first day by promise), resumes (day a pause ends), frequency (fewest
    surveys a year chosen in it) and busy_until (last day of a link in its hands; what is reserved for
    `sending_wave` does not count).
    """
    found = await read_columns(
        _UNITS,
        never,
        units,
        columns={
            "id": "int8", "cell": "int8", "prn": "float8", "ticket": "float8", "is_active": "bool",
            "last_invited": "int8", "promised": "int8",
        },
    )  # fmt: skip
    order = np.argsort(found["id"], kind="stable")
    found = {name: column[order] for name, column in found.items()}
    people = await read_columns(
        _STANDINGS,
        units,
        columns={"unit": "int8", "standing": "int2", "resumes": "int8", "frequency": "int2"},
    )
    busy = await read_columns(
        _BUSY, units, time_zone, sending_wave, columns={"unit": "int8", "until": "int8"}
    )
    return _sum_up(found, people, busy, never)


def _sum_up(units: Columns, people: Columns, busy: Columns, never: int) -> Columns:
    """Bring what is known of people to their units, and leave out units without people.

    Done here, since the database takes as long again for grouping a million people by unit.
    """
    size = units["id"].size
    known, place = find_positions(units["id"], people["unit"])
    standing = np.full(size, -1, dtype=np.int64)
    np.maximum.at(standing, place, people["standing"][known])
    resumes = np.full(size, FAR, dtype=np.int64)
    np.minimum.at(resumes, place, people["resumes"][known])
    frequency = np.full(size, MOST, dtype=np.int64)
    np.minimum.at(frequency, place, people["frequency"][known])
    known, place = find_positions(units["id"], busy["unit"])
    until = np.full(size, never, dtype=np.int64)
    until[place] = busy["until"][known]
    lived_in = standing >= 0
    columns = units | {
        "standing": standing, "resumes": resumes, "frequency": frequency, "busy_until": until
    }  # fmt: skip
    return columns if lived_in.all() else {name: column[lived_in] for name, column in columns.items()}


def find_positions(ids: np.ndarray, wanted: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return which of the wanted are among the ids, which are in order, and the positions of those."""
    if not ids.size:
        return np.zeros(wanted.size, dtype=np.bool_), np.empty(0, dtype=np.int64)
    first, last = int(ids[0]), int(ids[-1])
    if last - first < _MOST_GAPS * ids.size:
        # Numbers given one after the other have few gaps: a table is ten times as fast as a search.
        table = np.full(last - first + 1, -1, dtype=np.int64)
        table[ids - first] = np.arange(ids.size)
        inside = (wanted >= first) & (wanted <= last)
        place = np.where(inside, table[np.where(inside, wanted - first, 0)], -1)
    else:
        place = np.minimum(np.searchsorted(ids, wanted), ids.size - 1)
        place = np.where(ids[place] == wanted, place, -1)
    known = place >= 0
    return known, place[known]


async def read_people(units: Sequence[int]) -> Columns:
    """Return the people of these units who are in the frame: id, unit, prn and inner ticket."""
    return await read_columns(
        _PEOPLE_OF, units, columns={"id": "int8", "unit": "int8", "prn": "float8", "ticket": "float8"}
    )


async def list_members(contacts: Sequence[int]) -> list[Member]:
    """Return these people, in the order given."""
    async with connection() as lent:
        rows = await lent.fetch(
            """SELECT c.id AS contact, c.reference, u.reference AS unit_reference, c.pseudonym, c.language,
                   c.channel, u.id AS unit, u.prn AS unit_prn, u.ticket AS unit_ticket, u.cell, c.prn,
                   c.inner_ticket
               FROM unnest($1::bigint[]) WITH ORDINALITY AS asked (id, place)
               JOIN contact c ON c.id = asked.id JOIN unit u ON u.id = c.unit ORDER BY asked.place""",
            contacts,
        )
    return [Member(**row) for row in rows]
