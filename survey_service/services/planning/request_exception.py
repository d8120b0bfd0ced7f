"""Ask for more invitations than a department's share; somebody else grants or refuses it."""

from datetime import UTC, date, datetime
from typing import Literal, get_args

from survey_service.db import audit_event, exception_request, register
from survey_service.db.engine import transaction
from survey_service.db.exception_request import RequestFacts
from survey_service.db.staff import StaffMember
from survey_service.domain.errors import Conflict, NotAllowed, NotFound
from survey_service.domain.roles import check_may, may, sees_every_department
from survey_service.services.planning.grant_exception import check_exception, get_department, grant_exception
from survey_service.services.rotation.survey_frame import today
from survey_service.settings import Settings

Decision = Literal["granted", "refused", "withdrawn"]
DECISIONS: tuple[str, ...] = get_args(Decision)


async def request_exception(
    member: StaffMember, settings: Settings, *, department: str, invitations: int, reason: str, until: date
) -> int:
    """Ask for it; return the request's number. It changes nothing before somebody else grants it."""
    check_may(member.role, "plan")
    if not sees_every_department(member.role) and department != member.department_name:
        raise NotAllowed(
            "You may ask for your own department.", expected=member.department_name, got=department
        )
    reason = " ".join(reason.split())
    check_exception(invitations, reason, until, today(settings))
    async with transaction():
        number = await exception_request.add_request(
            department=await get_department(department), invitations=invitations, reason=reason,
            ends_on=until, staff=member.id, at=datetime.now(UTC),
        )  # fmt: skip
        await _note(member, "requested", number, {"department": department, "invitations": invitations})
    return number


async def list_requests(member: StaffMember) -> list[RequestFacts]:
    """Return the requests that wait: an administrator sees all of them, the others their department's."""
    check_may(member.role, "plan")
    return [
        one
        for one in await exception_request.list_waiting()
        if sees_every_department(member.role) or one.department == member.department_name
    ]


def may_decide(member: StaffMember, one: RequestFacts, decision: Decision) -> bool:
    """Tell who may: an administrator who did not ask grants and refuses, who asked takes it back."""
    if decision == "withdrawn":
        return one.requested_by == member.id
    return may(member.role, "govern") and one.requested_by != member.id


async def decide_exception(member: StaffMember, settings: Settings, request: int, decision: Decision) -> None:
    """Grant, refuse or withdraw a request. Asked a second time for the same, do nothing."""
    check_may(member.role, "plan")
    async with transaction():
        await register.lock_register()
        one = await exception_request.find_request(request)
        if one is None or (not may_decide(member, one, decision) and one.requested_by != member.id):
            raise NotFound("There is no such request.", got=str(request))
        if not may_decide(member, one, decision):
            raise NotAllowed("Nobody approves an exception of their own.", expected="somebody else")
        if one.state == decision:
            return
        if one.state != "waiting":
            raise Conflict(
                "This request was decided already.", expected="a request that waits", got=one.state
            )
        exception = await _grant(one, member, settings) if decision == "granted" else None
        await exception_request.decide_request(
            one.id, state=decision, staff=member.id, at=datetime.now(UTC), exception=exception
        )
        await _note(member, decision, one.id, {"department": one.department})


async def _grant(one: RequestFacts, member: StaffMember, settings: Settings) -> int:
    return await grant_exception(
        one.department,
        settings,
        invitations=one.invitations,
        reason=one.reason,
        requested_by=one.requester,
        approved_by=member.email,
        until=one.ends_on,
        member=member,
    )


async def _note(member: StaffMember, step: str, number: int, detail: dict[str, str | int | None]) -> None:
    await audit_event.add_audit_event(
        staff=member.id, action=f"exception.{step}", object_kind="exception_request",
        object_id=str(number), detail=detail,
    )  # fmt: skip
