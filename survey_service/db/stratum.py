"""Strata that a survey was given by name: unions of whole cells."""

from collections.abc import Mapping, Sequence

from survey_service.db.engine import connection

_SIBLINGS = r"""
    WITH current AS (
        SELECT c.id, c.key, regexp_replace(c.key, '\|(frequency=[0-4]|arm=random)', '', 'g') AS base
        FROM cell c JOIN cell_definition d ON d.id = c.cell_definition WHERE d.is_current)
    INSERT INTO stratum_cell (survey, stratum, cell)
    SELECT DISTINCT ON (s.id, mine.id) s.id, sc.stratum, mine.id
    FROM current mine JOIN current other ON other.base = mine.base AND other.id <> ALL ($1::bigint[])
    JOIN stratum_cell sc ON sc.cell = other.id
    JOIN survey s ON s.id = sc.survey AND s.has_own_strata AND s.state <> 'closed'
    WHERE mine.id = ANY ($1::bigint[])
    ORDER BY s.id, mine.id, length(other.key), other.key COLLATE "C"
    ON CONFLICT DO NOTHING
"""


async def join_siblings(cells: Sequence[int]) -> None:
    """Put new cells into the stratum of the cell they differ from by frequency or arm alone.

    Somebody who chooses another frequency stays in the stratum they were in. Only surveys with strata of
    their own are concerned: elsewhere every audience is a stratum.
    """
    async with connection() as lent:
        await lent.execute(_SIBLINGS, cells)


async def set_strata(survey: int, strata: Mapping[str, Sequence[int]]) -> None:
    """Give a survey these strata (name to cells by id) and no others; none: an audience each again."""
    names = list(strata)
    cells = [(name, one) for name, members in strata.items() for one in members]
    async with connection() as lent:
        await lent.execute("DELETE FROM stratum_cell WHERE survey = $1", survey)
        await lent.execute("DELETE FROM stratum WHERE survey = $1", survey)
        await lent.execute("UPDATE survey SET has_own_strata = $2 WHERE id = $1", survey, bool(names))
        await lent.execute("INSERT INTO stratum (survey, name) SELECT $1, unnest($2::text[])", survey, names)
        await lent.execute(
            """INSERT INTO stratum_cell (survey, stratum, cell)
               SELECT $1, s.id, new.cell FROM unnest($2::text[], $3::bigint[]) AS new (name, cell)
               JOIN stratum s ON s.survey = $1 AND s.name = new.name""",
            survey,
            [name for name, _ in cells],
            [one for _, one in cells],
        )


async def add_cells(rows: Sequence[tuple[str, str, str]]) -> None:
    """Add current cells to strata: slug of the survey, name of the stratum, key of the cell."""
    async with connection() as lent:
        await lent.execute(
            """INSERT INTO stratum_cell (survey, stratum, cell)
               SELECT s.id, st.id, c.id
               FROM unnest($1::text[], $2::text[], $3::text[]) AS new (slug, name, key)
               JOIN survey s ON s.slug = new.slug JOIN stratum st ON st.survey = s.id AND st.name = new.name
               JOIN cell c ON c.key = new.key
               JOIN cell_definition d ON d.id = c.cell_definition AND d.is_current
               ON CONFLICT DO NOTHING""",
            *([row[place] for row in rows] for place in range(3)),
        )
