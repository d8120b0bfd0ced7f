"""Draws as they are shown afterwards: what was asked for and what came of it, and nobody's name."""

from datetime import date, datetime
from typing import Any

import msgspec

from survey_service.db.engine import connection


class DrawLine(msgspec.Struct, frozen=True, kw_only=True):
    """One draw in the list of a survey's draws."""

    wave: int
    on_day: date
    created_at: datetime
    staff_name: str
    """Empty where the command line drew."""
    asked: int
    drawn: int
    shortfall: int


class StratumRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One stratum of a draw; probabilities and weights are those of its members, None without any."""

    name: str
    population: int
    asked: int
    drawn: int
    shortfall: int
    least_probability: float | None
    greatest_probability: float | None
    least_weight: float | None
    greatest_weight: float | None


class ReplicateRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One random part of a draw. Who answered is no part of it: `sent` counts them, too."""

    number: int
    released_at: datetime | None
    members: int
    reserved: int
    sent: int
    cancelled: int


class DrawRecord(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that says how a draw was made."""

    id: int
    wave: int
    on_day: date
    created_at: datetime
    staff_name: str
    seed: str
    algorithm: str
    frame_hash: str
    rules: dict[str, Any]
    strata: list[StratumRecord]
    replicates: list[ReplicateRecord]


_DRAW = """
    SELECT d.id, w.number AS wave, d.on_day, d.created_at, d.seed, d.algorithm,
        encode(d.frame_hash, 'hex') AS frame_hash, d.rules, coalesce((
            SELECT coalesce(nullif(p.name, ''), p.email) FROM audit_event a JOIN staff p ON p.id = a.staff
            WHERE a.action = 'survey.draw' AND a.object_kind = 'draw' AND a.object_id = d.id::text LIMIT 1
        ), '') AS staff_name
    FROM draw d JOIN wave w ON w.id = d.wave WHERE w.survey = $1
"""


async def list_draws(survey: int) -> list[DrawLine]:
    """Return a survey's draws, the newest first."""
    async with connection() as lent:
        rows = await lent.fetch(
            f"""SELECT x.wave, x.on_day, x.created_at, x.staff_name, coalesce(sum(s.asked), 0)::int AS asked,
                    coalesce(sum(s.drawn), 0)::int AS drawn, coalesce(sum(s.shortfall), 0)::int AS shortfall
                FROM ({_DRAW}) x LEFT JOIN draw_stratum s ON s.draw = x.id
                GROUP BY x.wave, x.on_day, x.created_at, x.staff_name ORDER BY x.wave DESC""",  # noqa: S608
            survey,
        )
    return [DrawLine(**row) for row in rows]


async def find_draw_record(survey: int, wave: int) -> DrawRecord | None:
    """Return the draw of a survey's wave."""
    async with connection() as lent:
        row = await lent.fetchrow(f"{_DRAW} AND w.number = $2", survey, wave)
        if row is None:
            return None
        strata = await lent.fetch(
            """SELECT t.name, s.population, s.asked, s.drawn, s.shortfall,
                   min(m.inclusion_probability) AS least_probability,
                   max(m.inclusion_probability) AS greatest_probability,
                   min(m.weight) AS least_weight, max(m.weight) AS greatest_weight
               FROM draw_stratum s JOIN stratum t ON t.id = s.stratum
               LEFT JOIN draw_member m ON m.draw = s.draw AND m.stratum = s.stratum
               WHERE s.draw = $1 GROUP BY t.name, s.id ORDER BY t.name COLLATE "C\"""",
            row["id"],
        )
        replicates = await lent.fetch(
            """SELECT r.number, r.released_at, count(m.id)::int AS members,
                   (count(*) FILTER (WHERE i.state = 'reserved'))::int AS reserved,
                   (count(*) FILTER (WHERE i.sent_at IS NOT NULL))::int AS sent,
                   (count(*) FILTER (WHERE i.state = 'cancelled' AND i.sent_at IS NULL))::int AS cancelled
               FROM replicate r LEFT JOIN draw_member m ON m.replicate = r.id
               LEFT JOIN invitation i ON i.draw_member = m.id
               WHERE r.draw = $1 GROUP BY r.id ORDER BY r.number""",
            row["id"],
        )
    return DrawRecord(
        **(dict(row) | {"rules": msgspec.json.decode(row["rules"])}),
        strata=[StratumRecord(**one) for one in strata],
        replicates=[ReplicateRecord(**one) for one in replicates],
    )
