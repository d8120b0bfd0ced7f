"""Divide the register anew: one organisation-wide definition of cells at a time.

A new definition is a move of every unit (`move_contacts`). Surveys whose strata are audiences simply go
on; strata set by name are mapped where each new cell comes from one stratum, and stand in the way of a
definition that would throw two of them, or a stratum and people outside it, into one cell.
"""

from collections import defaultdict
from collections.abc import Sequence

import msgspec

from survey_service.db import audit_event, cell, frame_partition, register, stratum
from survey_service.db.engine import transaction
from survey_service.db.frame_partition import BUILT_IN, CellCount
from survey_service.domain.errors import Conflict, SurveyServiceError
from survey_service.services.contacts.move_contacts import get_attributes, move_units

SMALL_CELL = 10
"""A cell of fewer units is asked in leaps and tells too much about its people."""
_MOST_ATTRIBUTES = 5


class Division(msgspec.Struct, frozen=True, kw_only=True):
    """A definition and the cells it fills."""

    dimensions: list[str]
    cells: list[CellCount]

    @property
    def small_cells(self) -> list[str]:
        """Cells with fewer units in the frame than `SMALL_CELL`."""
        return [one.key for one in self.cells if one.in_frame < SMALL_CELL]


async def describe_cells() -> Division:
    """Return the current definition with live counts."""
    attributes = await get_attributes()
    return Division(dimensions=[*BUILT_IN, *attributes], cells=await frame_partition.count_cells(attributes))


async def preview_cells(dimensions: Sequence[str]) -> Division:
    """Return what a definition by these attributes would give. Nothing is changed."""
    attributes = await _check_attributes(dimensions)
    return Division(dimensions=[*BUILT_IN, *attributes], cells=await frame_partition.count_cells(attributes))


async def define_cells(dimensions: Sequence[str], *, staff: int | None = None) -> Division:
    """Make a definition by these attributes the current one and move everybody into its cells."""
    attributes = await _check_attributes(dimensions)
    async with transaction():
        await register.lock_register()
        if attributes != await get_attributes():
            rows = await _map_strata(attributes)
            await cell.replace_definition([*BUILT_IN, *attributes])
            moved = await move_units()
            await stratum.add_cells(rows)
            await audit_event.add_audit_event(
                staff=staff, action="cells.define", object_kind="register", object_id="1",
                detail={"attributes": ", ".join(attributes), "moved": moved},
            )  # fmt: skip
        return await describe_cells()


async def _check_attributes(dimensions: Sequence[str]) -> list[str]:
    attributes = [name for name in dict.fromkeys(dimensions) if name not in BUILT_IN]
    known = await frame_partition.list_attributes()
    unknown = [name for name in attributes if name not in known]
    if unknown:
        raise SurveyServiceError(
            f"Nobody in the register has the attribute {unknown[0]}.",
            expected=f"any of {', '.join(known)}" if known else "attributes that contacts have",
            got=unknown[0],
            hint=f"Import it first, in a column attribute.{unknown[0]}.",
        )
    if len(attributes) > _MOST_ATTRIBUTES:
        raise SurveyServiceError(
            "So many attributes leave cells of a few people each.",
            expected=f"{_MOST_ATTRIBUTES} attributes at most",
            got=str(len(attributes)),
        )
    return attributes


async def _map_strata(attributes: Sequence[str]) -> list[tuple[str, str, str]]:
    """Return survey, stratum and new cell of every stratum set by name, or say which cannot be kept."""
    origins: dict[tuple[str, str], list[str | None]] = defaultdict(list)
    for origin in await frame_partition.list_origins(attributes):
        origins[origin.slug, origin.key].append(origin.stratum)
    rows: list[tuple[str, str, str]] = []
    for (slug, key), strata in origins.items():
        if len(strata) > 1:
            named = ", ".join(name or "people outside its strata" for name in strata)
            raise Conflict(
                f"The cell {key} would hold several strata of the survey {slug}: {named}.",
                hint=f"Keep the attribute that tells them apart, set other strata for {slug}, or close it.",
            )
        if strata[0] is not None:
            rows.append((slug, strata[0], key))
    return rows
