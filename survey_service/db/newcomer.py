"""People who are not in the register yet: their address for as long as a service message may need it."""

from datetime import datetime

import msgspec

from survey_service.db.engine import connection


class Newcomer(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who gave an address; `email` is empty once its time is over."""

    id: int
    email: str | None
    language: str
    expires_at: datetime
    messages_today: int
    """Service messages to this address in the last day, under whichever number."""


async def add_newcomer(email: str, language: str, *, at: datetime, expires_at: datetime) -> int:
    """Note an address that somebody gave; return the newcomer's id."""
    async with connection() as lent:
        return int(
            await lent.fetchval(
                """INSERT INTO newcomer (email, language, created_at, expires_at)
                   VALUES ($1, $2, $3, $4) RETURNING id""",
                email, language, at, expires_at,
            )
        )  # fmt: skip


async def find_newcomer(newcomer: int, since: datetime) -> Newcomer | None:
    """Return a newcomer, with what was sent to the same address since a moment."""
    async with connection() as lent:
        row = await lent.fetchrow(
            """SELECT n.id, n.email, n.language, n.expires_at,
                   (SELECT count(*)::int FROM receipt r JOIN newcomer same ON same.id = r.newcomer
                    WHERE lower(same.email) = lower(n.email) AND r.at >= $2) AS messages_today
               FROM newcomer n WHERE n.id = $1""",
            newcomer,
            since,
        )
    return None if row is None else Newcomer(**row)


async def empty_expired(at: datetime) -> int:
    """Remove the addresses whose time is over; what was sent stays counted, to nobody. Return how many."""
    async with connection() as lent:
        rows = await lent.fetch(
            "UPDATE newcomer SET email = NULL WHERE email IS NOT NULL AND expires_at <= $1 RETURNING id", at
        )
    return len(rows)


async def empty_newcomer(newcomer: int) -> None:
    """Remove an address, because it is in the register now, or must not be kept."""
    async with connection() as lent:
        await lent.execute("UPDATE newcomer SET email = NULL WHERE id = $1", newcomer)
