"""How long forms take those who answer them, by what their pages measured."""

from survey_service.db.engine import connection


async def update_measured(*, fewest: int, share: float) -> int:
    """Write the measured length of each form of an open survey; return how many tell another minute now.

    Of the sample and the open link together, complete forms timed by the page's script alone. Answers in
    doubt are left out. A few seconds that change no minute are not written: every change is told to all web
    processes.
    """
    async with connection() as lent:
        rows = await lent.fetch(
            """UPDATE form SET measured_seconds = m.seconds FROM (
                   SELECT r.form, ceil(percentile_cont($2::float8)
                       WITHIN GROUP (ORDER BY r.active_seconds))::int AS seconds
                   FROM response r JOIN survey s ON s.id = r.survey
                   WHERE s.state = 'open' AND r.disposition = 'complete' AND r.active_seconds IS NOT NULL
                       AND r.flags = ''
                   GROUP BY r.form HAVING count(*) >= $1) m
               WHERE form.id = m.form
                   AND ceil(form.measured_seconds / 60.0) IS DISTINCT FROM ceil(m.seconds / 60.0)
               RETURNING form.id""",
            fewest,
            share,
        )
    return len(rows)
