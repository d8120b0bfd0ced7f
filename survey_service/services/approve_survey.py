"""Approve a survey's plan, and hold draws to it.

Approving and drawing take the register's lock first and then read what everybody before them wrote: so two
at the same moment can never together exceed the capacity, nor a department's part of it. One approval
serves one wave: the draw spends it, its invitations count from then on themselves, and what the draw did
not take, or what is cancelled later, is free again.
"""

from datetime import date

import msgspec
import numpy as np

from sampling.arrays import IntArray
from sampling.precision import margin_of_error
from survey_service.db import approval, audit_event, register, staff
from survey_service.db.approval import ApprovalFacts
from survey_service.db.engine import transaction
from survey_service.db.staff import StaffMember
from survey_service.db.survey import Survey
from survey_service.domain.budget import find_obstacle, largest_plan, needs_approval
from survey_service.domain.errors import Conflict, LimitReached, NotAllowed, NotFound
from survey_service.domain.roles import check_may
from survey_service.services.manage_survey import get_survey
from survey_service.services.plan_request import PlanRequest
from survey_service.services.plan_strata import plan_survey
from survey_service.services.review_budget import Budget, read_budget
from survey_service.services.share_invitations import (
    RESPONSE,
    default_invitations,
    share_invitations,
    share_planned,
)
from survey_service.services.survey_frame import today
from survey_service.services.survey_plan import Plan, Unreachable
from survey_service.settings import Settings

LONGEST_NAME = 254


class Approved(msgspec.Struct, frozen=True, kw_only=True):
    """An approval as it was given."""

    approval: int
    survey: str
    invitations: int
    approver: str
    plan: Plan


class PlannedNumbers(msgspec.Struct, frozen=True):
    """What a draw needs of the plan it was approved with."""

    by_stratum: dict[str, "PlannedStratum"]


class PlannedStratum(msgspec.Struct, frozen=True):
    """One stratum of it."""

    invitations: int


async def approve_survey(
    slug: str, settings: Settings, request: PlanRequest, *, by: str, member: StaffMember | None = None
) -> Approved:
    """Approve the plan a request gives, and keep its invitations until a draw spends them.

    `by` names who approves; `member` is who is signed in, if this comes from a page.
    """
    if member is not None:
        check_may(member.role, "govern")
    day = today(settings)
    async with transaction():
        await register.lock_register()
        found = await get_survey(slug)
        if found.state == "closed":
            raise Conflict(f"The survey {slug} is closed.")
        if earlier := await approval.find_open_approval(found.id):
            raise Conflict(
                f"The survey {slug} has an approved plan: {earlier.invitations} invitations, by "
                f"{earlier.approver}.",
                hint=f"Withdraw it first: survey-service budget withdraw {slug}",
            )
        plan = await plan_survey(slug, settings, request, day=day)
        check_reachable(plan)
        check_room(plan.invitations, await read_budget(settings, day), found.department)
        approver, approved_by = await name_person(by)
        number = await approval.add_approval(
            survey=found.id,
            invitations=plan.invitations,
            planned_seconds=plan.planned_seconds,
            plan=msgspec.json.encode(plan),
            approver=approver,
            approved_by=approved_by,
        )
        await _note(
            member,
            "approval.given",
            number,
            {"survey": slug, "invitations": plan.invitations, "approver": approver},
        )
    return Approved(approval=number, survey=slug, invitations=plan.invitations, approver=approver, plan=plan)


async def withdraw_approval(slug: str, *, member: StaffMember | None = None) -> int:
    """Take an approval back; return how many invitations are free again."""
    if member is not None:
        check_may(member.role, "govern")
    async with transaction():
        await register.lock_register()
        found = await get_survey(slug)
        given = await approval.find_open_approval(found.id)
        if given is None:
            raise NotFound(
                f"The survey {slug} has no approved plan.", hint="See `survey-service budget show`."
            )
        await approval.withdraw_approval(given.id)
        await _note(
            member, "approval.withdrawn", given.id, {"survey": slug, "invitations": given.invitations}
        )
    return given.invitations


async def share_wave(
    found: Survey, strata: list[str], population: IntArray, settings: Settings, n: int | None
) -> IntArray:
    """Return how many each stratum is asked for: what was approved, or the usual without an approval.

    `n` asks for fewer than approved, shared as the plan shares; more is refused by `spend_approval`.
    """
    given = await approval.find_open_approval(found.id)
    if given is None:
        total = default_invitations(int(population.sum())) if n is None else n
        return share_invitations(population, total, settings.stratum_minimum)
    if n is not None and n > given.invitations:
        raise _more_than_approved(found.slug, n, given)
    planned = msgspec.json.decode(given.plan, type=PlannedNumbers).by_stratum
    if not planned.keys() <= set(strata):
        raise Conflict(
            f"The strata of {found.slug} are not those of its approved plan any more.",
            hint=f"Run: survey-service budget withdraw {found.slug}, and approve it again.",
        )
    numbers = np.array([planned[name].invitations if name in planned else 0 for name in strata])
    return share_planned(numbers, given.invitations if n is None else n, population)


