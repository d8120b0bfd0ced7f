"""How burden spreads over the register: by cell, and nobody named."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec

from survey_service.db import burden
from survey_service.db.burden import CellBurden
from survey_service.services.rotation.survey_frame import today
from survey_service.settings import Settings


class BurdenReview(msgspec.Struct, frozen=True, kw_only=True):
    """Invitations and minutes of the people in the frame in the rolling year."""

    since: str
    people: int
    everybody: CellBurden | None
    """Null while nobody is in the frame."""
    by_cell: list[CellBurden]
    """Figures of cells with few people are null: they would be theirs."""


async def review_burden(settings: Settings) -> BurdenReview:
    """Return the spread of today."""
    first = today(settings) - timedelta(days=settings.cap_window_days - 1)
    found = await burden.list_cell_burdens(datetime.combine(first, time(0), ZoneInfo(settings.time_zone)))
    whole, cells = found[0], found[1:]
    return BurdenReview(
        since=first.isoformat(),
        people=whole.people,
        everybody=_round(whole, settings.small_cell) if whole.people else None,
        by_cell=[_round(one, settings.small_cell) for one in cells],
    )


def figures(one: CellBurden) -> tuple[float | None, ...]:
    """Return a cell's figures in order: of invitations, then of minutes."""
    return (
        one.invitations_mean, one.invitations_p95, one.invitations_max,
        one.minutes_mean, one.minutes_p95, one.minutes_max,
    )  # fmt: skip


def _round(one: CellBurden, fewest: int) -> CellBurden:
    if one.people < fewest:
        hidden = dict.fromkeys(one.__struct_fields__[2:])
        return CellBurden(cell=one.cell, people=one.people, **hidden)
    return CellBurden(
        cell=one.cell,
        people=one.people,
        invitations_mean=round(one.invitations_mean or 0.0, 3),
        invitations_p95=one.invitations_p95,
        invitations_max=one.invitations_max,
        minutes_mean=round(one.minutes_mean or 0.0, 2),
        minutes_p95=round(one.minutes_p95 or 0.0, 2),
        minutes_max=round(one.minutes_max or 0.0, 2),
    )
