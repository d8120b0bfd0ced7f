"""Versions of a survey's questionnaire and the forms made of them; never changed once stored."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from survey_service.db.engine import connection
from survey_service.db.served_form import ServedVersion, find_served_versions
from survey_service.domain.questionnaire import Form, Questionnaire


class VersionFacts(msgspec.Struct, frozen=True, kw_only=True):
    """The newest version by its hash."""

    id: int
    number: int
    content_hash: bytes


class VersionLine(msgspec.Struct, frozen=True, kw_only=True):
    """One version in the list of them."""

    number: int
    created_at: datetime
    answers: int
    """Responses that were given to it, rounded down to ten."""


async def list_versions(survey: int) -> list[VersionLine]:
    """Every version, newest first."""
    async with connection() as lent:
        rows = await lent.fetch(
            """SELECT version.number, version.created_at,
                      (SELECT count(*) / 10 * 10 FROM response
                       WHERE response.questionnaire_version = version.id) AS answers
               FROM questionnaire_version version WHERE version.survey = $1 ORDER BY version.number DESC""",
            survey,
        )
    return [VersionLine(**dict(row)) for row in rows]


async def list_questionnaires(survey: int) -> list[Questionnaire]:
    """The questionnaire of every version, newest first."""
    async with connection() as lent:
        rows = await lent.fetch(
            "SELECT definition FROM questionnaire_version WHERE survey = $1 ORDER BY number DESC", survey
        )
    return [msgspec.json.decode(row["definition"], type=Questionnaire) for row in rows]


async def find_newest_version(survey: int) -> VersionFacts | None:
    """Return the newest version of a survey."""
    async with connection() as lent:
        row = await lent.fetchrow(
            """SELECT id, number, content_hash FROM questionnaire_version
               WHERE survey = $1 ORDER BY number DESC LIMIT 1""",
            survey,
        )
    return None if row is None else VersionFacts(**row)


async def load_newest_version(survey: int) -> ServedVersion | None:
    """Return the newest questionnaire of a survey with its forms."""
    newest = await find_newest_version(survey)
    return None if newest is None else (await find_served_versions([newest.id]))[newest.id]


async def add_version(
    *, survey: int, number: int, questionnaire: Questionnaire, content_hash: bytes, forms: Sequence[Form]
) -> int:
    """Store a version with its forms; return its id."""
    async with connection() as lent:
        version: int = await lent.fetchval(
            """INSERT INTO questionnaire_version (survey, number, definition, content_hash)
               VALUES ($1, $2, $3, $4) RETURNING id""",
            survey,
            number,
            msgspec.json.encode(questionnaire).decode(),
            content_hash,
        )
        await lent.executemany(
            """INSERT INTO form (questionnaire_version, key, block_names, share, points, planned_seconds)
               VALUES ($1, $2, $3, $4, $5, $6)""",
            [
                (version, form.key, _json(form.block_names), form.share, form.points, form.planned_seconds)
                for form in forms
            ],
        )
    return version


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
