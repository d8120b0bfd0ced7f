"""The outbox as the sender of mails sees it: claimed by a run, each attempt noted before and after."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import msgspec

from survey_service.db.engine import connection, transaction
from survey_service.db.message import MessageDetails
from survey_service.domain.mail import Reply

ADVISORY_LOCK = 0x5355_524D
"""Held by whoever sends: one run at a time, so that the limit a minute is one limit."""

NOT_FROZEN = """NOT EXISTS (SELECT FROM contact_freeze f
    WHERE f.ends_at IS NULL AND (f.kind IS NULL OR f.kind = m.kind)
        AND (f.purpose = '' OR f.purpose = (
            SELECT s.purpose FROM receipt r JOIN survey s ON s.id = r.survey WHERE r.id = m.receipt)))"""

FACTS = """m.id AS message, m.contact, m.kind, m.attempts, m.mail_id, m.details,
    coalesce(m.template, m.kind) AS template, m.expires_at, coalesce(m.contact, m.newcomer) AS recipient,
    CASE WHEN m.newcomer IS NOT NULL THEN n.email
        WHEN m.channel = 'text' THEN CASE WHEN d.mobile_failed_at IS NULL THEN d.mobile END
        WHEN d.email_failed_at IS NULL THEN d.email END AS address,
    coalesce(i.language, c.language, n.language) AS language,
    i.id AS invitation, i.key_version, i.state AS invitation_state, i.expires_at AS link_expires_at,
    s.state = 'open' AS is_survey_open, s.title, s.is_anonymous, form.planned_seconds,
    form.measured_seconds"""

AROUND = """
LEFT JOIN contact c ON c.id = m.contact LEFT JOIN contact_detail d ON d.contact = m.contact
LEFT JOIN newcomer n ON n.id = m.newcomer
LEFT JOIN invitation i ON i.id = m.invitation LEFT JOIN wave w ON w.id = i.wave
LEFT JOIN survey s ON s.id = w.survey LEFT JOIN form ON form.id = i.form"""

_CLAIM = f"""
WITH due AS (
    SELECT m.id FROM message m
    WHERE m.state = 'queued' AND m.channel = 'email' AND {NOT_FROZEN}
        AND (m.next_attempt_at IS NULL OR m.next_attempt_at <= $3)
    ORDER BY m.kind <> 'service', m.queued_at, m.id LIMIT $2 FOR UPDATE SKIP LOCKED
), claimed AS (
    UPDATE message SET state = 'sending', mail_run = $1, attempts = attempts + 1,
        mail_id = coalesce(mail_id, replace(gen_random_uuid()::text, '-', ''))
    FROM due WHERE message.id = due.id
    RETURNING message.*
), attempt AS (
    INSERT INTO mail_attempt (message, mail_run, started_at) SELECT id, $1, $3 FROM claimed
    RETURNING id, message
)
SELECT attempt.id AS attempt, {FACTS}
FROM claimed m JOIN attempt ON attempt.message = m.id {AROUND}
ORDER BY m.kind <> 'service', m.queued_at, m.id
"""  # noqa: S608


class ClaimedMail(msgspec.Struct, frozen=True, kw_only=True):
    """A message in hand, with what is needed to write it."""

    attempt: int
    message: int
    contact: int | None
    recipient: int
    kind: str
    attempts: int
    mail_id: str
    template: str
    details: MessageDetails
    expires_at: datetime | None
    address: str | None
    language: str
    invitation: int | None
    key_version: int | None
    invitation_state: str | None
    link_expires_at: datetime | None
    is_survey_open: bool | None
    title: dict[str, str]
    is_anonymous: bool | None
    planned_seconds: int | None
    measured_seconds: int | None


@asynccontextmanager
async def sending_alone() -> AsyncIterator[bool]:
    """Say whether nobody else is sending, and keep it so: a killed sender lets go with its connection."""
    async with connection() as lent:
        is_alone = bool(await lent.fetchval("SELECT pg_try_advisory_lock($1)", ADVISORY_LOCK))
        try:
            yield is_alone
        finally:
            if is_alone:
                await lent.execute("SELECT pg_advisory_unlock($1)", ADVISORY_LOCK)


async def begin_run(at: datetime) -> int:
    """Begin a turn of sending; return its number."""
    async with connection() as lent:
        return int(await lent.fetchval("INSERT INTO mail_run (started_at) VALUES ($1) RETURNING id", at))


async def end_run(run: int, *, at: datetime, sent: int, problem: str | None) -> None:
    """Note how a turn of sending ended."""
    async with connection() as lent:
        await lent.execute(
            "UPDATE mail_run SET ended_at = $2, sent = $3, problem = left($4, 200) WHERE id = $1",
            run, at, sent, problem,
        )  # fmt: skip


async def take_back(run: int, at: datetime) -> None:
    """Settle what an earlier run left in hand, because it was killed; called by the only one who sends.

    What had not been handed over goes back into the queue. What had may have arrived: it is not sent again
    by itself.
    """
    async with transaction() as lent:
        rows = await lent.fetch(
            """UPDATE mail_attempt a SET ended_at = $2,
                   outcome = CASE WHEN a.handed_over_at IS NULL THEN 'unsent' ELSE 'uncertain' END
               FROM message m WHERE m.id = a.message AND m.state = 'sending' AND m.mail_run < $1
                   AND a.ended_at IS NULL RETURNING a.message, a.outcome""",
            run,
            at,
        )
        for outcome, state in (("unsent", "queued"), ("uncertain", "uncertain")):
            await lent.execute(
                "UPDATE message SET state = $2 WHERE id = ANY ($1::bigint[]) AND state = 'sending'",
                [row["message"] for row in rows if row["outcome"] == outcome],
                state,
            )


async def has_due(at: datetime) -> bool:
    """Tell whether a mail waits that may go now."""
    async with connection() as lent:
        return bool(
            await lent.fetchval(
                f"""SELECT EXISTS (SELECT FROM message m WHERE m.state = 'queued' AND m.channel = 'email'
                    AND {NOT_FROZEN} AND (m.next_attempt_at IS NULL OR m.next_attempt_at <= $1))""",  # noqa: S608
                at,
            )
        )


async def count_attempts(since: datetime) -> int:
    """Return how many mails were begun since a moment."""
    async with connection() as lent:
        return int(await lent.fetchval("SELECT count(*) FROM mail_attempt WHERE started_at > $1", since))


async def claim_mails(run: int, limit: int, at: datetime) -> list[ClaimedMail]:
    """Take the longest waiting mails that no freeze holds, service messages first, and begin an attempt."""
    async with connection() as lent:
        rows = await lent.fetch(_CLAIM, run, limit, at)
    return [to_claimed(row) for row in rows]


async def note_handing_over(mail: ClaimedMail, run: int, at: datetime) -> bool:
    """Note that the text goes out now; False when the message is not this run's any more."""
    async with connection() as lent:
        return bool(
            await lent.fetchval(
                """UPDATE mail_attempt a SET handed_over_at = $3 FROM message m
                   WHERE a.id = $1 AND m.id = a.message AND m.state = 'sending' AND m.mail_run = $2
                   RETURNING true""",
                mail.attempt,
                run,
                at,
            )
        )


