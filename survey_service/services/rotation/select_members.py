"""The selection of a draw from its frozen frame: pure, so that a replay runs the very same lines.

Whom the queue gives (`sampling.draw`), which person of each unit is asked (`sampling.units`), in which
part of the draw they are released (`sampling.replicates`) and with which form (`domain.forms`).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
import numpy as np

from sampling.arrays import IntArray
from sampling.draw import StratumDraw, draw_strata
from sampling.replicates import split_replicates
from sampling.strata import Stratum
from sampling.units import PeopleDrawn, draw_people
from survey_service.domain.forms import assign_forms
from survey_service.domain.questionnaire import Form
from survey_service.services.rotation.frozen_frame import FrozenFrame

REPLICATE_SHARES = (0.25, 0.25, 0.25, 0.25)
"""Of a draw whose yield nobody expects."""


class StratumAsked(msgspec.Struct, frozen=True, kw_only=True):
    """A stratum as the draw recorded it."""

    id: int
    name: str
    cells: tuple[str, ...]
    asked: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """n members, in order of stratum, cell and queue."""

    units: StratumDraw
    people: PeopleDrawn
    contact: IntArray
    """Id of the person asked of each unit, shape (n,)."""
    position: IntArray
    """Order of selection inside the cell, from 1, shape (n,)."""
    replicate: IntArray
    """Number of each member's replicate, from 1, shape (n,)."""
    forms: tuple[Form, ...]
    """Form of each member."""


def draw_units(frozen: FrozenFrame, strata: Sequence[StratumAsked], *, seed: str, label: str) -> StratumDraw:
    """Draw units; the people of the frozen frame are not looked at."""
    codes = {name: code for code, name in enumerate(frozen.frame.cells)}
    asked = [
        Stratum(name=one.name, cells=tuple(codes[cell] for cell in one.cells), asked=one.asked)
        for one in strata
    ]
    return draw_strata(frozen.frame, frozen.available, asked, seed=seed, survey=label)


def select_members(
    frozen: FrozenFrame,
    strata: Sequence[StratumAsked],
    forms: Sequence[Form],
    *,
    seed: str,
    label: str,
    shares: Sequence[float] = REPLICATE_SHARES,
) -> Selection:
    """Select everything there is to select. `label` names the wave, `seed` is the draw's own key."""
    units = draw_units(frozen, strata, seed=seed, label=label)
    size = units.selected.size
    unit_ids = frozen.frame.ids[units.selected]
    people = frozen.people
    by_id = np.argsort(unit_ids, kind="stable")
    asked = draw_people(
        np.arange(size),
        units.probability,
        ids=people.ids,
        unit=by_id[np.searchsorted(unit_ids[by_id], people.unit)] if size else people.unit,
        u=people.u,
        ticket=people.ticket,
        active=np.ones(people.ids.shape, dtype=np.bool_),
        size=size,
    )
    release = split_replicates(
        [str(one) for one in unit_ids.tolist()], units.stratum, seed=seed, draw=label, shares=shares
    )
    names = [one.name for one in strata]
    assigned: list[Form | None] = [None] * size
    in_order = [names[units.stratum[place]] for place in release.order.tolist()]
    given = assign_forms(forms, in_order, key=f"forms|{seed}|{label}".encode())
    for place, form in zip(release.order.tolist(), given, strict=True):
        assigned[place] = form
    first = np.concatenate([[True], units.cell[1:] != units.cell[:-1]])[:size]
    starts = np.maximum.accumulate(np.where(first, np.arange(size), 0))
    return Selection(
        units=units,
        people=asked,
        contact=people.ids[asked.person],
        position=np.arange(size) - starts + 1,
        replicate=release.replicate + 1,
        forms=tuple(form for form in assigned if form is not None),
    )
