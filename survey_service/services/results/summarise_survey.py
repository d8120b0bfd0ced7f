"""A survey's figures in one struct: the summary that the demonstration prints."""

import msgspec

from survey_service.db.wave_overview import StratumAnswered, count_by_stratum, count_totals


class SurveySummary(msgspec.Struct, frozen=True, kw_only=True):
    """Raw counts of one survey; small ones may not be published."""

    contacts: int
    drawn: int
    invitations: int
    responses: int
    response_rate: float
    """RR1: responses over everybody invited."""
    by_stratum: dict[str, StratumAnswered]
    open_link_responses: int
    max_invitations_per_contact: int
    max_burden_seconds: int


async def summarise_survey(slug: str) -> SurveySummary:
    """Count what happened to a survey so far."""
    totals = await count_totals(slug)
    by_stratum = await count_by_stratum(slug)
    return SurveySummary(
        contacts=totals.contacts,
        drawn=sum(one.drawn for one in by_stratum.values()),
        invitations=totals.invitations,
        responses=totals.responses,
        response_rate=round(totals.responses / totals.invitations, 4) if totals.invitations else 0.0,
        by_stratum=by_stratum,
        open_link_responses=totals.open_link_responses,
        max_invitations_per_contact=totals.max_invitations_per_contact,
        max_burden_seconds=totals.max_burden_seconds,
    )
