"""Who was asked in each wave of a survey and who answered, counted by what is known of everybody asked."""

from datetime import datetime

import msgspec

from survey_service.db.engine import connection


class ParticipationRow(msgspec.Struct, frozen=True, kw_only=True):
    """People asked in a wave who are alike in all of this."""

    wave: int
    cell: str
    """Key of the cell they were drawn from."""
    channel: str
    language: str
    is_reminded: bool
    answered_before: bool
    """Before a reminder, if there was one."""
    answered: bool
    people: int


class WaveFacts(msgspec.Struct, frozen=True, kw_only=True):
    """A wave that was sent."""

    number: int
    first_sent: datetime
    population: int
    """N of the frame it was drawn from."""
    is_modelled: bool
    """Whether the numbers of its plan came from response likelihood."""


async def count_participation(survey: int) -> list[ParticipationRow]:
    """Count everybody who was sent an invitation of a survey."""
    async with connection() as lent:
        rows = await lent.fetch(
            """SELECT w.number AS wave, k.key AS cell, coalesce(g.channel, '') AS channel, i.language,
                   r.at IS NOT NULL AS is_reminded,
                   coalesce(i.answered_at < coalesce(r.at, 'infinity'), false) AS answered_before,
                   i.answered_at IS NOT NULL AS answered, count(*) AS people
               FROM wave w JOIN invitation i ON i.wave = w.id JOIN draw_member m ON m.id = i.draw_member
               JOIN cell k ON k.id = m.cell LEFT JOIN message g ON g.receipt = i.receipt
               LEFT JOIN LATERAL (SELECT min(queued_at) AS at FROM message
                   WHERE invitation = i.id AND kind = 'reminder' AND state <> 'cancelled') r ON true
               WHERE w.survey = $1 AND i.sent_at IS NOT NULL GROUP BY 1, 2, 3, 4, 5, 6, 7""",
            survey,
        )
    return [ParticipationRow(**row) for row in rows]


async def list_sent_waves(survey: int) -> list[WaveFacts]:
    """Return the waves of a survey that were sent, the first one first."""
    async with connection() as lent:
        rows = await lent.fetch(
            """SELECT w.number, min(i.sent_at) AS first_sent,
                   coalesce((SELECT sum(population) FROM draw_stratum s WHERE s.draw = d.id), 0)::bigint
                       AS population,
                   coalesce((SELECT a.plan ->> 'model' IS NOT NULL FROM approval a
                       WHERE a.draw = d.id), false) AS is_modelled
               FROM wave w JOIN draw d ON d.wave = w.id JOIN invitation i ON i.wave = w.id
               WHERE w.survey = $1 AND i.sent_at IS NOT NULL
               GROUP BY w.id, w.number, d.id ORDER BY w.number""",
            survey,
        )
    return [WaveFacts(**row) for row in rows]
