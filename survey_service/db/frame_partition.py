"""How the register is divided: the cell each unit belongs in by a definition, moves, and counts.

The name of a cell begins with the audience; what is not ordinary follows: `resident`,
`resident|frequency=1`, `resident|arm=random`, `resident|frequency=1|arm=random|ward=Aldgate`.
"""

from collections.abc import Sequence

import msgspec

from survey_service.db.columns import Columns, read_columns
from survey_service.db.engine import connection

AUDIENCE = "split_part({}, '|', 1)"
"""SQL of the audience in the name of a cell."""

BUILT_IN = ("audience", "frequency", "arm")
"""Dimensions of every definition."""

_LONGEST_KEY = 200
_VALUE = "nullif(c.attributes ->> ${place}, '')"
_ATTRIBUTE = """
    CASE WHEN count({value}) = 0 THEN ''
        WHEN count({value}) < count(*) OR min({value}) <> max({value}) THEN '|' || ${place} || '=mixed'
        ELSE '|' || ${place} || '=' || replace(replace(replace(
            min({value}), '%', '%25'), '|', '%7C'), ',', '%2C') END
"""

_KEYS = """
    SELECT u.id AS unit, u.prn, u.cell, u.is_active, CASE WHEN length(x.key) <= {longest} THEN x.key
        ELSE left(x.key, {longest} - 10) || '~' || left(md5(x.key), 9) END AS key
    FROM unit u JOIN cell k ON k.id = u.cell
    LEFT JOIN (
        SELECT c.unit,
            CASE WHEN bool_and(c.surveys_a_year IS NOT DISTINCT FROM 0) THEN 0
                ELSE min(c.surveys_a_year) FILTER (WHERE c.surveys_a_year > 0) END AS frequency,
            bool_or(c.is_in_random_arm) AS in_arm, {attributes} AS attributes
        FROM contact c
        WHERE c.state NOT IN ('left', 'erased') AND ($1::bigint[] IS NULL OR c.unit = ANY ($1))
        GROUP BY c.unit) p ON p.unit = u.id
    CROSS JOIN LATERAL (SELECT {audience} || coalesce('|frequency=' || p.frequency, '')
        || CASE WHEN p.in_arm THEN '|arm=random' ELSE '' END || coalesce(p.attributes, '') AS key) x
    WHERE $1::bigint[] IS NULL OR u.id = ANY ($1)
"""

_NEW_CELLS = """
    INSERT INTO cell (cell_definition, key, clock)
    SELECT d.id, x.key, x.clock FROM (
        SELECT q.key, k.clock,
            row_number() OVER (PARTITION BY q.key ORDER BY count(*) DESC, k.key COLLATE "C") AS place
        FROM ({keys}) q JOIN cell k ON k.id = q.cell GROUP BY q.key, k.id) x
    JOIN cell_definition d ON d.is_current
    WHERE x.place = 1
    ON CONFLICT DO NOTHING RETURNING id
"""

_MOVES = """
    SELECT q.unit, q.prn, k.id, k.clock FROM ({keys}) q
    JOIN cell_definition d ON d.is_current
    JOIN cell k ON k.key = q.key AND k.cell_definition = d.id
    WHERE k.id <> q.cell
"""

_COUNTS = """
    SELECT q.key, count(*) AS units, count(*) FILTER (WHERE q.is_active) AS in_frame
    FROM ({keys}) q GROUP BY q.key ORDER BY q.key COLLATE "C"
"""

_ORIGINS = """
    SELECT DISTINCT s.slug, q.key, st.name AS stratum FROM (
        SELECT DISTINCT q.key, q.cell FROM ({keys}) q) q
    CROSS JOIN survey s
    LEFT JOIN stratum_cell sc ON sc.survey = s.id AND sc.cell = q.cell
    LEFT JOIN stratum st ON st.id = sc.stratum
    WHERE s.has_own_strata AND s.state <> 'closed' ORDER BY s.slug, q.key, st.name NULLS FIRST
"""


class CellCount(msgspec.Struct, frozen=True, kw_only=True):
    """How many units belong in a cell, and how many of them are in the frame."""

    key: str
    units: int
    in_frame: int


class Origin(msgspec.Struct, frozen=True, kw_only=True):
    """Of a survey with its own strata: a stratum (or none) from which units go to a cell."""

    slug: str
    key: str
    stratum: str | None


async def add_missing_cells(attributes: Sequence[str], units: Sequence[int] | None) -> list[int]:
    """Make the cells these units (all: None) belong in, as far as there are none; return their ids.

    A new cell begins with the clock of the cell most of its units come from.
    """
    async with connection() as lent:
        rows = await lent.fetch(_NEW_CELLS.format(keys=_keys(attributes)), units, *attributes)
    return [row["id"] for row in rows]


async def read_moves(attributes: Sequence[str], units: Sequence[int] | None) -> Columns:
    """Return the units that are in another cell than the one they belong in: unit, prn, cell and clock."""
    return await read_columns(
        _MOVES.format(keys=_keys(attributes)),
        units,
        *attributes,
        columns={"unit": "int8", "prn": "float8", "cell": "int8", "clock": "float8"},
    )


async def move_units(units: Sequence[int], cells: Sequence[int], tickets: Sequence[float]) -> None:
    """Put units into cells at their places."""
    async with connection() as lent:
        await lent.execute(
            """UPDATE unit SET cell = new.cell, ticket = new.ticket
               FROM unnest($1::bigint[], $2::bigint[], $3::float8[]) AS new (id, cell, ticket)
               WHERE unit.id = new.id""",
            units,
            cells,
            tickets,
        )


async def count_cells(attributes: Sequence[str]) -> list[CellCount]:
    """Return the cells that a definition by these attributes fills, with their units, by key."""
    async with connection() as lent:
        rows = await lent.fetch(_COUNTS.format(keys=_keys(attributes)), None, *attributes)
    return [CellCount(**row) for row in rows]


async def list_origins(attributes: Sequence[str]) -> list[Origin]:
    """Return from which strata of surveys with their own units would go to which cells."""
    async with connection() as lent:
        rows = await lent.fetch(_ORIGINS.format(keys=_keys(attributes)), None, *attributes)
    return [Origin(**row) for row in rows]


async def list_attributes() -> list[str]:
    """Return the names of the attributes anybody has."""
    async with connection() as lent:
        rows = await lent.fetch(
            """SELECT DISTINCT jsonb_object_keys(attributes) AS name FROM contact
               WHERE state NOT IN ('left', 'erased') ORDER BY name"""
        )
    return [row["name"] for row in rows]


def _keys(attributes: Sequence[str]) -> str:
    """Return SQL of unit, prn, cell, is_active and key; its arguments are the units, then the attributes."""
    parts = [
        _ATTRIBUTE.format(value=_VALUE.format(place=f"{place}::text"), place=f"{place}::text")
        for place in range(2, len(attributes) + 2)
    ]
    return _KEYS.format(
        longest=_LONGEST_KEY, attributes=" || ".join(parts) or "''", audience=AUDIENCE.format("k.key")
    )
