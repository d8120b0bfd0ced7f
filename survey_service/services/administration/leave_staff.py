"""Members of staff leave, come back, or need another password."""

from survey_service.db import engine, safeguarding_officer, staff_session
from survey_service.db import staff as staff_table
from survey_service.db.audit_event import add_audit_event
from survey_service.db.staff import StaffLine
from survey_service.domain.errors import NotFound
from survey_service.domain.passwords import check_password
from survey_service.integrations.passwords import hash_password


async def leave_staff(*, email: str) -> list[str]:
    """Let somebody in no more; return the departments whose answers in doubt they were named to read."""
    address = email.strip().lower()
    async with engine.transaction():
        staff = await staff_table.deactivate(address)
        if staff is None:
            raise _nobody(email)
        await staff_session.delete_sessions_of(staff)
        posts = await safeguarding_officer.withdraw_everywhere(staff)
        await add_audit_event(
            staff=None, action="staff_left", object_kind="staff", object_id=str(staff),
            detail={"officer_of": ", ".join(posts)},
        )  # fmt: skip
    return posts


async def give_password(*, email: str, password: str) -> None:
    """Let somebody in with another password. Every session of theirs ends: whoever had the old one is out."""
    address = email.strip().lower()
    check_password(password, address)
    password_hash = await hash_password(password)
    async with engine.transaction():
        staff = await staff_table.reactivate(address, password_hash)
        if staff is None:
            raise _nobody(email)
        await staff_session.delete_sessions_of(staff)
        await add_audit_event(staff=None, action="password_given", object_kind="staff", object_id=str(staff))


async def list_staff() -> list[StaffLine]:
    """Return everybody who may sign in, or could."""
    return await staff_table.list_staff()


def _nobody(email: str) -> NotFound:
    return NotFound(
        "There is no such member of staff.", got=repr(email), hint="See `survey-service staff list`."
    )
