"""Cells of the current definition and the clocks of their queues."""

from collections.abc import Sequence

import msgspec

from survey_service.db.engine import connection

FIRST_DIMENSIONS = ["audience", "frequency", "arm"]
"""What divides the register until somebody adds attributes."""


class Cell(msgspec.Struct, frozen=True, kw_only=True):
    """One cell; `clock` is the largest ticket taken so far."""

    id: int
    key: str
    clock: float


async def get_definition() -> int:
    """Return the current definition of cells; the first call makes one without attributes."""
    async with connection() as lent:
        await lent.execute(
            "INSERT INTO cell_definition (dimensions) VALUES ($1) ON CONFLICT DO NOTHING",
            msgspec.json.encode(FIRST_DIMENSIONS).decode(),
        )
        return int(await lent.fetchval("SELECT id FROM cell_definition WHERE is_current"))


async def get_dimensions() -> list[str]:
    """Return the dimensions of the current definition; the attributes follow the three it always has."""
    await get_definition()
    async with connection() as lent:
        found = await lent.fetchval("SELECT dimensions FROM cell_definition WHERE is_current")
    return msgspec.json.decode(found, type=list[str])


async def replace_definition(dimensions: Sequence[str]) -> None:
    """Make another definition the current one; its cells are still to be made and filled."""
    async with connection() as lent:
        await lent.execute("UPDATE cell_definition SET is_current = false WHERE is_current")
        await lent.execute(
            "INSERT INTO cell_definition (dimensions) VALUES ($1)", msgspec.json.encode(dimensions).decode()
        )


async def list_cells() -> list[Cell]:
    """Return the cells of the current definition, by key."""
    async with connection() as lent:
        rows = await lent.fetch(
            """SELECT c.id, c.key, c.clock FROM cell c JOIN cell_definition d ON d.id = c.cell_definition
               WHERE d.is_current ORDER BY c.key COLLATE "C\""""
        )
    return [Cell(**row) for row in rows]


async def list_arm_cells() -> list[int]:
    """Return the cells of the current definition whose units are in the randomised arm."""
    async with connection() as lent:
        rows = await lent.fetch(
            """SELECT c.id FROM cell c JOIN cell_definition d ON d.id = c.cell_definition
               WHERE d.is_current AND '|' || c.key || '|' LIKE '%|arm=random|%'"""
        )
    return [row["id"] for row in rows]


async def set_clocks(cells: Sequence[int], clocks: Sequence[float]) -> None:
    """Write the clocks of cells (by id)."""
    async with connection() as lent:
        await lent.execute(
            """UPDATE cell SET clock = new.clock FROM unnest($1::bigint[], $2::float8[]) AS new (id, clock)
               WHERE cell.id = new.id AND cell.clock IS DISTINCT FROM new.clock""",
            cells,
            clocks,
        )
