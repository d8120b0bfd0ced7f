"""Approve a survey's plan, or take the approval back.

Approving and drawing take the register's lock first and then read what everybody before them wrote: so two
at the same moment can never together exceed the capacity, nor a department's part of it.
"""

import msgspec

from sampling.precision import margin_of_error
from survey_service.db import approval, audit_event, register, staff
from survey_service.db.engine import transaction
from survey_service.db.staff import StaffMember
from survey_service.domain.budget import find_obstacle, largest_plan
from survey_service.domain.errors import Conflict, LimitReached, NotAllowed, NotFound
from survey_service.domain.roles import check_may
from survey_service.services.planning.contact_capacity import read_register
from survey_service.services.planning.plan_request import PlanRequest
from survey_service.services.planning.plan_strata import plan_survey
from survey_service.services.planning.review_budget import Budget, read_budget
from survey_service.services.planning.share_invitations import RESPONSE
from survey_service.services.planning.survey_plan import Plan, Unreachable
from survey_service.services.questionnaires.manage_survey import get_survey
from survey_service.services.rotation.survey_frame import today
from survey_service.settings import Settings

LONGEST_NAME = 254


class Approved(msgspec.Struct, frozen=True, kw_only=True):
    """An approval as it was given."""

    approval: int
    survey: str
    invitations: int
    approver: str
    plan: Plan


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
        units = await read_register(settings, day)
        plan = await plan_survey(slug, settings, request, day=day, units=units)
        check_reachable(plan)
        check_room(plan.invitations, await read_budget(settings, day, units=units), found.department)
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
