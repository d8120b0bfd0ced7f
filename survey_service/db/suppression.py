"""Suppression records of people who were erased."""

from collections.abc import Sequence

from survey_service.db.engine import connection


async def list_suppressed() -> frozenset[bytes]:
    """Return every record."""
    async with connection() as lent:
        rows = await lent.fetch("SELECT address_hash FROM suppression")
    return frozenset(row["address_hash"] for row in rows)


async def add_suppressed(hashes: Sequence[bytes], *, reason: str) -> None:
    """Keep records; one that is there already stays as it is."""
    async with connection() as lent:
        await lent.execute(
            """INSERT INTO suppression (address_hash, reason) SELECT unnest($1::bytea[]), $2
               ON CONFLICT DO NOTHING""",
            hashes,
            reason,
        )


async def remove_suppressed(hashes: Sequence[bytes]) -> None:
    """Forget records: the person came back and confirmed the address themselves."""
    async with connection() as lent:
        await lent.execute("DELETE FROM suppression WHERE address_hash = ANY ($1)", hashes)
