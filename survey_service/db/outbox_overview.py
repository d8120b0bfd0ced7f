"""The outbox as staff see it: counted, never by person."""

from datetime import datetime

import msgspec

from survey_service.db.engine import connection


class OutboxCount(msgspec.Struct, frozen=True, kw_only=True):
    """Messages of one channel and kind that stand alike."""

    channel: str
    kind: str
    state: str
    count: int
    oldest: datetime


class LastRun(msgspec.Struct, frozen=True, kw_only=True):
    """The last turn of sending that came to its end."""

    ended_at: datetime
    sent: int
    problem: str | None


async def count_messages() -> list[OutboxCount]:
    """Count all messages by channel, kind and state."""
    async with connection() as lent:
        rows = await lent.fetch(
            """SELECT channel, kind, state, count(*)::int AS count, min(queued_at) AS oldest FROM message
               GROUP BY channel, kind, state ORDER BY channel, kind, state"""
        )
    return [OutboxCount(**row) for row in rows]


async def find_last_run() -> LastRun | None:
    """Return the newest turn of sending that ended."""
    async with connection() as lent:
        row = await lent.fetchrow(
            """SELECT ended_at, sent, problem FROM mail_run WHERE ended_at IS NOT NULL
               ORDER BY id DESC LIMIT 1"""
        )
    return None if row is None else LastRun(**row)


async def count_unreachable() -> int:
    """Count the people whose address took no mail."""
    async with connection() as lent:
        return int(
            await lent.fetchval("SELECT count(*) FROM contact_detail WHERE email_failed_at IS NOT NULL")
        )
