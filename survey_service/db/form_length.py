"""How long forms take those who answer them, by what their pages measured."""

import msgspec

from survey_service.db.engine import connection

LONGEST_BELIEVED = 1_200
"""Seconds with one question: what a page says is what its sender wants it to say."""


class QuestionSeconds(msgspec.Struct, frozen=True, kw_only=True):
    """How long people were busy with a question: the median of so many."""

    question: str
    n: int
    median: float


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


async def list_question_seconds(survey: int, *, fewest: int) -> list[QuestionSeconds]:
    """Return the median time of each question that at least so many answered with the page's script."""
    async with connection() as lent:
        rows = await lent.fetch(
            """WITH spent AS (
                   SELECT split_part(part, ':', 1) AS question,
                       least(split_part(part, ':', 2)::float8, $3) AS seconds
                   FROM response r,
                       regexp_split_to_table(coalesce(r.submission -> 'question-seconds' ->> 0, ''), ' ') part
                   WHERE r.survey = $1 AND r.disposition IN ('complete', 'partial')
                       AND part ~ '^[A-Za-z][A-Za-z0-9_]*:[0-9]{1,6}([.][0-9])?$')
               SELECT question, count(*)::int AS n,
                   percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds) AS median
               FROM spent GROUP BY question HAVING count(*) >= $2 ORDER BY question""",
            survey,
            fewest,
            LONGEST_BELIEVED,
        )
    return [QuestionSeconds(**row) for row in rows]
