"""Receipts: the record that the contact gate allowed a message. Nobody but the gate writes them."""

from collections.abc import Sequence
from datetime import datetime

from survey_service.db.engine import connection
from survey_service.db.sequence import take_ids


async def give_receipts(contacts: Sequence[int], *, kind: str, survey: int | None, at: datetime) -> list[int]:
    """Write one receipt for each contact; return their ids, in order."""
    ids = await take_ids("receipt", len(contacts))
    async with connection() as lent:
        await lent.copy_records_to_table(
            "receipt",
            records=[(one, contact, kind, survey, at) for one, contact in zip(ids, contacts, strict=True)],
            columns=("id", "contact", "kind", "survey", "at"),
        )
    return ids


async def give_newcomer_receipt(newcomer: int, *, at: datetime) -> int:
    """Write the receipt of one service message to somebody who is not in the register; return its id."""
    async with connection() as lent:
        return int(
            await lent.fetchval(
                "INSERT INTO receipt (newcomer, kind, at) VALUES ($1, 'service', $2) RETURNING id",
                newcomer,
                at,
            )
        )
