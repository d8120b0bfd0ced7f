"""The ledger of burden: rows are only ever added."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

import msgspec

from survey_service.db.engine import connection
from survey_service.domain.burden import anonymous_kind


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


async def add_anonymous(pseudonyms: Iterable[UUID], *, seconds: int, survey_slug: str, at: datetime) -> None:
    """Charge people for a survey that keeps no link from them to an answer.

    In the order of the pseudonyms, which are random: the order of arrival would be a link.
    """
    async with connection() as lent:
        await lent.copy_records_to_table(
            "ledger_event",
            records=[(one, anonymous_kind, seconds, 0, survey_slug, at) for one in sorted(pseudonyms)],
            columns=("pseudonym", "kind", "seconds", "planned_seconds", "survey_slug", "at"),
        )
