"""Final dispositions of a survey's invitations by AAPOR's Standard Definitions, and the rates made of them.

Nothing heard at all is "unknown, nothing ever returned"; a message that came back is "unknown, returned
undelivered" (Internet surveys of specifically named persons). Both stand in the rates as unknown.
"""

import msgspec

from survey_service.db import disposition
from survey_service.domain.disclosure import round_count, suppress_table
from survey_service.domain.dispositions import Dispositions, ResponseRates, response_rates
from survey_service.services.questionnaires.manage_survey import get_survey

FATES = ("complete", "partial", "refusal", "other", "undelivered", "silent")


class DispositionsCounted(msgspec.Struct, frozen=True, kw_only=True):
    """Counts rounded to five, None where one would tell of too few people; rates where none is hidden."""

    survey: str
    sent: int
    counts: dict[str, int | None]
    rates: ResponseRates | None


async def count_dispositions(slug: str, *, small_cell: int) -> DispositionsCounted:
    """Count a survey's invitations. A fate nobody met is told: that nobody refused betrays nobody."""
    found = await get_survey(slug)
    counted = await disposition.count_dispositions(found.id)
    met = [fate for fate in FATES if counted.get(fate)]
    hidden: dict[str, bool] = {}
    if met:
        shown = suppress_table([[counted[fate] for fate in met]], threshold=small_cell, rows="known")
        hidden = dict(zip(met, shown.cells[0], strict=True))
    counts = {fate: None if hidden.get(fate) else round_count(counted.get(fate, 0)) for fate in FATES}
    return DispositionsCounted(survey=slug, sent=sum(counted.values()), counts=counts, rates=_rates(counts))


def _rates(counts: dict[str, int | None]) -> ResponseRates | None:
    known = {fate: count for fate, count in counts.items() if count is not None}
    if len(known) < len(counts):
        return None
    return response_rates(
        Dispositions(
            complete=known["complete"],
            partial=known["partial"],
            refusal=known["refusal"],
            other=known["other"],
            unknown_household=known["silent"],
            unknown_other=known["undelivered"],
        )
    )
