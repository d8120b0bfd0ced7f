"""The outbox. Whatever sends takes its work from here, and here nothing gets in without a receipt."""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from survey_service.db.engine import connection


class NewMessage(msgspec.Struct, frozen=True, kw_only=True):
    """A message that may go: its receipt says so."""

    receipt: int
    contact: int
    invitation: int | None
    channel: str


class Outgoing(msgspec.Struct, frozen=True, kw_only=True):
    """A message handed to whatever sends it."""

    id: int
    contact: int
    invitation: int | None
    kind: str
    channel: str


async def queue_messages(messages: Iterable[NewMessage], *, kind: str, at: datetime) -> None:
    """Put messages of one kind at the end of the queue."""
    async with connection() as lent:
        await lent.copy_records_to_table(
            "message",
            records=[(one.receipt, one.contact, one.invitation, kind, one.channel, at) for one in messages],
            columns=("receipt", "contact", "invitation", "kind", "channel", "queued_at"),
        )


async def take_messages(limit: int) -> list[Outgoing]:
    """Return the longest waiting messages that no freeze holds, locked until the transaction ends.

    What a freeze held therefore goes first when it ends, in the order in which it was queued.
    """
    async with connection() as lent:
        rows = await lent.fetch(
            """SELECT id, contact, invitation, kind, channel FROM message m
               WHERE state = 'queued' AND NOT EXISTS (
                   SELECT FROM contact_freeze f
                   WHERE f.ends_at IS NULL AND (f.kind IS NULL OR f.kind = m.kind)
                       AND (f.purpose = '' OR f.purpose = (
                           SELECT s.purpose FROM receipt r JOIN survey s ON s.id = r.survey
                           WHERE r.id = m.receipt)))
               ORDER BY queued_at, id LIMIT $1 FOR UPDATE SKIP LOCKED""",
            limit,
        )
    return [Outgoing(**row) for row in rows]


async def mark_sent(messages: list[int], at: datetime) -> None:
    """Note that these have left the house."""
    async with connection() as lent:
        await lent.execute(
            "UPDATE message SET state = 'sent', sent_at = $2 WHERE id = ANY ($1::bigint[])", messages, at
        )


async def cancel_messages_of(wave: int) -> None:
    """Take what has not left back out of the queue, for a wave's cancelled invitations."""
    async with connection() as lent:
        await lent.execute(
            """UPDATE message SET state = 'cancelled' FROM invitation i
               WHERE message.invitation = i.id AND i.wave = $1 AND i.state = 'cancelled'
                   AND message.state = 'queued'""",
            wave,
        )
