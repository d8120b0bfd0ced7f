"""Fieldwork of waves: what it is to reach, how far it is, and who was reminded or held out."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from survey_service.db.engine import connection


class FieldworkFacts(msgspec.Struct, frozen=True, kw_only=True):
    """The fieldwork of one wave."""

    wave: int
    survey: str
    number: int
    margin: float
    confidence: float
    groups: tuple[tuple[str, ...], ...]
    days_between: int
    state: str
    started_at: datetime
    ended_at: datetime | None


class StratumCount(msgspec.Struct, frozen=True, kw_only=True):
    """Invitations of one stratum of a wave."""

    name: str
    population: int
    released: int
    waiting: int
    reserved: int


class FormAnswers(msgspec.Struct, frozen=True, kw_only=True):
    """Answers to one form in one stratum."""

    name: str
    form: int
    answers: int


class Remindable(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who was asked and has not answered."""

    invitation: int
    contact: int
    channel: str
    stratum: str
    token_hash: bytes


_FACTS = """
    SELECT f.wave, s.slug AS survey, w.number, f.margin, f.confidence, f.groups, f.days_between, f.state,
        f.started_at, f.ended_at
    FROM fieldwork f JOIN wave w ON w.id = f.wave JOIN survey s ON s.id = w.survey
"""


async def find_fieldwork(wave: int) -> FieldworkFacts | None:
    """Return the fieldwork of a wave."""
    async with connection() as lent:
        row = await lent.fetchrow(f"{_FACTS} WHERE f.wave = $1", wave)
    return None if row is None else _to_facts(dict(row))


async def list_running() -> list[FieldworkFacts]:
    """Return what is carried on, the oldest first."""
    async with connection() as lent:
        rows = await lent.fetch(f"{_FACTS} WHERE f.state = 'running' AND s.state = 'open' ORDER BY f.id")
    return [_to_facts(dict(row)) for row in rows]


async def start_fieldwork(
    wave: int,
    *,
    margin: float,
    confidence: float,
    groups: Sequence[Sequence[str]],
    days_between: int,
    staff: int | None,
) -> None:
    """Begin the fieldwork of a wave, or begin it again with other aims."""
    async with connection() as lent:
        await lent.execute(
            """INSERT INTO fieldwork (wave, margin, confidence, groups, days_between, started_by)
               VALUES ($1, $2, $3, $4, $5, $6)
               ON CONFLICT (wave) DO UPDATE SET margin = $2, confidence = $3, groups = $4, days_between = $5,
                   started_by = $6, state = 'running', ended_at = NULL""",
            wave,
            margin,
            confidence,
            msgspec.json.encode(groups).decode(),
            days_between,
            staff,
        )


async def end_fieldwork(wave: int, state: str, at: datetime) -> None:
    """Say that nothing more is done, and why."""
    async with connection() as lent:
        await lent.execute(
            "UPDATE fieldwork SET state = $2, ended_at = $3 WHERE wave = $1 AND state = 'running'",
            wave,
            state,
            at,
        )


async def find_plan(wave: int) -> bytes | None:
    """Return the approved plan that the wave's draw was made under, as JSON."""
    async with connection() as lent:
        found = await lent.fetchval(
            "SELECT a.plan FROM approval a JOIN draw d ON d.id = a.draw WHERE d.wave = $1", wave
        )
    return None if found is None else str(found).encode()


async def count_strata(wave: int, at: datetime) -> list[StratumCount]:
    """Count the invitations of each stratum of a wave."""
    async with connection() as lent:
        rows = await lent.fetch(
            """SELECT s.name, ds.population,
                   count(*) FILTER (WHERE i.sent_at IS NOT NULL)::int AS released,
                   count(*) FILTER (WHERE i.state = 'sent' AND i.expires_at > $2)::int AS waiting,
                   count(*) FILTER (WHERE i.state = 'reserved')::int AS reserved
               FROM draw d JOIN draw_stratum ds ON ds.draw = d.id JOIN stratum s ON s.id = ds.stratum
               LEFT JOIN draw_member m ON m.draw = d.id AND m.stratum = s.id
               LEFT JOIN invitation i ON i.draw_member = m.id
               WHERE d.wave = $1 GROUP BY s.name, ds.population ORDER BY s.name COLLATE "C\"""",
            wave,
            at,
        )
    return [StratumCount(**row) for row in rows]


