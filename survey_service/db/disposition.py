"""What became of the invitations of a survey that were sent, counted."""

from survey_service.db.engine import connection


async def count_dispositions(survey: int) -> dict[str, int]:
    """Count sent invitations: complete, partial, refusal, other, undelivered, silent; those there are.

    Who breaks off or declines has refused; who was erased or taken back after it was sent is `other`.
    """
    async with connection() as lent:
        rows = await lent.fetch(
            """SELECT CASE
                   WHEN r.disposition IN ('complete', 'partial') THEN r.disposition
                   WHEN r.disposition = 'break_off' OR i.cancelled_for = 'person' THEN 'refusal'
                   WHEN i.state = 'cancelled' THEN 'other'
                   WHEN i.undelivered_at IS NOT NULL THEN 'undelivered'
                   ELSE 'silent' END AS fate, count(*)::int AS count
               FROM invitation i JOIN wave w ON w.id = i.wave LEFT JOIN response r ON r.invitation = i.id
               WHERE w.survey = $1 AND i.sent_at IS NOT NULL GROUP BY 1""",
            survey,
        )
    return {row["fate"]: row["count"] for row in rows}
