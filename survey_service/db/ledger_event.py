"""The ledger of burden: rows are only ever added."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

import msgspec

from survey_service.db.engine import connection


class LedgerEntry(msgspec.Struct, frozen=True, kw_only=True):
    """What one message asked of one person."""

    pseudonym: UUID
    seconds: int
    planned_seconds: int
    receipt: int


async def copy_entries(entries: Iterable[LedgerEntry], *, kind: str, survey_slug: str, at: datetime) -> None:
    """Charge people for messages of one kind."""
    async with connection() as lent:
        await lent.copy_records_to_table(
            "ledger_event",
            records=[
                (one.pseudonym, kind, one.seconds, one.planned_seconds, survey_slug, one.receipt, at)
                for one in entries
            ],
            columns=("pseudonym", "kind", "seconds", "planned_seconds", "survey_slug", "receipt", "at"),
        )
