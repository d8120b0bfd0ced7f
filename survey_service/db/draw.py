"""Waves and draws: written once, read to be replayed."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import msgspec

from survey_service.db.engine import connection


class DrawFacts(msgspec.Struct, frozen=True, kw_only=True):
    """A draw as it was recorded."""

    id: int
    survey: str
    wave: int
    on_day: date
    seed: str
    algorithm: str
    frame_hash: bytes
    frame: bytes
    rules: msgspec.Raw


class DrawnMember(msgspec.Struct, frozen=True, kw_only=True):
    """A drawn unit and the person asked, all by id but the replicate (number) and the form (key)."""

    unit: int
    contact: int
    cell: int
    stratum: int
    position: int
    replicate: int
    form: str
    ticket_before: float
    inclusion_probability: float
    weight: float


async def find_last_day() -> date | None:
    """Return the latest day any draw counts for."""
    async with connection() as lent:
        found: date | None = await lent.fetchval("SELECT max(on_day) FROM draw")
        return found


async def count_waves(survey: int) -> int:
    """Return how many waves a survey has had."""
    async with connection() as lent:
        return int(await lent.fetchval("SELECT count(*) FROM wave WHERE survey = $1", survey))


async def add_wave(survey: int, number: int) -> int:
    """Make a wave; return its id."""
    async with connection() as lent:
        return int(
            await lent.fetchval(
                "INSERT INTO wave (survey, number) VALUES ($1, $2) RETURNING id", survey, number
            )
        )


async def add_draw(
    *, wave: int, on_day: date, seed: str, algorithm: str, frame_hash: bytes, frame: bytes, rules: bytes
) -> int:
    """Record a draw; return its id."""
    async with connection() as lent:
        return int(
            await lent.fetchval(
                """INSERT INTO draw (wave, on_day, seed, algorithm, frame_hash, frame, rules)
                   VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id""",
                wave, on_day, seed, algorithm, frame_hash, frame, rules.decode(),
            )
        )  # fmt: skip


async def add_draw_strata(draw: int, rows: Sequence[tuple[int, int, int, int, int]]) -> None:
    """Record stratum, population, asked, drawn and shortfall of each."""
    async with connection() as lent:
        await lent.copy_records_to_table(
            "draw_stratum",
            records=[(draw, *row) for row in rows],
            columns=("draw", "stratum", "population", "asked", "drawn", "shortfall"),
        )


async def add_replicates(draw: int, count: int) -> list[int]:
    """Make replicates numbered from 1, none released; return their ids in order."""
    async with connection() as lent:
        rows = await lent.fetch(
            """INSERT INTO replicate (draw, number)
               SELECT $1, number FROM generate_series(1, $2) AS number RETURNING id, number""",
            draw,
            count,
        )
    return [row["id"] for row in sorted(rows, key=lambda row: row["number"])]


async def release_replicates(wave: int, numbers: Sequence[int] | None, at: datetime) -> None:
    """Note when the replicates (by number; all: None) of a wave were released first."""
    async with connection() as lent:
        await lent.execute(
            """UPDATE replicate SET released_at = $3 FROM draw d
               WHERE d.id = replicate.draw AND d.wave = $1 AND released_at IS NULL
                   AND ($2::int[] IS NULL OR number = ANY ($2))""",
            wave,
            numbers,
            at,
        )


async def list_replicates(wave: int) -> list[int]:
    """Return the numbers of a wave's replicates, in order."""
    async with connection() as lent:
        rows = await lent.fetch(
            """SELECT r.number FROM replicate r JOIN draw d ON d.id = r.draw
               WHERE d.wave = $1 ORDER BY r.number""",
            wave,
        )
    return [row["number"] for row in rows]


