"""What response likelihood learns from and looks at: invitations with what was known at their moment.

Everything comes as columns and stays columns. What a person signalled in the newsletter (clicks) is added by
whoever keeps such signals, for those who agreed to it: see `SIGNAL_SOURCES`.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from models.arrays import BoolArray, FloatArray, IntArray
from models.features import Features
from models.invitation_history import DAY, NOT_YET, Past, Timeline, known_before
from survey_service.db import likelihood, likelihood_history
from survey_service.db.columns import Columns
from survey_service.db.likelihood_history import Words

MICROSECONDS = 1_000_000
LANGUAGE = "language"
STRATUM = "stratum"

SignalSource = Callable[[datetime, Sequence[int] | None], Awaitable[Columns]]
"""Given a moment and people (all: None), returns what was signalled before it by those who agreed and do not
object: columns contact, at (microseconds since 2000, as `timestamptz` is read) and clicks."""

SIGNAL_SOURCES: list[SignalSource] = [likelihood_history.read_clicks]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """n invitations in the order they were sent; moments in seconds since 2000."""

    features: Features
    answered: BoolArray
    is_over: BoolArray
    """Whether the time to answer had ended: early answers alone are quick people's."""
    contact: IntArray
    wave: IntArray
    survey: IntArray
    stratum: IntArray
    """Id of the survey's stratum."""
    audience: IntArray
    sent: IntArray

    def take(self, rows: IntArray | BoolArray) -> "Gathered":
        """Return some of them."""
        names = ("answered", "is_over", "contact", "wave", "survey", "stratum", "audience", "sent")
        columns = {name: getattr(self, name)[rows] for name in names}
        return replace(self, features=self.features.take(rows), **columns)


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """n people as they are now, each with the unit and cell they are in."""

    contact: IntArray
    unit: IntArray
    cell: IntArray
    features: Features


async def gather_history(until: datetime, *, contacts: Sequence[int] | None = None) -> Gathered:
    """Return what was sent before a moment (to these people; all: None), as it looked when it was sent."""
    words = await likelihood_history.list_words()
    sent = await likelihood_history.read_invitations(until, words, contacts=contacts)
    order = np.lexsort((sent["contact"], sent["sent"]))
    sent = {name: column[order] for name, column in sent.items()}
    past = await _read_past(sent, until, contacts)
    at = sent["sent"] // MICROSECONDS
    answered = _answered(sent)
    return Gathered(
        features=await _describe(sent, at, past, words, contacts),
        answered=answered < NOT_YET,
        is_over=sent["is_over"],
        contact=sent["contact"],
        wave=sent["wave"],
        survey=sent["survey"],
        stratum=sent["stratum"],
        audience=sent["audience"],
        sent=at,
    )


async def look_at_people(
    cells: Sequence[int], at: datetime, *, planned_seconds: int, each: int, contact: int | None = None
) -> People:
    """Return people of the frame in these cells, about `each` of every cell by lot, as an invitation would
    find them at a moment with a form of so many seconds.
    """
    words = await likelihood_history.list_words()
    people = await likelihood_history.read_people(cells, words, each=each, contact=contact)
    contacts = people["contact"].tolist()
    sent = await likelihood_history.read_invitations(at, words, contacts=contacts)
    past = await _read_past(sent, at, contacts)
    moment = np.full(people["contact"].shape, seconds_since_2000(at))
    asked = people | {"planned_seconds": np.full(people["contact"].shape, planned_seconds)}
    return People(
        contact=people["contact"],
        unit=people["unit"],
        cell=people["cell"],
        features=await _describe(asked, moment, past, words, contacts),
    )


def seconds_since_2000(at: datetime) -> int:
    """Return a moment as the columns count it."""
    return int(at.timestamp()) - int(datetime.fromisoformat("2000-01-01T00:00:00+00:00").timestamp())


def _answered(sent: Columns) -> IntArray:
    """Return when each was answered; the database's end of time is this package's, too."""
    found: IntArray = np.minimum(sent["answered"] // MICROSECONDS, NOT_YET)
    return found


async def _read_past(sent: Columns, until: datetime, contacts: Sequence[int] | None) -> Past:
    burden = await likelihood_history.read_burden(until, contacts=contacts)
    signals = [await source(until, contacts) for source in SIGNAL_SOURCES]
    none = np.empty(0, dtype=np.int64)
    return Past(
        invited=sent["contact"],
        sent=sent["sent"] // MICROSECONDS,
        answered=_answered(sent),
        burdened=burden["contact"],
        charged=burden["at"] // MICROSECONDS,
        planned=burden["planned_seconds"],
        is_reminder=burden["is_reminder"],
        signalled=np.concatenate([none, *(one["contact"] for one in signals)]),
        signal_at=np.concatenate([none, *(one["at"] // MICROSECONDS for one in signals)]),
        clicks=np.concatenate([none, *(one["clicks"] for one in signals)]),
    )


async def _describe(
    rows: Columns, at: IntArray, past: Past, words: Words, contacts: Sequence[int] | None
) -> Features:
    numbers: dict[str, FloatArray] = {
        # Up to a year: beyond it nobody is new, and in a register imported in one day it would tell the time.
        "tenure_days": np.clip(at - rows["joined"] // MICROSECONDS, 0, 365 * DAY) / DAY,
        "form_minutes": rows["planned_seconds"] / 60.0,
    } | known_before(past, rows["contact"], at)
    codes: dict[str, tuple[IntArray, tuple[str, ...]]] = {
        STRATUM: (rows["audience"], words.audience),
        "channel": (rows["channel"], words.channel),
    }
    for one in await likelihood.list_permissions():
        if one.attribute == LANGUAGE:
            codes[LANGUAGE] = (rows["language"], words.language)
        else:
            codes[one.attribute] = await _attribute(one.attribute, rows["contact"], at, contacts)
    return _put_together(numbers, codes)


async def _attribute(
    name: str, person: IntArray, at: IntArray, contacts: Sequence[int] | None
) -> tuple[IntArray, tuple[str, ...]]:
    """Return a permitted attribute's place of each person, as it stood at a moment.

    What it was before its first change is what that change says; who never changed has what they have now.
    """
    values = await likelihood_history.list_values(name)
    found = await likelihood_history.read_attribute(name, values, contacts=contacts)
    order = np.argsort(found["contact"])
    known, code = found["contact"][order], found["code"][order]
    now = np.zeros(person.shape, dtype=np.int64)
    if known.size:
        place = np.minimum(np.searchsorted(known, person), known.size - 1)
        now = np.where(known[place] == person, code[place], 0)
    past = await likelihood_history.read_past_attribute(name, values, contacts=contacts)
    changed = Timeline(past["contact"], past["until"] // MICROSECONDS).first_after(person, at)
    was = np.append(past["code"], 0)[changed]
    return np.where(changed >= 0, was, now), values


def _put_together(
    numbers: Mapping[str, FloatArray], codes: Mapping[str, tuple[IntArray, tuple[str, ...]]]
) -> Features:
    columns = [np.where(code > 0, code - 1.0, np.nan) for code, _ in codes.values()]
    return Features(
        names=(*codes, *numbers),
        matrix=np.column_stack([*columns, *numbers.values()]),
        is_category=np.array([True] * len(codes) + [False] * len(numbers), dtype=np.bool_),
        categories={name: texts for name, (_, texts) in codes.items()},
    )
