"""Units: who of them is in the frame, and their places in the queues."""

from collections.abc import Sequence

from survey_service.db.columns import Columns, read_columns
from survey_service.db.contact_standing import IN_FRAME, PEOPLE
from survey_service.db.engine import connection

_MARKED = f"""
    SELECT u.id FROM unit u
    LEFT JOIN (SELECT DISTINCT unit FROM ({PEOPLE}) x WHERE standing = {IN_FRAME}
        AND ($1::bigint[] IS NULL OR unit = ANY ($1))) p ON p.unit = u.id
    WHERE ($1::bigint[] IS NULL OR u.id = ANY ($1)) AND u.is_active = $2 AND (p.unit IS NULL) = $2
"""  # noqa: S608


async def list_leaving_units(units: Sequence[int] | None = None) -> list[int]:
    """Return the units (of all, unless named) marked as in the frame that have nobody in it any more."""
    return await _list(units, is_active=True)


async def list_entering_units(units: Sequence[int] | None = None) -> list[int]:
    """Return the units (of all, unless named) that have somebody in the frame but are not marked so."""
    return await _list(units, is_active=False)


async def _list(units: Sequence[int] | None, *, is_active: bool) -> list[int]:
    found = await read_columns(_MARKED, units, is_active, columns={"id": "int8"})
    ids: list[int] = found["id"].tolist()
    return ids


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