async def release_sent_replicates(wave: int, at: datetime) -> None:
    """Note the release of replicates of which something was sent."""
    async with connection() as lent:
        await lent.execute(
            """UPDATE replicate SET released_at = $2 FROM draw d
               WHERE d.id = replicate.draw AND d.wave = $1 AND released_at IS NULL AND EXISTS (
                   SELECT FROM draw_member m JOIN invitation i ON i.draw_member = m.id
                   WHERE m.replicate = replicate.id AND i.state IN ('sent', 'answered'))""",
            wave,
            at,
        )


class WaveFacts(msgspec.Struct, frozen=True, kw_only=True):
    """A wave with the day its draw counts for and how many of its invitations wait."""

    id: int
    number: int
    on_day: date
    reserved: int


async def list_waves(survey: int) -> list[WaveFacts]:
    """Return the waves of a survey, the first one first."""
    async with connection() as lent:
        rows = await lent.fetch(
            """SELECT w.id, w.number, d.on_day,
                   (SELECT count(*) FROM invitation i
                    WHERE i.wave = w.id AND i.state = 'reserved' AND i.sent_at IS NULL) AS reserved
               FROM wave w JOIN draw d ON d.wave = w.id WHERE w.survey = $1 ORDER BY w.number""",
            survey,
        )
    return [WaveFacts(**row) for row in rows]


MEMBER_COLUMNS = (
    "id", "draw", "position", "unit", "contact", "cell", "stratum", "replicate", "form", "ticket_before",
    "inclusion_probability", "weight",
)  # fmt: skip


async def copy_members(records: Sequence[tuple[Any, ...]]) -> None:
    """Write drawn members, in the order of MEMBER_COLUMNS."""
    async with connection() as lent:
        await lent.copy_records_to_table("draw_member", records=records, columns=MEMBER_COLUMNS)


async def mark_invited(
    *,
    units: Sequence[int],
    tickets: Sequence[float],
    contacts: Sequence[int],
    inner_tickets_before: Sequence[float],
    inner_tickets: Sequence[float],
    on_day: date,
    promised_from: date,
) -> None:
    """Move units and people on in their queues; their rest begins, and a promise is never shortened."""
    async with connection() as lent:
        await lent.execute(
            """UPDATE unit SET ticket = new.ticket, last_invited_on = $4,
                   promised_from = greatest(unit.promised_from, $5),
                   inner_clock = greatest(unit.inner_clock, new.taken)
               FROM unnest($1::bigint[], $2::float8[], $3::float8[]) AS new (id, ticket, taken)
               WHERE unit.id = new.id""",
            units, tickets, inner_tickets_before, on_day, promised_from,
        )  # fmt: skip
        await lent.execute(
            """UPDATE contact SET inner_ticket = new.ticket, last_invited_on = $3
               FROM unnest($1::bigint[], $2::float8[]) AS new (id, ticket) WHERE contact.id = new.id""",
            contacts, inner_tickets, on_day,
        )  # fmt: skip


async def find_draw(draw: int) -> DrawFacts | None:
    """Return a draw with its frozen frame."""
    async with connection() as lent:
        row = await lent.fetchrow(
            """SELECT d.id, s.slug AS survey, w.number AS wave, d.on_day, d.seed, d.algorithm, d.frame_hash,
                   d.frame, d.rules
               FROM draw d JOIN wave w ON w.id = d.wave JOIN survey s ON s.id = w.survey WHERE d.id = $1""",
            draw,
        )
    return None if row is None else DrawFacts(**(dict(row) | {"rules": msgspec.Raw(row["rules"].encode())}))


async def list_drawn(draw: int) -> list[DrawnMember]:
    """Return who was drawn."""
    async with connection() as lent:
        rows = await lent.fetch(
            """SELECT m.unit, m.contact, m.cell, m.stratum, m.position, r.number AS replicate, f.key AS form,
                   m.ticket_before, m.inclusion_probability, m.weight
               FROM draw_member m JOIN replicate r ON r.id = m.replicate JOIN form f ON f.id = m.form
               WHERE m.draw = $1 ORDER BY m.id""",
            draw,
        )
    return [DrawnMember(**row) for row in rows]
