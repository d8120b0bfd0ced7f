"""The ledger of burden, computed anew from raw events; of anonymous surveys there are none to compare with.

The ledger is append-only under pseudonyms. What was charged stays charged: deleting a survey, or erasing a
person, lowers nobody's burden.
"""

import msgspec

from survey_service.db import burden
from survey_service.db.burden import LedgerCount, LedgerDifference
from survey_service.db.engine import transaction


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
