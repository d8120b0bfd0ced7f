"""Keep the marks of who is in the frame true after the register changed; who enters gets a place.

The joining rule (`sampling.tickets`): a unit that enters the frame, for the first time or again, takes its
own place on the circle past its cell's clock. Without it, somebody who consents late would keep an old,
low ticket and be asked at once, before everybody who waits.
"""

from collections.abc import Sequence

import numpy as np

from sampling.tickets import place_tickets
from survey_service.db import unit
from survey_service.services.contacts.move_contacts import move_units
from survey_service.services.gate.unit_standing import UnitStanding


async def place_units(units: Sequence[int] | None = None) -> None:
    """Withdraw units with nobody left in the frame and let those enter that have somebody now.

    All units are looked at unless some are named. Needs the register's lock and a transaction.
    """
    leaving, entering = await unit.list_misplaced_units(units)
    await unit.withdraw_units(leaving)
    await _enter(entering)


async def place_seen_units(look: UnitStanding, day: int) -> bool:
    """Do the same for units as they were just read, for a day; tell whether anything was wrong.

    Whose pause ended by that day enters as well. Then the units have to be read again.
    """
    inside = look.is_in_frame(day)
    if np.array_equal(inside, look.is_active):
        return False
    await unit.withdraw_units(look.ids[look.is_active & ~inside].tolist())
    await _enter(look.ids[inside & ~look.is_active].tolist())
    return True


async def _enter(units: Sequence[int]) -> None:
    """Put units at their places, in the cells their people belong in by now."""
    if units:
        await move_units(units)
        places = await unit.read_places(units)
        tickets = place_tickets(places["prn"], places["clock"])
        await unit.enter_units(places["id"].tolist(), tickets.tolist())
