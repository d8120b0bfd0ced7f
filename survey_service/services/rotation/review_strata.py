"""Staff look at the cells of the register and at strata made of them, try others out, and set them."""

from collections.abc import Mapping, Sequence

import msgspec

from survey_service.db import draw, frame_partition
from survey_service.db.engine import transaction, undone
from survey_service.db.frame_partition import BUILT_IN
from survey_service.db.result import ReviewedSurvey
from survey_service.db.staff import StaffMember
from survey_service.domain.roles import check_may
from survey_service.services.contacts.define_cells import (
    Division,
    define_cells,
    describe_cells,
    preview_cells,
)
from survey_service.services.rotation.define_strata import StratumCount, list_survey_strata, set_strata


class CellsShown(msgspec.Struct, frozen=True, kw_only=True):
    """The division as it is, the attributes one could divide by, and another division that was asked for."""

    current: Division
    attributes: list[str]
    chosen: list[str]
    """Those of the division asked for, else of the current one."""
    preview: Division | None


class StrataShown(msgspec.Struct, frozen=True, kw_only=True):
    """A survey's strata and the cells they are made of, or could be."""

    strata: list[StratumCount]
    cells: Division
    may_change: bool


async def review_cells(staff: StaffMember, wanted: Sequence[str] | None) -> CellsShown:
    """Show the cells; with attributes, also what dividing by these would give. Nothing is changed."""
    check_may(staff.role, "plan")
    async with transaction():
        current = await describe_cells()
        return CellsShown(
            current=current,
            attributes=await frame_partition.list_attributes(),
            chosen=[name for name in current.dimensions if name not in BUILT_IN]
            if wanted is None
            else list(wanted),
            preview=None if wanted is None else await preview_cells(wanted),
        )


async def define_cells_for(staff: StaffMember, wanted: Sequence[str]) -> None:
    """Divide the register anew. Everybody moves, so this concerns every department."""
    check_may(staff.role, "govern")
    await define_cells(wanted, staff=staff.id)


async def review_strata(staff: StaffMember, survey: ReviewedSurvey) -> StrataShown:
    """The strata of a survey from `get_survey_for`."""
    check_may(staff.role, "plan")
    async with transaction():
        return StrataShown(
            strata=await list_survey_strata(survey.slug),
            cells=await describe_cells(),
            may_change=survey.state != "closed" and not await draw.count_waves(survey.id),
        )


async def try_strata(
    staff: StaffMember, survey: ReviewedSurvey, strata: Mapping[str, Sequence[str]]
) -> list[StratumCount]:
    """Return what strata would hold, or refuse them as setting them would. Nothing is changed."""
    check_may(staff.role, "plan")
    async with undone():
        return await set_strata(survey.slug, strata, staff=staff.id)


async def set_strata_for(
    staff: StaffMember, survey: ReviewedSurvey, strata: Mapping[str, Sequence[str]]
) -> None:
    """Set the strata of a survey from `get_survey_for`."""
    check_may(staff.role, "plan")
    await set_strata(survey.slug, strata, staff=staff.id)
