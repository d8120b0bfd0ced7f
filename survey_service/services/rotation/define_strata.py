"""Give a survey strata of its own: unions of whole cells, never a part of one."""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches

import msgspec

from survey_service.db import audit_event, cell, draw, register, stratum, survey
from survey_service.db.engine import transaction
from survey_service.db.frame_partition import CellCount
from survey_service.domain.errors import Conflict, LimitReached, NotFound, SurveyServiceError
from survey_service.services.contacts.define_cells import describe_cells
from survey_service.services.questionnaires.manage_survey import get_survey

_LONGEST_NAME = 200


class StratumCount(msgspec.Struct, frozen=True, kw_only=True):
    """A stratum with its cells and the units in the frame."""

    name: str
    cells: list[str]
    units: int


async def list_survey_strata(slug: str) -> list[StratumCount]:
    """Return a survey's strata with live counts."""
    async with transaction():
        found = await get_survey(slug)
        await survey.add_missing_strata(found.id)
        strata = await survey.list_strata(found.id)
        keys = {one.id: one.key for one in await cell.list_cells()}
        counts = {one.key: one.in_frame for one in (await describe_cells()).cells}
    return [
        StratumCount(
            name=one.name,
            cells=sorted(keys[number] for number in one.cells),
            units=sum(counts.get(keys[number], 0) for number in one.cells),
        )
        for one in strata
    ]


async def set_strata(
    slug: str, strata: Mapping[str, Sequence[str]], *, staff: int | None = None
) -> list[StratumCount]:
    """Set the strata of a survey that was not drawn yet, each a name and its cells.

    A name of a cell that ends in * stands for all cells that begin so; cells in no stratum are not asked.
    No strata at all make every audience one again.
    """
    async with transaction():
        await register.lock_register()
        found = await get_survey(slug)
        if found.state == "closed" or await draw.count_waves(found.id):
            raise Conflict(
                f"The survey {slug} was drawn or closed: its strata are part of its results.",
                hint="Import the workbook as a survey of its own with --slug.",
            )
        ids = {one.key: one.id for one in await cell.list_cells()}
        cells = (await describe_cells()).cells
        chosen = {name: _choose(name, keys, sorted(ids)) for name, keys in strata.items()}
        _check(chosen, cells)
        await stratum.set_strata(
            found.id, {name: [ids[key] for key in keys] for name, keys in chosen.items()}
        )
        await audit_event.add_audit_event(
            staff=staff, action="survey.strata", object_kind="survey", object_id=slug,
            detail={name[:100]: ", ".join(keys) for name, keys in chosen.items()},
        )  # fmt: skip
        return await list_survey_strata(slug)


def _choose(name: str, wanted: Sequence[str], known: Sequence[str]) -> list[str]:
    """Return the cells meant, in the order given."""
    if not 0 < len(name.strip()) <= _LONGEST_NAME:
        raise SurveyServiceError(
            "A stratum needs a name.", expected=f"1 to {_LONGEST_NAME} characters", got=repr(name[:40])
        )
    chosen: list[str] = []
    for key in wanted:
        found = [one for one in known if one.startswith(key[:-1])] if key.endswith("*") else [key]
        if not found or found[0] not in known:
            near = get_close_matches(key.rstrip("*"), known, n=3) or known[:10]
            raise NotFound(
                f"Stratum {name} names a cell that does not exist, so it can only be part of one.",
                expected=f"whole cells such as {', '.join(near)}" if near else "cells: import contacts first",
                got=key,
                hint="See `survey-service strata list`; `strata define` divides cells by more attributes.",
            )
        chosen += found
    return list(dict.fromkeys(chosen))


def _check(chosen: Mapping[str, Sequence[str]], cells: Sequence[CellCount]) -> None:
    counts = {one.key: one.in_frame for one in cells}
    owner: dict[str, str] = {}
    for name, keys in chosen.items():
        for key in keys:
            if key in owner:
                raise Conflict(
                    f"The cell {key} is in two strata, {owner[key]} and {name}.",
                    hint="Take it out of one of them: each cell can be in one stratum of a survey.",
                )
            owner[key] = name
        if not sum(counts.get(key, 0) for key in keys):
            filled = [key for key, count in counts.items() if count and key not in owner]
            raise LimitReached(
                f"Nobody in stratum {name} can be asked.",
                expected="cells with units in the frame",
                got=", ".join(keys) or "no cells",
                hint=f"Cells with somebody in them: {', '.join(filled[:10]) or 'none'}.",
            )
