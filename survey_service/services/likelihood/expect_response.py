"""What share of invitations each stratum is expected to answer, and how sure that is.

With a model in use the likelihoods of people in the stratum are averaged; without one a stratum is expected
to answer as it did. Either decides how *many* are invited. Who they are is the rotation's business alone,
and no one's likelihood leaves this module.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from models.features import align
from sampling.arrays import BoolArray, FloatArray, IntArray
from sampling.invitations import shrink_response
from survey_service.db.budget import CellHistory
from survey_service.services.likelihood.current_model import CurrentModel, find_model_in_use
from survey_service.services.likelihood.fit_model import FIRST_SPREAD
from survey_service.services.likelihood.gather_history import look_at_people

FIRST_RESPONSE = 937 / 6_409
"""The rate to assume while nothing was measured: the first customer's, 937 answers of 6,409 asked."""
PSEUDO_INVITATIONS = 20.0
LEAST_PEOPLE = 10
"""A mean over fewer would tell of a person."""
EACH = 2_000
"""People of a cell that are looked at for its mean: their mean is then within a point of the cell's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CellExpectations:
    """Mean likelihood of the people of each cell, by id, from a model."""

    model: int
    by_cell: Mapping[int, float]
    wave_spread: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """Of H strata."""

    rate: FloatArray
    """Expected share of invitations answered, shape (H,)."""
    own_spread: FloatArray
    """Standard deviation of that share by what is not known of the stratum, shape (H,)."""
    wave_spread: FloatArray
    """The same by what whole waves differ, which is common to all strata, shape (H,)."""
    is_modelled: BoolArray
    """Whether it comes from the model, shape (H,)."""


async def expect_by_cell(
    cells: Sequence[int], at: datetime, *, planned_seconds: int
) -> CellExpectations | None:
    """Return what the model in use expects of each cell at a moment; None without one."""
    model = await find_model_in_use()
    if model is None or not cells:
        return None
    cell, rate = await _mean_by_cell(model, cells, at, planned_seconds)
    return CellExpectations(
        model=model.facts.id,
        by_cell=dict(zip(cell.tolist(), rate.tolist(), strict=True)),
        wave_spread=model.card.wave_spread,
    )


async def _mean_by_cell(
    model: CurrentModel, cells: Sequence[int], at: datetime, planned_seconds: int
) -> tuple[IntArray, FloatArray]:
    """A unit answers as its people do on average, since one of them is asked by lot; a cell as its units."""
    people = await look_at_people(cells, at, planned_seconds=planned_seconds, each=EACH)
    likely = model.likelihood.predict(align(people.features, model.card.features, model.card.categories))
    units, first, unit = np.unique(people.unit, return_index=True, return_inverse=True)
    of_unit = np.bincount(unit, weights=likely, minlength=units.size) / np.bincount(unit)
    cell, code = np.unique(people.cell[first], return_inverse=True)
    return cell.astype(np.int64), np.bincount(code, weights=of_unit) / np.bincount(code)


def expect_response(
    strata: Sequence[Sequence[int]],
    askable: Mapping[int, int],
    history: Sequence[CellHistory],
    modelled: CellExpectations | None = None,
) -> Response:
    """Return what is expected of strata (their cells by id), `askable` being the units of each cell.

    Without a model each stratum's past rate is drawn to that of the register, and the register's to the first
    one measured.
    """
    owner = {cell: place for place, cells in enumerate(strata) for cell in cells}
    invited, answered = np.zeros((2, len(strata)), dtype=np.int64)
    for past in history:
        if past.cell in owner:
            invited[owner[past.cell]] += past.invited
            answered[owner[past.cell]] += past.answered
    everybody = shrink_response(
        np.array([sum(one.answered for one in history)]),
        np.array([sum(one.invited for one in history)]),
        pseudo_invitations=PSEUDO_INVITATIONS,
        prior=FIRST_RESPONSE,
    )
    rate = shrink_response(
        answered, invited, pseudo_invitations=PSEUDO_INVITATIONS, prior=float(everybody[0])
    )
    likely = np.array([_of_stratum(cells, askable, modelled) for cells in strata])
    is_modelled = ~np.isnan(likely)
    found = np.where(is_modelled, likely, rate)
    variance = found * (1.0 - found)
    spread = FIRST_SPREAD if modelled is None else modelled.wave_spread
    return Response(
        rate=found,
        # Of a beta posterior; a model borrows from every stratum, and what it misses shows between waves.
        own_spread=np.where(is_modelled, 0.0, np.sqrt(variance / (invited + PSEUDO_INVITATIONS + 1.0))),
        wave_spread=np.where(is_modelled, spread, FIRST_SPREAD) * variance,
        is_modelled=is_modelled,
    )


def _of_stratum(cells: Sequence[int], askable: Mapping[int, int], modelled: CellExpectations | None) -> float:
    """Return the mean over a stratum's cells by their units; nan where the model lacks one, or few are in."""
    filled = [cell for cell in cells if askable.get(cell, 0) > 0]
    few = sum(askable[cell] for cell in filled) < LEAST_PEOPLE
    if modelled is None or few or any(cell not in modelled.by_cell for cell in filled):
        return float("nan")
    weights = np.array([askable[cell] for cell in filled], dtype=np.float64)
    return float(np.average([modelled.by_cell[cell] for cell in filled], weights=weights))