async def spend_approval(
    found: Survey, settings: Settings, day: date, *, asked: int, drawn: int, form_seconds: int, draw: int
) -> None:
    """Allow a draw that was recorded and has not invited anybody yet, or refuse it.

    In the draw's own transaction, which holds the register's lock: a refusal leaves nothing behind.
    """
    given = await approval.find_open_approval(found.id)
    if given is None:
        await _check_without_approval(found, settings, day, asked, drawn)
        return
    if asked > given.invitations:
        raise _more_than_approved(found.slug, asked, given)
    if form_seconds > given.planned_seconds:
        raise Conflict(
            f"The form of {found.slug} has grown since it was approved.",
            expected=f"{given.planned_seconds} planned seconds at most",
            got=f"{form_seconds}",
            hint=f"Run: survey-service budget withdraw {found.slug}, and approve it again.",
        )
    await approval.spend_approval(given.id, draw)
    await _note(None, "approval.spent", given.id, {"survey": found.slug, "draw": draw, "drawn": drawn})


def check_reachable(plan: Plan) -> None:
    """Refuse a plan in which a precision cannot be reached, saying what would work instead."""
    if plan.unreachable:
        raise LimitReached(
            " ".join(_explain(one, plan) for one in plan.unreachable),
            hint="Change the plan in one of these ways before it is approved.",
        )


def check_room(invitations: int, found: Budget, department: str) -> None:
    """Refuse more invitations than are free, in all or for the department."""
    own = found.departments[department]
    obstacle = find_obstacle(invitations, found.account, own)
    if obstacle is None:
        return
    most = largest_plan(found.account, own)
    margin = f", good for ±{margin_of_error(max(1, int(most * RESPONSE))) * 100:.1f} points" if most else ""
    words = {
        "capacity": "the year's capacity has not so many free",
        "share": f"the share of {department} has not so many free",
    }
    hint = f"Ask fewer with --n {most}{margin}, " if most else ""
    other = "wait until invitations leave the rolling year."
    if obstacle == "share":
        other = "or have an exception approved: survey-service budget exception."
    raise LimitReached(
        f"{invitations} invitations do not fit: {words[obstacle]}.",
        expected=f"{most} at most",
        got=str(invitations),
        hint=(hint + other)[:1].upper() + (hint + other)[1:],
    )


async def name_person(person: str) -> tuple[str, int | None]:
    """Return the name to record, and the member of staff it stands for, if it is one."""
    name = " ".join(person.split())
    if not 0 < len(name) <= LONGEST_NAME:
        raise NotAllowed(
            "Somebody must approve it by name.",
            expected=f"a name or address of 1 to {LONGEST_NAME} characters",
        )
    known = await staff.find_staff(name)
    return (name, None) if known is None else (known.email, known.id)


async def _check_without_approval(
    found: Survey, settings: Settings, day: date, asked: int, drawn: int
) -> None:
    state = await read_budget(settings, day)
    recent = state.recent[found.department]
    threshold = settings.approval_threshold
    if needs_approval(asked, recent=recent, threshold=threshold):
        raise LimitReached(
            f"The survey {found.slug} needs an approved plan: {found.department} would have sent "
            f"{recent + asked} invitations in 30 days.",
            expected=f"{threshold} at most without an approval",
            got=str(recent + asked),
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


def _explain(one: Unreachable, plan: Plan) -> str:
    names = ", ".join(one.strata)
    got = f"{int(one.reachable)} of {one.needed} answers"
    best = f"±{one.margin * 100:.1f} points" if one.margin else "no margin at all"
    if len(one.strata) == len(plan.by_stratum):
        return f"Asking everybody brings {got}: {best} at most (--margin)."
    merged = "+".join(sorted((*one.strata, *one.merge_with)))
    ways = [f"merge it (--report {merged})"] if one.merge_with else []
    ways.append("name it as not reportable (" + " ".join(f"--exempt {name}" for name in one.strata) + ")")
    return f"{names}: asking everybody brings {got}, {best}; " + ", or ".join(ways) + "."


async def _note(
    member: StaffMember | None, action: str, number: int, detail: dict[str, str | int | None]
) -> None:
    await audit_event.add_audit_event(
        staff=member.id if member else None,
        action=action,
        object_kind="approval",
        object_id=str(number),
        detail=detail,
    )
