"""Units: who of them is in the frame, and their places in the queues."""

from collections.abc import Sequence

from survey_service.db.columns import Columns, read_columns
from survey_service.db.contact_standing import IN_FRAME, PEOPLE
from survey_service.db.engine import connection


async def withdraw_units(units: Sequence[int] | None = None) -> None:
    """Mark the units (all, unless named) that have nobody in the frame any more."""
    async with connection() as lent:
        await lent.execute(
            f"""UPDATE unit SET is_active = false
                WHERE is_active AND ($1::bigint[] IS NULL OR id = ANY ($1)) AND NOT EXISTS (
                    SELECT FROM ({PEOPLE}) p WHERE p.unit = unit.id AND p.standing = {IN_FRAME})""",  # noqa: S608
            units,
        )


async def read_entering_units(units: Sequence[int] | None = None) -> Columns:
    """Return id, prn and clock of the units that have somebody in the frame but are not marked so yet."""
    return await read_columns(
        f"""SELECT u.id, u.prn, c.clock FROM unit u JOIN cell c ON c.id = u.cell
            WHERE NOT u.is_active AND ($1::bigint[] IS NULL OR u.id = ANY ($1)) AND EXISTS (
                SELECT FROM ({PEOPLE}) p WHERE p.unit = u.id AND p.standing = {IN_FRAME})""",  # noqa: S608
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
