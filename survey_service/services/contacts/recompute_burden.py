"""The ledger of burden: computed anew from raw events, and charged for surveys that keep no link.

The ledger is append-only under pseudonyms. What was charged stays charged: deleting a survey, or erasing a
person, lowers nobody's burden.
"""

from collections.abc import Iterable
from datetime import date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from survey_service.db import burden, ledger_event
from survey_service.db.burden import LedgerCount, LedgerDifference
from survey_service.db.engine import transaction
from survey_service.settings import Settings


class BurdenCheck(msgspec.Struct, frozen=True, kw_only=True):
    """Whether the ledger is what its events come to."""

    is_equal: bool
    differences: list[LedgerDifference]
    compared: LedgerCount


async def recompute_burden() -> BurdenCheck:
    """Sum receipts and responses for each person, and compare with the ledger. Nothing is changed."""
    async with transaction():
        differences = await burden.list_differences()
        compared = await burden.count_ledger()
    return BurdenCheck(is_equal=not differences, differences=differences, compared=compared)


async def charge_anonymous(
    survey_slug: str, pseudonyms: Iterable[UUID], *, planned_seconds: int, day: date, settings: Settings
) -> None:
    """Charge a day's respondents of an anonymous survey the planned time of its form.

    All of them at once, at noon and without a receipt: neither the hour, the order nor the length of an
    answer can be found again in the ledger.
    """
    noon = datetime.combine(day, time(12), ZoneInfo(settings.time_zone))
    await ledger_event.add_anonymous(pseudonyms, seconds=planned_seconds, survey_slug=survey_slug, at=noon)