async def finish(
    mail: ClaimedMail, reply: Reply, *, state: str, at: datetime, next_attempt_at: datetime | None = None,
    problem: str | None = None,
) -> None:  # fmt: skip
    """Write what became of an attempt, and where its message stands now."""
    async with transaction() as lent:
        await lent.execute(
            "UPDATE mail_attempt SET ended_at = $2, outcome = $3, code = $4, reply = $5 WHERE id = $1",
            mail.attempt, at, reply.outcome, reply.code, reply.text,
        )  # fmt: skip
        await lent.execute(
            """UPDATE message SET state = $2::text, next_attempt_at = $4,
                   sent_at = CASE WHEN $2::text = 'sent' THEN $3::timestamptz END, problem = $5
               WHERE id = $1 AND state IN ('sending', 'uncertain')""",
            mail.message, state, at, next_attempt_at, problem,
        )  # fmt: skip


async def put_back(mails: Sequence[ClaimedMail], at: datetime) -> None:
    """Put mails nobody began with back into the queue; it counts as no attempt."""
    async with transaction() as lent:
        await lent.execute(
            "UPDATE mail_attempt SET ended_at = $2, outcome = 'unsent' WHERE id = ANY ($1::bigint[])",
            [one.attempt for one in mails],
            at,
        )
        await lent.execute(
            """UPDATE message SET state = 'queued', attempts = attempts - 1
               WHERE id = ANY ($1::bigint[]) AND state = 'sending'""",
            [one.message for one in mails],
        )


def to_claimed(row: Any) -> ClaimedMail:
    values = dict(row)
    values["details"] = msgspec.json.decode(values["details"], type=MessageDetails)
    values["title"] = msgspec.json.decode(values["title"] or "{}", type=dict[str, str])
    return ClaimedMail(**values)
