"""Put units into the cells they belong in; who moves takes a place there by the joining rule.

A unit's cell follows from its audience, the frequency its people chose, the randomised arm and whatever
attributes the current definition names. Whoever changes one of these calls `move_units` afterwards: the
import, the person's own page, staff who correct a contact, and a new definition for everybody at once.

A cell that is new begins with the clock of the cell most of its units come from. So whoever was asked
last there is last here, too, and nobody gains a turn by moving (`docs/methods.md`).
"""

from collections.abc import Sequence

from sampling.tickets import place_tickets
from survey_service.db import cell, frame_partition, stratum


async def get_attributes() -> list[str]:
    """Return the attributes that divide the register now, besides audience, frequency and arm."""
    return [name for name in await cell.get_dimensions() if name not in frame_partition.BUILT_IN]


async def move_units(units: Sequence[int] | None = None) -> int:
    """Move those of these units (by id; all of them: None) that are in a wrong cell; return how many.

    Rest, minutes, promises and the queue inside the unit go with it. Needs the register's lock and a
    transaction.
    """
    attributes = await get_attributes()
    made = await frame_partition.add_missing_cells(attributes, units)
    if made:
        await stratum.join_siblings(made)
    moves = await frame_partition.read_moves(attributes, units)
    count = int(moves["unit"].size)
    if count:
        tickets = place_tickets(moves["prn"], moves["clock"])
        await frame_partition.move_units(moves["unit"].tolist(), moves["cell"].tolist(), tickets.tolist())
    return count
