"""Issues of the newsletter, by their day."""

from datetime import date

from survey_service.db.engine import connection


async def add_issue(day: date) -> bool:
    """Note an issue; False when it was known."""
    async with connection() as lent:
        made = await lent.fetchval(
            "INSERT INTO newsletter_issue (sent_on) VALUES ($1) ON CONFLICT DO NOTHING RETURNING id", day
        )
    return made is not None


async def remove_issue(day: date) -> bool:
    """Forget an issue; False when there was none."""
    async with connection() as lent:
        gone = await lent.fetchval("DELETE FROM newsletter_issue WHERE sent_on = $1 RETURNING id", day)
    return gone is not None


async def list_issues() -> list[date]:
    """Return the days of all issues, in order."""
    async with connection() as lent:
        rows = await lent.fetch("SELECT sent_on FROM newsletter_issue ORDER BY sent_on")
    return [row["sent_on"] for row in rows]
