"""Freezes: begun, ended, and looked up by whatever is about to send."""

from datetime import datetime

import msgspec

from survey_service.db.engine import connection


class ActiveFreeze(msgspec.Struct, frozen=True, kw_only=True):
    """A freeze that nobody has ended; `kind` is None where it holds everything."""

    id: int
    kind: str | None
    reason: str
    starts_at: datetime


async def add_freeze(kind: str | None, reason: str, at: datetime, staff: int | None) -> int:
    """Begin a freeze; return its id."""
    async with connection() as lent:
        return int(
            await lent.fetchval(
                """INSERT INTO contact_freeze (kind, reason, starts_at, started_by)
                   VALUES ($1, $2, $3, $4) RETURNING id""",
                kind,
                reason,
                at,
                staff,
            )
        )


async def end_freezes(kind: str | None, at: datetime, staff: int | None) -> int:
    """End the freezes of a kind (of everything: None); return how many."""
    async with connection() as lent:
        rows = await lent.fetch(
            """UPDATE contact_freeze SET ends_at = greatest($2, starts_at), ended_by = $3
               WHERE ends_at IS NULL AND kind IS NOT DISTINCT FROM $1 RETURNING id""",
            kind,
            at,
            staff,
        )
    return len(rows)


async def list_active() -> list[ActiveFreeze]:
    """Return the freezes that hold now, the oldest first."""
    async with connection() as lent:
        rows = await lent.fetch(
            """SELECT id, kind, reason, starts_at FROM contact_freeze
               WHERE ends_at IS NULL ORDER BY starts_at, id"""
        )
    return [ActiveFreeze(**row) for row in rows]


async def find_active(kind: str) -> ActiveFreeze | None:
    """Return a freeze that holds this kind of message."""
    active = (one for one in await list_active() if one.kind in (None, kind))
    return next(active, None)
