"""What results are made of: counts and sums by layer, never anybody's own answers.

A layer is a stratum of a draw; the open link has one layer without either. Only answers up to the last full
ten of each origin are counted, in the order they came (domain/disclosure.py says why), and no break-offs.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

import msgspec

from survey_service.db import engine
from survey_service.domain.disclosure import REFRESH_STEP
from survey_service.domain.questionnaire import Texts, declined_option


class ReviewedSurvey(msgspec.Struct, frozen=True, kw_only=True):
    """A survey as its department looks at it."""

    id: int
    slug: str
    title: Texts
    department: int
    department_name: str
    state: str
    has_open_link: bool
    opened_at: datetime | None
    closed_at: datetime | None
    is_anonymous: bool = False


class StratumRow(msgspec.Struct, frozen=True, kw_only=True):
    """Who was invited of one stratum, and how many of the counted answers are complete.

    Without a name: answers of an anonymous survey whose strata are too small to be told.
    """

    stratum: str
    population: int
    invited: int
    complete: int


class SumRow(msgspec.Struct, frozen=True, kw_only=True):
    """Counted answers of one layer: how many, and sums over them of weight w and number y."""

    kind: str
    """layer (all), base (of a question), declined (those who preferred not to say), option, first (in a
    ranking), value (of a number, as the option), place (an option and its number), or number."""
    origin: str
    question: str
    group: str
    """The chosen option of the question that results are broken down by, else empty."""
    option: str
    draw: int
    stratum: int
    n: int
    w: float
    w2: float
    wy: float
    w2y: float
    w2y2: float


_SURVEY = """SELECT survey.id, survey.slug, survey.title, survey.department,
    department.name AS department_name, survey.state, survey.has_open_link, survey.is_anonymous,
    survey.opened_at, survey.closed_at
    FROM survey JOIN department ON department.id = survey.department"""

# Answers of an anonymous survey bring draw, stratum and weight along, or where too few answered the weight
# alone: those are a layer of their own.
# `weight` is that of the whole draw; what was not released yet was not asked, so it counts for less. What was
# sent stays released, also when the person declined it: that is a refusal, not a smaller sample.
_COUNTED = f"""
WITH member AS (
    SELECT member.id, member.draw, member.stratum, member.weight, invitation.id AS invitation,
           invitation.sent_at
    FROM wave
    JOIN draw ON draw.wave = wave.id
    JOIN draw_member member ON member.draw = draw.id
    LEFT JOIN invitation ON invitation.draw_member = member.id
    WHERE wave.survey = $1
),
layer AS (
    SELECT draw, stratum, count(*) AS drawn, count(*) FILTER (WHERE sent_at IS NOT NULL) AS released
    FROM member GROUP BY draw, stratum
),
ranked AS (
    SELECT id, origin, channel, mode, disposition, invitation, draw, stratum, weight,
           row_number() OVER (PARTITION BY origin ORDER BY id) AS place,
           count(*) OVER (PARTITION BY origin) AS answers
    FROM response
    WHERE survey = $1 AND disposition IN ('complete', 'partial')
      -- An open answer in doubt counts once staff overlook each of its doubts; one of the sample has none.
      AND string_to_array(flags, ' ') <@ (SELECT coalesce(array_agg(reason::text), '{{}}')
                                          FROM counted_flag WHERE counted_flag.survey = $1)
),
counted AS MATERIALIZED (
    SELECT ranked.id, ranked.origin, ranked.mode, ranked.disposition, coalesce(ranked.channel, '') AS channel,
           coalesce(member.draw, ranked.draw, 0) AS draw,
           coalesce(member.stratum, ranked.stratum, 0) AS stratum,
           coalesce(coalesce(member.weight, ranked.weight) * layer.drawn / nullif(layer.released, 0),
                    ranked.weight, 1) AS w
    FROM ranked LEFT JOIN member ON member.invitation = ranked.invitation
    LEFT JOIN layer ON layer.draw = coalesce(member.draw, ranked.draw)
        AND layer.stratum = coalesce(member.stratum, ranked.stratum)
    WHERE ranked.place <= ranked.answers - ranked.answers % {REFRESH_STEP}
)
"""  # noqa: S608

_STRATA = """,
complete AS (
    SELECT draw, stratum, count(*) AS complete FROM counted
    WHERE origin = 'sample' AND disposition = 'complete' GROUP BY draw, stratum
)
SELECT stratum.name AS stratum,
       coalesce(sum(size.population), 0)::bigint AS population,
       coalesce(sum(asked.released), 0)::bigint AS invited,
       coalesce(sum(answered.complete), 0)::bigint AS complete
FROM stratum
JOIN layer asked ON asked.stratum = stratum.id
LEFT JOIN complete answered ON answered.draw = asked.draw AND answered.stratum = asked.stratum
LEFT JOIN draw_stratum size ON size.draw = asked.draw AND size.stratum = asked.stratum
WHERE stratum.survey = $1
GROUP BY stratum.id, stratum.name
UNION ALL
SELECT '', 0, 0, complete FROM complete WHERE stratum = 0
ORDER BY stratum
"""

_SUMS = """,
answered AS (
    SELECT counted.*, answer.question, answer.option, answer.number_value AS y,
           {group} AS group_name
    FROM counted JOIN answer ON answer.response = counted.id
    {join}
)
SELECT 'layer' AS kind, origin, '' AS question, '' AS group_name, '' AS option, draw, stratum,
       count(*) AS n, sum(w) AS w, sum(w * w) AS w2, 0 AS wy, 0 AS w2y, 0 AS w2y2
