"""How evenly those asked have answered, wave by wave: the R-indicator, the coefficient of variation beside it
because R alone flatters a low response, who is missing, and what reminders changed.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec
import numpy as np

from sampling.errors import SamplingError
from sampling.representativity import CategoryGap, Representativity, represent
from survey_service.db import participation
from survey_service.db.audit_event import add_audit_event
from survey_service.db.participation import ParticipationRow, WaveFacts
from survey_service.db.result import ReviewedSurvey, one_moment
from survey_service.db.staff import StaffMember
from survey_service.domain.missing_people import Asked, Missing, find_missing

OTHERS = "*"
"""The small categories of a variable together."""
LEAST_ANSWERS = 30
"""Fewer say nothing of who answers."""


class CategoryLine(msgspec.Struct, frozen=True, kw_only=True):
    """One category; figures that would tell of few people are null."""

    category: str
    people: int
    rate: float | None
    partial: float | None


class WaveRepresentativeness(msgspec.Struct, frozen=True, kw_only=True):
    """One wave; null figures where there are too few answers, or too few left out."""

    wave: int
    first_sent: datetime
    is_modelled: bool
    people: int
    answers: int | None
    rate: float | None
    r_indicator: float | None
    cv: float | None
    before: tuple[float, float] | None
    """R-indicator and coefficient of variation without what came after reminders; null without reminders."""
    by_variable: dict[str, float]
    by_category: dict[str, list[CategoryLine]]
    missing: list[Missing]


async def review_representativeness(
    staff: StaffMember, survey: ReviewedSurvey, *, small_cell: int
) -> list[WaveRepresentativeness]:
    """Measure every wave of a survey from `get_survey_for`; the look is noted."""
    found = await measure_representativeness(survey.id, small_cell=small_cell)
    await add_audit_event(
        staff=staff.id, action="representativeness_viewed", object_kind="survey", object_id=survey.slug
    )
    return found


async def measure_representativeness(survey: int, *, small_cell: int) -> list[WaveRepresentativeness]:
    """Measure every wave of a survey, the first one first."""
    async with one_moment():
        rows = await participation.count_participation(survey)
        waves = await participation.list_sent_waves(survey)
    return [_measure_wave(one, [row for row in rows if row.wave == one.number], small_cell) for one in waves]


def describe(row: ParticipationRow) -> dict[str, str]:
    """Return what is known of people: the dimensions of their cell, channel and language."""
    audience, *others = row.cell.split("|")
    named = dict(one.split("=", 1) for one in others if "=" in one)
    return {"audience": audience, "channel": row.channel, "language": row.language} | named


def _measure_wave(
    wave: WaveFacts, rows: Sequence[ParticipationRow], small_cell: int
) -> WaveRepresentativeness:
    people = sum(row.people for row in rows)
    answers = sum(row.people for row in rows if row.answered)
    empty = WaveRepresentativeness(
        wave=wave.number, first_sent=wave.first_sent, is_modelled=wave.is_modelled, people=people,
        answers=None, rate=None, r_indicator=None, cv=None, before=None, by_variable={}, by_category={},
        missing=[],
    )  # fmt: skip
    if min(answers, people - answers) < max(LEAST_ANSWERS, small_cell):
        return empty
    variables = _merge_small([describe(row) for row in rows], [row.people for row in rows], small_cell)
    if not variables:
        return empty
    after = _represent(rows, variables, [row.answered for row in rows], wave.population)
    before = None
    if any(row.is_reminded for row in rows):
        early = _represent(rows, variables, [row.answered_before for row in rows], wave.population)
        before = None if early is None else (early.r_indicator, early.cv)
    if after is None:
        return empty
    asked = {
        name: {key: Asked(people=gap.people, rate=gap.rate) for key, gap in gaps.items()}
        for name, gaps in after.by_category.items()
    }
    shown = {name: _shown(gaps, small_cell) for name, gaps in after.by_category.items()}
    hidden = {(name, line.category) for name, lines in shown.items() for line in lines if line.rate is None}
    missing = find_missing(asked, after.rate, least=small_cell)
    return msgspec.structs.replace(
        empty, answers=answers, rate=after.rate, r_indicator=after.r_indicator, cv=after.cv, before=before,
        by_variable=after.by_variable, by_category=shown,
        missing=[one for one in missing if (one.variable, one.category) not in hidden],
    )  # fmt: skip


def _represent(
    rows: Sequence[ParticipationRow],
    variables: Mapping[str, Sequence[str]],
    answered: Sequence[bool],
    population: int,
) -> Representativity | None:
    """Measure counted people; None where everybody or nobody answered."""
    times = [row.people for row in rows]
    spread = {name: np.repeat(np.asarray(texts), times).tolist() for name, texts in variables.items()}
    everybody = np.repeat(np.asarray(answered, dtype=np.bool_), times)
    try:
        return represent(everybody, spread, population=max(population, everybody.size))
    except SamplingError:
        return None


def _merge_small(
    known: Sequence[Mapping[str, str]], people: Sequence[int], small_cell: int
) -> dict[str, list[str]]:
    """Return each variable with its small categories as one; none that says the same of everybody."""
    found = {}
    for name in dict.fromkeys(name for one in known for name in one):
        texts = [one.get(name, "") for one in known]
        sizes: dict[str, int] = defaultdict(int)
        for text, count in zip(texts, people, strict=True):
            sizes[text] += count
        merged = [text if sizes[text] >= small_cell else OTHERS for text in texts]
        if len(set(merged)) > 1:
            found[name] = merged
    return found


def _shown(gaps: Mapping[str, CategoryGap], small_cell: int) -> list[CategoryLine]:
    """Return the lines of a variable; one hidden line alone could be worked out, so another goes with it."""
    lines = []
    for category, gap in gaps.items():
        answers = round(gap.rate * gap.people)
        is_small = min(answers, gap.people - answers) < small_cell
        lines.append((category, gap, answers, is_small))
    hidden = {category for category, _, _, is_small in lines if is_small}
    if len(hidden) == 1:
        rest = [(answers, category) for category, _, answers, is_small in lines if not is_small]
        hidden |= {min(rest)[1]} if rest else set()
    return [
        CategoryLine(
            category=category,
            people=gap.people,
            rate=None if category in hidden else gap.rate,
            partial=None if category in hidden else gap.partial,
        )
        for category, gap, _, _ in lines
    ]
