"""Messages that leave in a file: taken all at once, and what the other program says became of them."""

from collections.abc import Sequence
from datetime import datetime

from survey_service.db.engine import connection
from survey_service.db.outbox import AROUND, FACTS, NOT_FROZEN, ClaimedMail, to_claimed

_TAKE = f"""
WITH due AS (
    SELECT m.id FROM message m
    WHERE m.state = 'queued' AND m.channel = ANY ($1::text[]) AND m.kind <> 'service' AND {NOT_FROZEN}
    ORDER BY m.queued_at, m.id LIMIT $2 FOR UPDATE SKIP LOCKED
), claimed AS (
    UPDATE message SET mail_id = coalesce(mail_id, replace(gen_random_uuid()::text, '-', ''))
    FROM due WHERE message.id = due.id RETURNING message.*
)
SELECT 0 AS attempt, {FACTS} FROM claimed m {AROUND} ORDER BY m.queued_at, m.id
"""  # noqa: S608


async def take_for_file(channels: Sequence[str], most: int) -> list[ClaimedMail]:
    """Return the longest waiting messages of these channels, locked until the transaction ends.

    Service messages are left out: a code is worth nothing by the time somebody has uploaded a file.
    """
    async with connection() as lent:
        rows = await lent.fetch(_TAKE, list(channels), most)
    return [to_claimed(row) for row in rows]


async def mark_exported(messages: Sequence[int], at: datetime) -> None:
    """Note that these left the house in a file."""
    async with connection() as lent:
        await lent.execute(
            "UPDATE message SET state = 'sent', sent_at = $2 WHERE id = ANY ($1::bigint[])",
            list(messages),
            at,
        )


async def drop_messages(messages: Sequence[int], problems: Sequence[str]) -> None:
    """Note why these did not go."""
    async with connection() as lent:
        await lent.execute(
            """UPDATE message SET problem = new.problem,
                   state = CASE WHEN new.problem = 'no_address' THEN 'failed' ELSE 'cancelled' END
               FROM unnest($1::bigint[], $2::text[]) AS new (id, problem) WHERE message.id = new.id""",
            list(messages),
            list(problems),
        )


async def mark_not_delivered(messages: Sequence[int], at: datetime) -> int:
    """Note that these did not arrive; return for how many that is new. The address may be right."""
    async with connection() as lent:
        rows = await lent.fetch(
            """WITH back AS (
                   UPDATE message SET bounced_at = $2 WHERE id = ANY ($1::bigint[]) AND state = 'sent'
                       AND bounced_at IS NULL RETURNING id, invitation
               ), marked AS (
                   UPDATE invitation SET undelivered_at = $2 FROM back
                   WHERE invitation.id = back.invitation AND invitation.state = 'sent'
               )
               SELECT id FROM back""",
            list(messages),
            at,
        )
    return len(rows)


async def mark_unreachable(messages: Sequence[int], at: datetime) -> int:
    """Note that the addresses of these take no messages; return how many were good until now."""
    async with connection() as lent:
        rows = await lent.fetch(
            """UPDATE contact_detail d SET
                   mobile_failed_at = CASE WHEN m.channel = 'text' THEN $2 ELSE d.mobile_failed_at END,
                   email_failed_at = CASE WHEN m.channel = 'email' THEN $2 ELSE d.email_failed_at END
               FROM message m WHERE m.id = ANY ($1::bigint[]) AND m.contact = d.contact
                   AND CASE m.channel WHEN 'text' THEN d.mobile_failed_at ELSE d.email_failed_at END IS NULL
                   AND (m.channel = 'text' OR d.email_changed_at IS NULL OR d.email_changed_at <= m.sent_at)
               RETURNING d.id""",
            list(messages),
            at,
        )
    return len(rows)
