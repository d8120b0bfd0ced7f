"""Members of staff."""

import msgspec

from survey_service.db import engine


class StaffMember(msgspec.Struct, frozen=True, kw_only=True):
    """Who acts; the role and the department decide what they get to see."""

    id: int
    email: str
    name: str
    role: str
    department: int
    department_name: str
    is_officer: bool = False
    """Named to read answers that may tell of danger, of some department."""


class Credentials(msgspec.Struct, frozen=True, kw_only=True):
    """What a sign-in is checked against."""

    staff: StaffMember
    password_hash: str


STAFF_COLUMNS = """staff.id, staff.email, staff.name, staff.role, staff.department,
    department.name AS department_name,
    EXISTS (SELECT FROM safeguarding_officer WHERE safeguarding_officer.staff = staff.id) AS is_officer"""


async def find_credentials(email: str) -> Credentials | None:
    """Of the active member of staff with this address (lower case)."""
    async with engine.connection() as connection:
        row = await connection.fetchrow(
            f"""SELECT {STAFF_COLUMNS}, staff.password_hash
                FROM staff JOIN department ON department.id = staff.department
                WHERE staff.email = $1 AND staff.is_active""",  # noqa: S608
            email,
        )
    if row is None:
        return None
    values = dict(row)
    return Credentials(password_hash=values.pop("password_hash"), staff=StaffMember(**values))


async def find_staff(person: str) -> StaffMember | None:
    """Return the active member of staff with this address, or the only one with this name."""
    async with engine.connection() as connection:
        rows = await connection.fetch(
            f"""SELECT {STAFF_COLUMNS} FROM staff JOIN department ON department.id = staff.department
                WHERE staff.is_active AND lower($1) IN (staff.email, lower(staff.name))""",  # noqa: S608
            " ".join(person.split()),
        )
    return StaffMember(**rows[0]) if len(rows) == 1 else None


async def add_staff(*, email: str, name: str, password_hash: str, role: str, department: int) -> int | None:
    """The new id, or None when the address is taken."""
    async with engine.connection() as connection:
        staff: int | None = await connection.fetchval(
            """INSERT INTO staff (email, name, password_hash, role, department)
               VALUES ($1, $2, $3, $4, $5) ON CONFLICT (email) DO NOTHING RETURNING id""",
            email,
            name,
            password_hash,
            role,
            department,
        )
    return staff


async def change_password_hash(staff: int, password_hash: str) -> None:
    """Store a new hash."""
    async with engine.connection() as connection:
        await connection.execute("UPDATE staff SET password_hash = $2 WHERE id = $1", staff, password_hash)


async def change_role(email: str, role: str) -> int | None:
    """Give an active member of staff another role; None when there is nobody with this address."""
    async with engine.connection() as connection:
        staff: int | None = await connection.fetchval(
            "UPDATE staff SET role = $2 WHERE email = $1 AND is_active RETURNING id", email, role
        )
    return staff


class StaffLine(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody in the list of those who may sign in, or could."""

    email: str
    role: str
    department: str
    is_active: bool


async def list_staff() -> list[StaffLine]:
    """Return everybody, by address."""
    async with engine.connection() as connection:
        rows = await connection.fetch(
            """SELECT staff.email, staff.role, department.name AS department, staff.is_active
               FROM staff JOIN department ON department.id = staff.department ORDER BY staff.email"""
        )
    return [StaffLine(**row) for row in rows]


async def deactivate(email: str) -> int | None:
    """Let an active member of staff in no more; None when there is nobody with this address."""
    async with engine.connection() as connection:
        staff: int | None = await connection.fetchval(
            "UPDATE staff SET is_active = false WHERE email = $1 AND is_active RETURNING id", email
        )
    return staff


async def reactivate(email: str, password_hash: str) -> int | None:
    """Let somebody in with another password; None when there is nobody with this address."""
    async with engine.connection() as connection:
        staff: int | None = await connection.fetchval(
            "UPDATE staff SET is_active = true, password_hash = $2 WHERE email = $1 RETURNING id",
            email,
            password_hash,
        )
    return staff