async def count_answers(wave: int) -> list[FormAnswers]:
    """Count the forms of a wave that hold at least half of their answers, by stratum and form.

    Of an anonymous survey only used links are known: they count as such forms, and by the forms they were
    meant for, which are served in the same shares by lot.
    """
    async with connection() as lent:
        rows = await lent.fetch(
            """SELECT s.name, r.form, count(*)::int AS answers
               FROM response r JOIN invitation i ON i.id = r.invitation
               JOIN draw_member m ON m.id = i.draw_member JOIN stratum s ON s.id = m.stratum
               WHERE i.wave = $1 AND r.disposition IN ('complete', 'partial') GROUP BY s.name, r.form
               UNION ALL
               SELECT s.name, i.form, count(*)::int
               FROM invitation i JOIN draw_member m ON m.id = i.draw_member JOIN stratum s ON s.id = m.stratum
               JOIN survey v ON v.id = s.survey
               WHERE i.wave = $1 AND v.is_anonymous AND i.state = 'answered' GROUP BY s.name, i.form""",
            wave,
        )
    return [FormAnswers(**row) for row in rows]


async def list_released(wave: int) -> Mapping[int, datetime | None]:
    """Return the replicates of a wave by number, with when each was released."""
    async with connection() as lent:
        rows = await lent.fetch(
            """SELECT r.number, r.released_at, bool_or(i.state = 'reserved') AS waits
               FROM replicate r JOIN draw d ON d.id = r.draw LEFT JOIN draw_member m ON m.replicate = r.id
               LEFT JOIN invitation i ON i.draw_member = m.id
               WHERE d.wave = $1 GROUP BY r.id ORDER BY r.number""",
            wave,
        )
    return {row["number"]: None if row["waits"] else row["released_at"] for row in rows}


async def list_remindable(wave: int, number: int, strata: Sequence[str], at: datetime) -> list[Remindable]:
    """Return who of these strata has not answered and was not yet chosen for this reminder or held out."""
    async with connection() as lent:
        rows = await lent.fetch(
            """SELECT i.id AS invitation, i.contact, c.channel, s.name AS stratum, i.token_hash
               FROM invitation i JOIN draw_member m ON m.id = i.draw_member
               JOIN stratum s ON s.id = m.stratum JOIN contact c ON c.id = i.contact
               WHERE i.wave = $1 AND i.state = 'sent' AND i.expires_at > $4 AND s.name = ANY ($3)
                   AND NOT EXISTS (SELECT FROM reminder_choice x
                                   WHERE x.invitation = i.id AND (x.number >= $2 OR x.is_held_out))
               ORDER BY i.id""",
            wave,
            number,
            strata,
            at,
        )
    return [Remindable(**row) for row in rows]


async def note_choices(choices: Sequence[tuple[int, bool, bool]], *, number: int, at: datetime) -> None:
    """Note (invitation, held out, sent) for one round of reminders."""
    async with connection() as lent:
        await lent.copy_records_to_table(
            "reminder_choice",
            records=[(one, number, held, sent, at) for one, held, sent in choices],
            columns=("invitation", "number", "is_held_out", "is_sent", "decided_at"),
        )


async def count_rounds(wave: int) -> int:
    """Return how many rounds of reminders a wave has had."""
    async with connection() as lent:
        return int(
            await lent.fetchval(
                """SELECT coalesce(max(x.number), 0) FROM reminder_choice x
                   JOIN invitation i ON i.id = x.invitation WHERE i.wave = $1""",
                wave,
            )
        )


async def count_effect(wave: int | None) -> tuple[int, int, int, int]:
    """Return how many were reminded and held out, and how many of each answered since.

    In one wave as it stands now; without one anywhere, but only of people whose time to answer is over: early
    answers alone are those of quick people.
    """
    async with connection() as lent:
        row = await lent.fetchrow(
            """SELECT count(*) FILTER (WHERE x.is_sent) AS reminded,
                   count(*) FILTER (WHERE x.is_sent AND i.answered_at > x.decided_at) AS reminded_answered,
                   count(*) FILTER (WHERE x.is_held_out) AS held_out,
                   count(*) FILTER (WHERE x.is_held_out AND i.answered_at > x.decided_at) AS held_out_answered
               FROM reminder_choice x JOIN invitation i ON i.id = x.invitation
               WHERE x.number = 1 AND CASE WHEN $1::bigint IS NULL THEN i.expires_at <= now()
                   ELSE i.wave = $1 END""",
            wave,
        )
    return row["reminded"], row["reminded_answered"], row["held_out"], row["held_out_answered"]


async def list_form_blocks(forms: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """Return which blocks each form (by id) holds."""
    async with connection() as lent:
        rows = await lent.fetch("SELECT id, block_names FROM form WHERE id = ANY ($1)", forms)
    return {row["id"]: msgspec.json.decode(row["block_names"], type=tuple[str, ...]) for row in rows}


async def list_pseudonyms(contacts: Sequence[int]) -> dict[int, UUID]:
    """Return the names that the ledger knows people by."""
    async with connection() as lent:
        rows = await lent.fetch("SELECT id, pseudonym FROM contact WHERE id = ANY ($1)", contacts)
    return {row["id"]: row["pseudonym"] for row in rows}


def _to_facts(row: dict[str, object]) -> FieldworkFacts:
    row["groups"] = msgspec.json.decode(str(row["groups"]))
    return msgspec.convert(row, FieldworkFacts)
