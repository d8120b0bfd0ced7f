"""Units: who of them is in the frame, and their places in the queues."""

from collections.abc import Sequence

import numpy as np

from survey_service.db.columns import Columns, read_columns
from survey_service.db.contact_standing import IN_FRAME, PEOPLE
from survey_service.db.engine import connection

_MARKS = """
    SELECT id, is_active FROM unit WHERE $1::bigint[] IS NULL OR id = ANY ($1)
"""

_LIVED_IN = f"""
    SELECT unit FROM ({PEOPLE}) x WHERE standing = {IN_FRAME} AND ($1::bigint[] IS NULL OR unit = ANY ($1))
"""  # noqa: S608


async def list_misplaced_units(units: Sequence[int] | None = None) -> tuple[list[int], list[int]]:
    """Return of these units (of all, unless named) those to withdraw and those to let enter.

    The first are marked as in the frame and have nobody in it any more, the second the other way round.
    They are compared here: a join whose sizes the database guesses wrongly reads all people again and again.
    """
    marks = await read_columns(_MARKS, units, columns={"id": "int8", "is_active": "bool"})
    inside = await read_columns(_LIVED_IN, units, columns={"unit": "int8"})
    lived_in = np.isin(marks["id"], inside["unit"])
    leaving: list[int] = marks["id"][marks["is_active"] & ~lived_in].tolist()
    entering: list[int] = marks["id"][lived_in & ~marks["is_active"]].tolist()
    return leaving, entering


async def withdraw_units(units: Sequence[int]) -> None:
    """Mark units as outside the frame."""
    async with connection() as lent:
        await lent.execute("UPDATE unit SET is_active = false WHERE id = ANY ($1::bigint[])", units)


async def read_places(units: Sequence[int]) -> Columns:
    """Return id and permanent number of units, and the clock of the cell each is in."""
    return await read_columns(
        """SELECT u.id, u.prn, c.clock FROM unit u JOIN cell c ON c.id = u.cell
           WHERE u.id = ANY ($1::bigint[])""",
        units,
        columns={"id": "int8", "prn": "float8", "clock": "float8"},
    )


async def enter_units(units: Sequence[int], tickets: Sequence[float]) -> None:
    """Put units into the frame at their places."""
    async with connection() as lent:
        await lent.execute(
            """UPDATE unit SET is_active = true, ticket = new.ticket
               FROM unnest($1::bigint[], $2::float8[]) AS new (id, ticket) WHERE unit.id = new.id""",
            units,
            tickets,
        )
