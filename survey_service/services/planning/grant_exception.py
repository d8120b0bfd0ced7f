"""Shares of departments, and named exceptions to them.

An exception moves part of the year's capacity to a department. It never adds to the capacity, and never
touches a person's rest, cap or promised date.
"""

from collections.abc import Mapping
from datetime import date

from survey_service.db import audit_event, budget, register
from survey_service.db.department import find_department, list_departments
from survey_service.db.engine import transaction
from survey_service.db.staff import StaffMember
from survey_service.domain.budget import check_share, is_same_person
from survey_service.domain.errors import NotAllowed, NotFound, SurveyServiceError
from survey_service.domain.roles import check_may
from survey_service.services.planning.approve_survey import name_person
from survey_service.services.rotation.survey_frame import today
from survey_service.settings import Settings

LONGEST_REASON = 400


async def set_share(
    department: str, share: float, settings: Settings, *, member: StaffMember | None = None
) -> None:
    """Choose a department's share of the capacity, from this year on. The others share the rest equally."""
    if member is not None:
        check_may(member.role, "govern")
    year = today(settings).year
    async with transaction():
        await register.lock_register()
        number = await get_department(department)
        others = {name: one for name, one in (await budget.list_shares(year)).items() if name != department}
        check_share(department, share, others)
        await budget.set_share(number, year, share)
        await audit_event.add_audit_event(
            staff=member.id if member else None,
            action="budget.share",
            object_kind="department",
            object_id=str(number),
            detail={"department": department, "year": year, "share": f"{share:g}"},
        )


async def set_shares(shares: Mapping[str, float], settings: Settings, *, member: StaffMember) -> None:
    """Choose the shares of several departments at once, all or none."""
    check_may(member.role, "govern")
    async with transaction():
        await register.lock_register()
        chosen = await budget.list_shares(today(settings).year)
        changed = {name: share for name, share in shares.items() if chosen.get(name) != share}
        # Who gets less goes first, so that there is room for who gets more.
        for name in sorted(changed, key=lambda one: changed[one] - chosen.get(one, 0.0)):
            await set_share(name, changed[name], settings, member=member)


async def list_chosen_shares(settings: Settings) -> dict[str, float | None]:
    """Return every department's chosen share, None where it has an equal part of the rest."""
    chosen = await budget.list_shares(today(settings).year)
    return {name: chosen.get(name) for name in await list_departments()}


async def grant_exception(
    department: str,
    settings: Settings,
    *,
    invitations: int,
    reason: str,
    requested_by: str,
    approved_by: str,
    until: date,
    member: StaffMember | None = None,
) -> int:
    """Raise a department's part of the budget until a day; return the exception's number."""
    if member is not None:
        check_may(member.role, "govern")
    reason = " ".join(reason.split())
    check_exception(invitations, reason, until, today(settings))
    async with transaction():
        number = await get_department(department)
        requester, requesting = await name_person(requested_by)
        approver, approving = await name_person(approved_by)
        if is_same_person(requester, approver) or (requesting and requesting == approving):
            raise NotAllowed(
                "Nobody approves an exception of their own.",
                expected="somebody else than who requested it",
                got=approved_by,
            )
        exception = await budget.add_exception(
            department=number, invitations=invitations, reason=reason, requested_by=requester,
            approver=approver, approved_by=approving, ends_on=until,
        )  # fmt: skip
        await audit_event.add_audit_event(
            staff=member.id if member else None,
            action="budget.exception",
            object_kind="budget_exception",
            object_id=str(exception),
            detail={
                "department": department, "invitations": invitations, "reason": reason,
                "requested_by": requester, "approver": approver, "until": until.isoformat(),
            },
        )  # fmt: skip
    return exception


def check_exception(invitations: int, reason: str, until: date, now: date) -> None:
    """Refuse what is no exception."""
    if invitations < 1:
        raise SurveyServiceError(
            "An exception is for more invitations.", expected="1 or more", got=str(invitations)
        )
    if not 0 < len(reason) <= LONGEST_REASON:
        raise SurveyServiceError(
            "An exception needs a reason.", expected=f"1 to {LONGEST_REASON} characters", got=f"{len(reason)}"
        )
    if until < now:
        raise SurveyServiceError(
            "An exception cannot have ended already.", expected=f"{now} or later", got=str(until)
        )


async def get_department(name: str) -> int:
    """Return the id of a department, or say which there are."""
    found = await find_department(name)
    if found is None:
        known = ", ".join(await list_departments())
        raise NotFound(f"There is no department {name!r}.", expected=f"one of {known}" if known else None)
    return found
