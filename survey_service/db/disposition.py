"""What became of the invitations of a survey that were sent, counted."""

from collections import Counter

from survey_service.db.engine import connection

_COUNT = """
    SELECT CASE
        WHEN r.disposition IN ('complete', 'partial') THEN r.disposition
        WHEN r.disposition = 'break_off' OR i.cancelled_for = 'person' THEN 'refusal'
        WHEN i.state = 'cancelled' THEN 'other'
        WHEN i.state = 'answered' THEN 'answered'
        WHEN i.undelivered_at IS NOT NULL THEN 'undelivered'
        ELSE 'silent' END AS fate, count(*)::int AS count
    FROM invitation i JOIN wave w ON w.id = i.wave LEFT JOIN response r ON r.invitation = i.id
    WHERE w.survey = $1 AND i.sent_at IS NOT NULL GROUP BY 1
    UNION ALL
    SELECT 'opened ' || CASE disposition WHEN 'break_off' THEN 'refusal' ELSE disposition END, count(*)::int
    FROM response WHERE survey = $1 AND weight IS NOT NULL GROUP BY 1
"""


async def count_dispositions(survey: int) -> dict[str, int]:
    """Count sent invitations: complete, partial, refusal, other, undelivered, silent; those there are.

    Who breaks off or declines has refused; who was erased or taken back after it was sent is `other`. So is
    whoever answered an anonymous survey while the answers are sealed: nothing else is known of them.
    """
    async with connection() as lent:
        rows = await lent.fetch(_COUNT, survey)
    counts: Counter[str] = Counter({row["fate"]: row["count"] for row in rows})
    answered = counts.pop("answered", 0)
    opened = {fate: counts.pop(f"opened {fate}", 0) for fate in ("complete", "partial", "refusal")}
    counts.update(opened | {"other": max(0, answered - sum(opened.values()))})
    return {fate: count for fate, count in counts.items() if count}
