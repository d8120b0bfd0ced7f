"""Surveys: found by slug, made, opened and closed; their strata."""

from datetime import datetime

import msgspec

from survey_service.db.engine import connection

_COLUMNS = """
    SELECT s.id, s.slug, d.name AS department, s.title, s.state, s.has_open_link, s.created_at, s.opened_at,
        s.closed_at, s.purpose, s.is_anonymous
    FROM survey s JOIN department d ON d.id = s.department
"""


class Survey(msgspec.Struct, frozen=True, kw_only=True):
    """A survey."""

    id: int
    slug: str
    department: str
    title: dict[str, str]
    state: str
    """draft, open or closed."""
    has_open_link: bool
    created_at: datetime
    opened_at: datetime | None
    closed_at: datetime | None
    purpose: str = ""
    """What it is for, as limits and freezes name it; empty: none of them."""
    is_anonymous: bool = False


class SurveyStratum(msgspec.Struct, frozen=True, kw_only=True):
    """A stratum and the cells (by id) that make it up."""

    id: int
    name: str
    cells: tuple[int, ...]


async def find_survey(slug: str) -> Survey | None:
    """Return the survey of this name."""
    async with connection() as lent:
        row = await lent.fetchrow(f"{_COLUMNS} WHERE s.slug = $1", slug)
    return None if row is None else _to_survey(dict(row))


async def list_surveys() -> list[Survey]:
    """Return every survey, the newest first."""
    async with connection() as lent:
        rows = await lent.fetch(f"{_COLUMNS} ORDER BY s.id DESC")
    return [_to_survey(dict(row)) for row in rows]


async def add_survey(*, slug: str, department: int, title: dict[str, str], has_open_link: bool) -> int:
    """Make a draft; return its id."""
    async with connection() as lent:
        return int(
            await lent.fetchval(
                """INSERT INTO survey (slug, department, title, has_open_link) VALUES ($1, $2, $3, $4)
                   RETURNING id""",
                slug,
                department,
                msgspec.json.encode(title).decode(),
                has_open_link,
            )
        )


async def update_survey(survey: int, *, title: dict[str, str], has_open_link: bool) -> None:
    """Give a survey the title of its newest questionnaire, and its open link if it is to have one."""
    async with connection() as lent:
        await lent.execute(
            "UPDATE survey SET title = $2, has_open_link = $3 WHERE id = $1",
            survey,
            msgspec.json.encode(title).decode(),
            has_open_link,
        )


async def set_title(survey: int, title: dict[str, str]) -> None:
    """Give a survey the title of what is served."""
    async with connection() as lent:
        await lent.execute(
            "UPDATE survey SET title = $2 WHERE id = $1 AND title <> $2",
            survey,
            msgspec.json.encode(title).decode(),
        )


async def set_open_link(survey: int, has_open_link: bool) -> None:
    """Let anybody answer, or only those who are invited."""
    async with connection() as lent:
        await lent.execute(
            "UPDATE survey SET has_open_link = $2 WHERE id = $1 AND has_open_link <> $2",
            survey,
            has_open_link,
        )


async def open_survey(survey: int, at: datetime) -> None:
    """Take answers from now on."""
    async with connection() as lent:
        await lent.execute(
            "UPDATE survey SET state = 'open', opened_at = $2 WHERE id = $1",
            survey,
            at,
        )


async def close_survey(survey: int, at: datetime) -> None:
    """Take no more answers."""
    async with connection() as lent:
        await lent.execute("UPDATE survey SET state = 'closed', closed_at = $2 WHERE id = $1", survey, at)


async def set_purpose(survey: int, purpose: str) -> None:
    """Say what a survey is for."""
    async with connection() as lent:
        await lent.execute("UPDATE survey SET purpose = $2 WHERE id = $1", survey, purpose)


async def has_waves(survey: int) -> bool:
    """Tell whether anybody was ever drawn for a survey."""
    async with connection() as lent:
        return bool(await lent.fetchval("SELECT EXISTS (SELECT FROM wave WHERE survey = $1)", survey))


async def is_anonymous(survey: int, *, is_locked: bool = False) -> bool:
    """Tell whether a survey is anonymous; locked, nobody is drawn for it until the transaction ends."""
    async with connection() as lent:
        if is_locked:
            await lent.execute("SELECT FROM survey WHERE id = $1 FOR UPDATE", survey)
        return bool(await lent.fetchval("SELECT is_anonymous FROM survey WHERE id = $1", survey))


async def set_anonymous(survey: int, is_anonymous: bool) -> None:
    """Say whether a survey is anonymous."""
    async with connection() as lent:
        await lent.execute("UPDATE survey SET is_anonymous = $2 WHERE id = $1", survey, is_anonymous)


async def has_people(survey: int) -> bool:
    """Tell whether anybody was ever drawn for a survey or has answered it."""
    async with connection() as lent:
        return bool(
            await lent.fetchval(
                """SELECT EXISTS (SELECT FROM wave WHERE survey = $1)
                       OR EXISTS (SELECT FROM response WHERE survey = $1)""",
                survey,
            )
        )


async def list_purposes() -> list[str]:
    """Return the purposes that surveys have."""
    async with connection() as lent:
        rows = await lent.fetch("SELECT DISTINCT purpose FROM survey WHERE purpose <> '' ORDER BY purpose")
    return [row["purpose"] for row in rows]


async def add_missing_strata(survey: int) -> None:
    """Put current cells that are in no stratum into that of their audience, made when missing.

    A survey whose strata were set by name has those and no others.
    """
    async with connection() as lent:
        await lent.execute(
            """WITH missing AS (
                   SELECT c.id, split_part(c.key, '|', 1) AS audience
                   FROM cell c JOIN cell_definition d ON d.id = c.cell_definition
                   JOIN survey s ON s.id = $1 AND NOT s.has_own_strata
                   WHERE d.is_current AND NOT EXISTS (
                       SELECT FROM stratum_cell sc WHERE sc.survey = $1 AND sc.cell = c.id)
               ), made AS (
                   INSERT INTO stratum (survey, name)
                   SELECT $1, audience FROM (SELECT DISTINCT audience FROM missing) x
                   ORDER BY audience COLLATE "C" ON CONFLICT DO NOTHING RETURNING id, name
               ), known AS (
                   SELECT id, name FROM made UNION ALL SELECT id, name FROM stratum WHERE survey = $1
               )
               INSERT INTO stratum_cell (survey, stratum, cell)
               SELECT $1, known.id, missing.id FROM missing JOIN known ON known.name = missing.audience
               ON CONFLICT DO NOTHING""",
            survey,
        )


async def list_strata(survey: int) -> list[SurveyStratum]:
    """Return the strata by name, each with its cells of the current definition."""
    async with connection() as lent:
        rows = await lent.fetch(
            """SELECT s.id, s.name, array_agg(sc.cell ORDER BY sc.cell) AS cells
               FROM stratum s JOIN stratum_cell sc ON sc.stratum = s.id JOIN cell c ON c.id = sc.cell
               JOIN cell_definition d ON d.id = c.cell_definition AND d.is_current
               WHERE s.survey = $1 GROUP BY s.id ORDER BY s.name COLLATE "C\"""",
            survey,
        )
    return [SurveyStratum(id=row["id"], name=row["name"], cells=tuple(row["cells"])) for row in rows]


def _to_survey(row: dict[str, object]) -> Survey:
    row["title"] = msgspec.json.decode(str(row["title"]))
    return msgspec.convert(row, Survey)
