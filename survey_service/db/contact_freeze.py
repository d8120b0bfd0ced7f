"""Freezes: begun, ended, and looked up by whatever is about to send."""

from datetime import datetime

import msgspec

from survey_service.db.engine import connection


class ActiveFreeze(msgspec.Struct, frozen=True, kw_only=True):
    """A freeze that nobody has ended: of a kind (None: all), of surveys of a purpose (empty: any)."""

    id: int
    kind: str | None
    purpose: str
    reason: str
    starts_at: datetime


async def add_freeze(kind: str | None, purpose: str, reason: str, at: datetime, staff: int | None) -> int:
    """Begin a freeze; return its id."""
    async with connection() as lent:
        return int(
            await lent.fetchval(
                """INSERT INTO contact_freeze (kind, purpose, reason, starts_at, started_by)
                   VALUES ($1, $2, $3, $4, $5) RETURNING id""",
                kind,
                purpose,
                reason,
                at,
                staff,
            )
        )


async def end_freezes(kind: str | None, purpose: str, at: datetime, staff: int | None) -> int:
    """End the freezes that were begun for exactly this kind and purpose; return how many."""
    async with connection() as lent:
        rows = await lent.fetch(
            """UPDATE contact_freeze SET ends_at = greatest($2, starts_at), ended_by = $3
               WHERE ends_at IS NULL AND kind IS NOT DISTINCT FROM $1 AND purpose = $4
               RETURNING id""",
            kind,
            at,
            staff,
            purpose,
        )
    return len(rows)


async def list_active() -> list[ActiveFreeze]:
    """Return the freezes that hold now, the oldest first."""
    async with connection() as lent:
        rows = await lent.fetch(
            """SELECT id, kind, purpose, reason, starts_at FROM contact_freeze
               WHERE ends_at IS NULL ORDER BY starts_at, id"""
        )
    return [ActiveFreeze(**row) for row in rows]


async def find_active(kind: str, survey: int | None) -> ActiveFreeze | None:
    """Return a freeze that holds this kind of message, sent for a survey (or for none)."""
    async with connection() as lent:
        row = await lent.fetchrow(
            """SELECT id, kind, purpose, reason, starts_at FROM contact_freeze
               WHERE ends_at IS NULL AND (kind IS NULL OR kind = $1)
                   AND (purpose = '' OR purpose = (SELECT purpose FROM survey WHERE id = $2))
               ORDER BY starts_at, id LIMIT 1""",
            kind,
            survey,
        )
    return None if row is None else ActiveFreeze(**row)
