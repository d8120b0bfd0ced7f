"""How many invitations the register can bear in a year, and how many of them are used.

A unit counts once, as it does in the frame: whichever of its people is asked, the others rest with them.
What was used of it is never more than it allows: who lowered the number has nothing left, and takes nothing
from the others. A reservation counts until it is sent (then the ledger has it) or cancelled.
"""

from collections.abc import Iterable
from datetime import date

import msgspec
import numpy as np

from sampling.arrays import IntArray
from survey_service.db.columns import Columns
from survey_service.db.frame import FAR
from survey_service.services.gate.unit_standing import UnitStanding, load_rules, read_standing
from survey_service.settings import Settings


class CellCapacity(msgspec.Struct, frozen=True, kw_only=True):
    """One cell: its units in the frame, and their invitations of the rolling year."""

    units: int
    askable: int
    """Units that may be asked at least once a year."""
    capacity: int
    used: int


NOTHING = CellCapacity(units=0, askable=0, capacity=0, used=0)


def count_invitations(units: UnitStanding, day: int) -> tuple[IntArray, IntArray]:
    """Return for each unit the invitations a year it allows and how many of them are used on a day."""
    allowed = np.where(units.is_in_frame(day), units.most_invitations(), 0).astype(np.int64)
    in_window = units.past_day > day - units.rules.window_days
    sent = np.bincount(units.past_unit[in_window], minlength=units.ids.size)
    return allowed, np.minimum(allowed, sent + (units.busy_until == FAR))


def capacity_by_cell(units: UnitStanding, day: int) -> dict[int, CellCapacity]:
    """Return the capacity of each cell (by id)."""
    allowed, used = count_invitations(units, day)
    cells, code = np.unique(units.cell, return_inverse=True)
    columns = (units.is_in_frame(day), allowed > 0, allowed, used)
    sums = [np.bincount(code, weights=one, minlength=cells.size).astype(np.int64) for one in columns]
    return {
        int(cell): CellCapacity(units=in_frame, askable=askable, capacity=capacity, used=spent)
        for cell, in_frame, askable, capacity, spent in zip(
            cells.tolist(), *(one.tolist() for one in sums), strict=True
        )
    }


def used_by_department(units: UnitStanding, day: int, uses: Columns) -> dict[int, int]:
    """Return what of the capacity each department (by id) used; `uses` are those of `db.budget.read_uses`.

    As in `count_invitations`: who left the frame took their invitations along, used or not, and of nobody
    more counts than they allow.
    """
    allowed, _ = count_invitations(units, day)
    if not units.ids.size or not uses["unit"].size:
        return {}
    place = np.minimum(np.searchsorted(units.ids, uses["unit"]), units.ids.size - 1)
    known = units.ids[place] == uses["unit"]
    counted = np.where(known, np.minimum(allowed[place], uses["n"]), 0)
    departments, code = np.unique(uses["department"], return_inverse=True)
    sums = np.bincount(code, weights=counted).astype(np.int64)
    return dict(zip(departments.tolist(), sums.tolist(), strict=True))


def add_up(cells: Iterable[CellCapacity]) -> CellCapacity:
    """Add cells up."""
    counted = list(cells)
    return CellCapacity(
        units=sum(one.units for one in counted),
        askable=sum(one.askable for one in counted),
        capacity=sum(one.capacity for one in counted),
        used=sum(one.used for one in counted),
    )


async def read_register(settings: Settings, day: date) -> UnitStanding:
    """Read how the whole register stands, whichever form is to be sent."""
    return await read_standing(await load_rules(settings, survey=None, form_seconds=0), day, settings)
