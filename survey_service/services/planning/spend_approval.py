"""Hold draws to approved plans. One approval serves one wave.

The draw spends it; from then on its invitations count themselves. What the draw did not take, and what is
cancelled before it is sent, is free again.
"""

from datetime import date

import msgspec
import numpy as np

from sampling.arrays import IntArray
from survey_service.db import approval, audit_event, budget
from survey_service.db.approval import ApprovalFacts
from survey_service.db.cell import list_cells
from survey_service.db.survey import Survey
from survey_service.domain.budget import needs_approval
from survey_service.domain.errors import Conflict, LimitReached
from survey_service.services.planning.approve_survey import check_room
from survey_service.services.planning.review_budget import first_recent_day, read_budget
from survey_service.services.planning.share_invitations import (
    default_invitations,
    share_invitations,
    share_planned,
)
from survey_service.services.rotation.select_members import REPLICATE_SHARES
from survey_service.services.rotation.survey_frame import SurveyFrame
from survey_service.settings import Settings


class PlannedNumbers(msgspec.Struct, frozen=True):
    """What a draw needs of the plan it was approved with."""

    by_stratum: dict[str, "PlannedStratum"]
    replicates: tuple[float, ...] = REPLICATE_SHARES


class PlannedStratum(msgspec.Struct, frozen=True):
    """One stratum of it."""

    invitations: int


async def share_wave(found: Survey, look: SurveyFrame, settings: Settings, n: int | None) -> IntArray:
    """Return how many each stratum is asked for: what was approved, or the usual without an approval.

    `n` asks for fewer than approved, shared as the plan shares.
    """
    population = look.population()
    given = await approval.find_open_approval(found.id)
    if given is None:
        total = default_invitations(int(population.sum())) if n is None else n
        return share_invitations(population, total, settings.stratum_minimum)
    if n is not None and n > given.invitations:
        raise _more_than_approved(found.slug, n, given)
    planned = msgspec.json.decode(given.plan, type=PlannedNumbers).by_stratum
    strata = [one.name for one in look.strata]
    if not planned.keys() <= set(strata):
        raise Conflict(
            f"The strata of {found.slug} are not those of its approved plan any more.",
            hint=f"Run: survey-service budget withdraw {found.slug}, and approve it again.",
        )
    numbers = np.array([planned[name].invitations if name in planned else 0 for name in strata])
    return share_planned(numbers, given.invitations if n is None else n, population)


async def share_replicates(found: Survey) -> tuple[float, ...]:
    """Return the shares of the parts in which a draw is released: those of its plan, or the usual."""
    given = await approval.find_open_approval(found.id)
    if given is None:
        return REPLICATE_SHARES
    return msgspec.json.decode(given.plan, type=PlannedNumbers).replicates


async def check_approval(
    found: Survey, settings: Settings, look: SurveyFrame, *, asked: int, drawn: int
) -> ApprovalFacts | None:
    """Refuse a draw that its survey's approval does not cover; without one, if it needs one or has no room.

    In a transaction that holds the register's lock. Returns the approval that the draw is to spend.
    """
    given = await approval.find_open_approval(found.id)
    if given is None:
        await _check_without_approval(found, settings, look, asked, drawn)
        return None
    if asked > given.invitations:
        raise _more_than_approved(found.slug, asked, given)
    form_seconds = look.rules.form_seconds
    if form_seconds > given.planned_seconds:
        raise Conflict(
            f"The form of {found.slug} has grown since it was approved.",
            expected=f"{given.planned_seconds} planned seconds at most",
            got=f"{form_seconds}",
            hint=f"Run: survey-service budget withdraw {found.slug}, and approve it again.",
        )
    return given


async def spend_approval(given: ApprovalFacts, draw: int, *, staff: int | None) -> None:
    """Give an approval to the draw made under it."""
    await approval.spend_approval(given.id, draw)
    await audit_event.add_audit_event(
        staff=staff, action="approval.spent", object_kind="approval", object_id=str(given.id),
        detail={"survey": given.survey, "draw": draw},
    )  # fmt: skip


async def is_approval_missing(found: Survey, settings: Settings, day: date, asked: int) -> bool:
    """Tell whether a draw of so many would be refused for want of an approved plan."""
    if await approval.find_open_approval(found.id):
        return False
    recent = (await budget.count_sent(first_recent_day(day)))[found.department]
    return needs_approval(asked, recent=recent, threshold=settings.approval_threshold)


async def _check_without_approval(
    found: Survey, settings: Settings, look: SurveyFrame, asked: int, drawn: int
) -> None:
    is_whole = look.cell_ids.size == len(await list_cells())
    day = date.fromordinal(look.day)
    state = await read_budget(settings, day, units=look.units if is_whole else None)
    recent = state.recent[found.department]
    threshold = settings.approval_threshold
    if needs_approval(asked, recent=recent, threshold=threshold):
        raise LimitReached(
            f"This survey needs an approved plan: {found.department} would have sent "
            f"{recent + asked:,} invitations in 30 days.",
            expected=f"{threshold:,} at most without an approval",
            got=f"{recent + asked:,}",
            hint=f"Run: survey-service budget price {found.slug}, then: "
            f"survey-service budget approve {found.slug} --by NAME --n {asked}",
        )
    check_room(drawn, state, found.department)


def _more_than_approved(slug: str, asked: int, given: ApprovalFacts) -> LimitReached:
    return LimitReached(
        f"More invitations than the approved plan of {slug} has.",
        expected=f"{given.invitations} at most",
        got=str(asked),
        hint=f"Run: survey-service budget withdraw {slug}, and approve the larger plan.",
    )
