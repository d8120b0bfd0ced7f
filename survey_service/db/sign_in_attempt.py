"""Attempts to sign in, counted before the password is looked at and forgotten when it was right."""

from datetime import datetime

from survey_service.db import engine


async def lock_place(place_hash: bytes) -> None:
    """Let attempts from one place queue up until the transaction ends: a burst must not share one count."""
    async with engine.connection() as connection:
        await connection.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended('sign in ' || encode($1, 'hex'), 0))", place_hash
        )


async def find_attempts(account_hash: bytes, place_hash: bytes, *, since: datetime) -> list[datetime]:
    """When this place failed at this account, oldest first."""
    async with engine.connection() as connection:
        rows = await connection.fetch(
            """SELECT at FROM sign_in_attempt
               WHERE account_hash = $1 AND network_hash = $2 AND at > $3 ORDER BY at, id""",
            account_hash,
            place_hash,
            since,
        )
    return [row["at"] for row in rows]


async def find_attempts_from(place_hash: bytes, *, since: datetime) -> list[datetime]:
    """When this place failed at any account, oldest first."""
    async with engine.connection() as connection:
        rows = await connection.fetch(
            "SELECT at FROM sign_in_attempt WHERE network_hash = $1 AND at > $2 ORDER BY at, id",
            place_hash,
            since,
        )
    return [row["at"] for row in rows]


async def add_attempt(account_hash: bytes, place_hash: bytes, at: datetime) -> None:
    """Count one attempt as failed until it is known to be right."""
    async with engine.connection() as connection:
        await connection.execute(
            "INSERT INTO sign_in_attempt (account_hash, network_hash, at) VALUES ($1, $2, $3)",
            account_hash,
            place_hash,
            at,
        )


async def delete_attempts(account_hash: bytes, place_hash: bytes) -> None:
    """Forget what this place did at this account."""
    async with engine.connection() as connection:
        await connection.execute(
            "DELETE FROM sign_in_attempt WHERE account_hash = $1 AND network_hash = $2",
            account_hash,
            place_hash,
        )


async def delete_attempts_before(at: datetime) -> None:
    """Forget every attempt older than this."""
    async with engine.connection() as connection:
        await connection.execute("DELETE FROM sign_in_attempt WHERE at < $1", at)
