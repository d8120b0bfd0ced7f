"""Keep the marks of who is in the frame true after the register changed; who enters gets a place.

The joining rule (`sampling.tickets`): a unit that enters the frame, for the first time or again, takes its
own place on the circle past its cell's clock. Without it, somebody who consents late would keep an old,
low ticket and be asked at once, before everybody who waits.
"""

from collections.abc import Sequence

from sampling.tickets import place_tickets
from survey_service.db import unit
from survey_service.services.move_contacts import move_units


async def place_units(units: Sequence[int] | None = None) -> None:
    """Withdraw units with nobody left in the frame and let those enter that have somebody now.

    All units are looked at unless some are named. Who enters is put into the right cell first: its people
    may have changed meanwhile. Needs the register's lock and a transaction.
    """
    await unit.withdraw_units(units)
    entering = await unit.read_entering_units(units)
    if entering["id"].size:
        if await move_units(entering["id"].tolist()):
            entering = await unit.read_entering_units(units)
        tickets = place_tickets(entering["prn"], entering["clock"])
        await unit.enter_units(entering["id"].tolist(), tickets.tolist())
