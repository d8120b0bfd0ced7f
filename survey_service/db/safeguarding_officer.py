"""Who reads the notices of which department."""

import msgspec

from survey_service.db.engine import connection


class Officer(msgspec.Struct, frozen=True, kw_only=True):
    """A named officer of a department."""

    staff: int
    name: str
    email: str
    department: int


async def list_officers(department: int | None = None) -> list[Officer]:
    """Return the active officers of a department, or of all."""
    async with connection() as lent:
        rows = await lent.fetch(
            """SELECT o.staff, s.name, s.email, o.department
               FROM safeguarding_officer o JOIN staff s ON s.id = o.staff AND s.is_active
               WHERE $1::bigint IS NULL OR o.department = $1 ORDER BY o.department, s.email""",
            department,
        )
    return [Officer(**row) for row in rows]


async def is_officer(staff: int) -> bool:
    """Tell whether somebody is an officer of any department."""
    async with connection() as lent:
        return bool(
            await lent.fetchval("SELECT EXISTS (SELECT FROM safeguarding_officer WHERE staff = $1)", staff)
        )


async def name_officer(department: int, staff: int, named_by: int) -> bool:
    """Name somebody; False when they were named already."""
    async with connection() as lent:
        done = await lent.fetchval(
            """INSERT INTO safeguarding_officer (department, staff, named_by) VALUES ($1, $2, $3)
               ON CONFLICT DO NOTHING RETURNING id""",
            department,
            staff,
            named_by,
        )
    return done is not None


async def withdraw_officer(department: int, staff: int) -> bool:
    """Take it back; False when they were not named."""
    async with connection() as lent:
        done = await lent.fetchval(
            "DELETE FROM safeguarding_officer WHERE department = $1 AND staff = $2 RETURNING id",
            department,
            staff,
        )
    return done is not None


async def withdraw_everywhere(staff: int) -> list[str]:
    """Take it back in every department; return their names."""
    async with connection() as lent:
        rows = await lent.fetch(
            """WITH gone AS (DELETE FROM safeguarding_officer WHERE staff = $1 RETURNING department)
               SELECT d.name FROM gone JOIN department d ON d.id = gone.department ORDER BY d.name""",
            staff,
        )
    return [row["name"] for row in rows]
