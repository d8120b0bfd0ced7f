"""The shared register as a whole: its seed, and the one lock that whoever changes places in it must hold."""

import secrets

from survey_service.db.engine import connection

ADVISORY_LOCK = 0x5355_5257
"""Taken first, before any row, by draws, imports and everything else that moves tickets or clocks."""


async def lock_register() -> None:
    """Wait until nobody else draws or imports; held until the end of the transaction.

    One lock, taken before any row is read, makes two departments at once impossible rather than unlikely:
    whoever comes second reads what the first one wrote.
    """
    async with connection() as lent:
        await lent.execute("SELECT pg_advisory_xact_lock($1)", ADVISORY_LOCK)


async def get_seed() -> str:
    """Return the seed of all permanent random numbers; it is made once, at the first call."""
    async with connection() as lent:
        await lent.execute(
            "INSERT INTO register (seed) VALUES ($1) ON CONFLICT DO NOTHING", secrets.token_hex(16)
        )
        return str(await lent.fetchval("SELECT seed FROM register"))