FROM counted GROUP BY origin, draw, stratum
UNION ALL
SELECT 'base', origin, question, group_name, '', draw, stratum,
       count(*), sum(w), sum(w * w), 0, 0, 0
FROM (SELECT DISTINCT id, origin, question, group_name, draw, stratum, w FROM answered
      WHERE option IS DISTINCT FROM '{declined}') AS one_each
GROUP BY origin, question, group_name, draw, stratum
UNION ALL
SELECT 'declined', origin, question, group_name, '', draw, stratum, count(*), sum(w), sum(w * w), 0, 0, 0
FROM answered WHERE option = '{declined}'
GROUP BY origin, question, group_name, draw, stratum
UNION ALL
SELECT 'option', origin, question, group_name, option, draw, stratum,
       count(*), sum(w), sum(w * w), 0, 0, 0
FROM answered WHERE option <> '{declined}'
GROUP BY origin, question, group_name, option, draw, stratum
UNION ALL
SELECT 'first', origin, question, group_name, option, draw, stratum, count(*), sum(w), sum(w * w), 0, 0, 0
FROM answered WHERE y = 1 AND option IS NOT NULL
GROUP BY origin, question, group_name, option, draw, stratum
UNION ALL
SELECT 'value', origin, question, group_name, y::text, draw, stratum, count(*), sum(w), sum(w * w), 0, 0, 0
FROM answered WHERE y IS NOT NULL AND option IS NULL
GROUP BY origin, question, group_name, y, draw, stratum
UNION ALL
SELECT 'place', origin, question, group_name, option || ' ' || y, draw, stratum,
       count(*), sum(w), sum(w * w), 0, 0, 0
FROM answered WHERE y IS NOT NULL AND option IS NOT NULL
GROUP BY origin, question, group_name, option, y, draw, stratum
UNION ALL
SELECT 'number', origin, question, group_name, coalesce(option, ''), draw, stratum,
       count(*), sum(w), sum(w * w), sum(w * y), sum(w * w * y), sum(w * w * y * y)
FROM answered WHERE y IS NOT NULL
GROUP BY origin, question, group_name, option, draw, stratum
"""
_PLAIN_SUMS = _SUMS.format(group="''", join="", declined=declined_option)
_BROKEN_DOWN_SUMS = _SUMS.format(
    group="by_answer.option",
    join="""JOIN answer by_answer ON by_answer.response = counted.id
        AND by_answer.question = $2 AND by_answer.option IS NOT NULL""",
    declined=declined_option,
)

_CHANNELS = """
SELECT channel, count(*) AS answers FROM counted WHERE origin = 'open' GROUP BY channel ORDER BY channel
"""

_MODES = "SELECT mode, count(*) AS answers FROM counted WHERE origin = 'sample' GROUP BY mode ORDER BY mode"


@asynccontextmanager
async def one_moment() -> AsyncIterator[None]:
    """Everything read inside is of the same moment, so that no two tables of a page contradict each other."""
    async with engine.transaction() as connection:
        await connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


async def find_survey(slug: str) -> ReviewedSurvey | None:
    """The survey of this name."""
    async with engine.connection() as connection:
        row = await connection.fetchrow(f"{_SURVEY} WHERE survey.slug = $1", slug)
    return None if row is None else _survey(dict(row))


async def list_surveys(department: int | None) -> list[ReviewedSurvey]:
    """A department's surveys, or everybody's; the newest first."""
    async with engine.connection() as connection:
        rows = await connection.fetch(
            f"""{_SURVEY} WHERE $1::bigint IS NULL OR survey.department = $1
                ORDER BY survey.created_at DESC, survey.id DESC""",
            department,
        )
    return [_survey(dict(row)) for row in rows]


async def count_strata(survey: int) -> list[StratumRow]:
    """Invited and complete by stratum, over all waves."""
    async with engine.connection() as connection:
        rows = await connection.fetch(_COUNTED + _STRATA, survey)
    return [StratumRow(**dict(row)) for row in rows]


async def sum_answers(survey: int, *, by: str | None = None) -> list[SumRow]:
    """Everything estimates are made of, in one statement, so that all of it is of the same moment."""
    async with engine.connection() as connection:
        if by is None:
            rows = await connection.fetch(_COUNTED + _PLAIN_SUMS, survey)
        else:
            rows = await connection.fetch(_COUNTED + _BROKEN_DOWN_SUMS, survey, by)
    return [SumRow(**{_FIELDS.get(name, name): value for name, value in row.items()}) for row in rows]


async def count_channels(survey: int) -> dict[str, int]:
    """Answers of the open link by channel; an empty name where none was given."""
    async with engine.connection() as connection:
        rows = await connection.fetch(_COUNTED + _CHANNELS, survey)
    return {row["channel"]: row["answers"] for row in rows}


async def count_modes(survey: int) -> dict[str, int]:
    """Answers of the sample by how they were given."""
    async with engine.connection() as connection:
        rows = await connection.fetch(_COUNTED + _MODES, survey)
    return {row["mode"]: row["answers"] for row in rows}


_FIELDS = {"group_name": "group"}


def _survey(row: dict[str, object]) -> ReviewedSurvey:
    title = msgspec.json.decode(str(row.pop("title")), type=Texts)
    return msgspec.convert({**row, "title": title}, ReviewedSurvey)
