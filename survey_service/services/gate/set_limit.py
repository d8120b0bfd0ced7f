"""Named limits: set and ended by an administrator, recorded, and enforced by `unit_standing`."""

from datetime import UTC, datetime

import msgspec

from survey_service.db import audit_event, contact_limit, register, survey
from survey_service.db.contact_limit import LimitFacts
from survey_service.db.engine import transaction
from survey_service.db.frame_partition import list_attributes
from survey_service.db.staff import StaffMember
from survey_service.domain.contact_limit import LONGEST_REASON, ContactLimit, check_limit, check_purpose
from survey_service.domain.errors import Conflict, NotFound, SurveyServiceError
from survey_service.domain.roles import check_may
from survey_service.services.questionnaires.manage_survey import get_survey


async def set_limit(limit: ContactLimit, *, reason: str, member: StaffMember | None = None) -> int:
    """Set a limit from now on; return its number. The next draw and sending keep it."""
    if member is not None:
        check_may(member.role, "govern")
    reason = " ".join(reason.split())
    check_limit(limit)
    if not 0 < len(reason) <= LONGEST_REASON:
        raise SurveyServiceError("A limit needs a reason.", expected=f"1 to {LONGEST_REASON} characters")
    async with transaction():
        # Whoever draws or sends holds the lock until the commit; the next one judges by the new limit.
        await register.lock_register()
        await _check_new(limit)
        number = await contact_limit.add_limit(
            limit, reason=reason, staff=member.id if member else None, at=datetime.now(UTC)
        )
        await audit_event.add_audit_event(
            staff=member.id if member else None,
            action="limit.set",
            object_kind="contact_limit",
            object_id=str(number),
            detail=msgspec.structs.asdict(limit) | {"reason": reason},
        )
    return number


async def end_limit(name: str, *, member: StaffMember | None = None) -> None:
    """End a limit. Promises that were made while it held stay as they are."""
    if member is not None:
        check_may(member.role, "govern")
    async with transaction():
        await register.lock_register()
        staff = member.id if member else None
        number = await contact_limit.end_limit(name, staff=staff, at=datetime.now(UTC))
        if number is None:
            known = ", ".join(one.limit.name for one in await contact_limit.list_limits())
            raise NotFound(f"There is no limit {name!r}.", expected=f"one of: {known}" if known else None)
        await audit_event.add_audit_event(
            staff=staff, action="limit.end", object_kind="contact_limit", object_id=str(number),
            detail={"name": name},
        )  # fmt: skip


async def list_limits() -> list[LimitFacts]:
    """Return the limits that hold."""
    return await contact_limit.list_limits()


async def list_purposes() -> list[str]:
    """Return the purposes that surveys have."""
    return await survey.list_purposes()


async def set_purpose(slug: str, purpose: str, *, member: StaffMember | None = None) -> None:
    """Say what a survey is for. Once people were asked under a purpose, it stays: limits have counted it."""
    if member is not None:
        check_may(member.role, "govern")
    if purpose:
        check_purpose(purpose)
    async with transaction():
        await register.lock_register()
        found = await get_survey(slug)
        if found.purpose == purpose:
            return
        if found.purpose and await survey.has_waves(found.id):
            raise Conflict(
                f"The survey {slug} was drawn for its purpose already.",
                expected=found.purpose,
                got=purpose or "none",
                hint="Import the workbook as a survey of its own for another purpose.",
            )
        await survey.set_purpose(found.id, purpose)
        await audit_event.add_audit_event(
            staff=member.id if member else None, action="survey.purpose", object_kind="survey",
            object_id=slug, detail={"purpose": purpose, "before": found.purpose},
        )  # fmt: skip


async def _check_new(limit: ContactLimit) -> None:
    names = {one.limit.name.casefold() for one in await contact_limit.list_limits()}
    if limit.name.casefold() in names:
        raise Conflict(
            f"There is a limit {limit.name!r} already.", hint="End it first, or choose another name."
        )
    known = await list_attributes() if limit.attribute else []
    if limit.attribute and limit.attribute not in known:
        raise NotFound(
            f"No contact has the attribute {limit.attribute!r}.",
            expected=f"one of {', '.join(known)}"
            if known
            else "an attribute that contacts were imported with",
        )
