"""Receipts: the record that a message was allowed."""

from collections.abc import Sequence
from datetime import datetime

from survey_service.db.engine import connection


async def copy_receipts(
    ids: Sequence[int], contacts: Sequence[int], *, kind: str, survey: int, at: datetime
) -> None:
    """Write one receipt for each contact."""
    async with connection() as lent:
        await lent.copy_records_to_table(
            "receipt",
            records=[(one, contact, kind, survey, at) for one, contact in zip(ids, contacts, strict=True)],
            columns=("id", "contact", "kind", "survey", "at"),
        )
