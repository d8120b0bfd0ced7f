"""Members of staff come, and change their role."""

import re

from survey_service.db import engine, staff_session
from survey_service.db import staff as staff_table
from survey_service.db.audit_event import add_audit_event
from survey_service.db.department import ensure_department
from survey_service.domain.errors import Conflict, NotAllowed, NotFound
from survey_service.domain.passwords import check_password
from survey_service.domain.roles import check_role
from survey_service.integrations.passwords import hash_password

_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_LONGEST_ADDRESS = 254


async def add_staff(*, email: str, password: str, role: str, department: str, name: str = "") -> int:
    """Add a member of staff; the department is made when it is new. Returns the id."""
    address = email.strip().lower()
    if not _ADDRESS.fullmatch(address) or len(address) > _LONGEST_ADDRESS:
        raise NotAllowed(
            "That is no email address.", expected="an address such as name@example.org", got=repr(email)
        )
    if not department.strip():
        raise NotAllowed("The department has no name.")
    check_role(role)
    check_password(password, address)
    password_hash = await hash_password(password)
    async with engine.transaction():
        staff = await staff_table.add_staff(
            email=address,
            name=name.strip(),
            password_hash=password_hash,
            role=role,
            department=await ensure_department(department.strip()),
        )
        if staff is None:
            raise Conflict(
                "This member of staff is there already.",
                hint="Use `survey-service staff role` to change a role.",
            )
        await add_audit_event(
            staff=None,
            action="staff_added",
            object_kind="staff",
            object_id=str(staff),
            detail={"role": role, "department": department.strip()},
        )
    return staff


async def change_role(*, email: str, role: str) -> None:
    """Give somebody another role. Every session of theirs ends: the next one begins under a new key."""
    check_role(role)
    async with engine.transaction():
        staff = await staff_table.change_role(email.strip().lower(), role)
        if staff is None:
            raise NotFound("There is no such member of staff.", got=repr(email))
        await staff_session.delete_sessions_of(staff)
        await add_audit_event(
            staff=None,
            action="role_changed",
            object_kind="staff",
            object_id=str(staff),
            detail={"role": role},
        )
