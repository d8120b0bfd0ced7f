"""Answers of the open link that are in doubt: how many, and what staff decided of them."""

from survey_service.db.engine import connection


async def count_flags(survey: int) -> dict[str, int]:
    """Answers of a survey by their flags as they are stored; those without are not here."""
    async with connection() as lent:
        rows = await lent.fetch(
            """SELECT flags, count(*)::int AS answers FROM response
               WHERE survey = $1 AND origin = 'open' AND flags <> '' GROUP BY flags ORDER BY flags""",
            survey,
        )
    return {row["flags"]: row["answers"] for row in rows}


async def list_counted_flags(survey: int) -> frozenset[str]:
    """The flags that staff decided to overlook in this survey."""
    async with connection() as lent:
        rows = await lent.fetch("SELECT reason FROM counted_flag WHERE survey = $1", survey)
    return frozenset(row["reason"] for row in rows)


async def count_flag_in(survey: int, reason: str, staff: int) -> bool:
    """Count answers with this flag from now on; False when they were counted already."""
    async with connection() as lent:
        done = await lent.fetchval(
            """INSERT INTO counted_flag (survey, reason, staff) VALUES ($1, $2, $3)
               ON CONFLICT DO NOTHING RETURNING id""",
            survey,
            reason,
            staff,
        )
    return done is not None


async def set_flag_aside(survey: int, reason: str) -> bool:
    """Count them no more; False when they were not counted."""
    async with connection() as lent:
        done = await lent.fetchval(
            "DELETE FROM counted_flag WHERE survey = $1 AND reason = $2 RETURNING id", survey, reason
        )
    return done is not None
