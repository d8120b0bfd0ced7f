"""Who accepted the words in a language, of a survey and of the pages around it."""

from datetime import datetime

import msgspec

from survey_service.db.engine import connection


class Review(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody's word that a language is right."""

    language: str
    content_hash: bytes
    """Of the words that were looked at; empty for the pages around a survey."""
    staff_name: str
    at: datetime


async def list_reviews(survey: int) -> dict[str, list[Review]]:
    """The reviews of a survey by language, the newest first: words published before stay accepted."""
    async with connection() as lent:
        rows = await lent.fetch(
            """SELECT review.language, review.content_hash, review.reviewed_at AS at,
                      coalesce(nullif(staff.name, ''), staff.email) AS staff_name
               FROM translation_review review JOIN staff ON staff.id = review.staff
               WHERE review.survey = $1 ORDER BY review.reviewed_at DESC""",
            survey,
        )
    found: dict[str, list[Review]] = {}
    for row in rows:
        found.setdefault(row["language"], []).append(Review(**dict(row)))
    return found


async def set_review(*, survey: int, language: str, content_hash: bytes, staff: int) -> None:
    """Note that somebody accepts these words of a survey."""
    async with connection() as lent:
        await lent.execute(
            """INSERT INTO translation_review (survey, language, content_hash, staff) VALUES ($1, $2, $3, $4)
               ON CONFLICT (survey, language, content_hash) DO UPDATE
               SET staff = excluded.staff, reviewed_at = now()""",
            survey,
            language,
            content_hash,
            staff,
        )


async def remove_review(survey: int, language: str) -> None:
    """Take an acceptance back."""
    async with connection() as lent:
        await lent.execute(
            "DELETE FROM translation_review WHERE survey = $1 AND language = $2", survey, language
        )


async def list_accepted_languages() -> dict[str, Review]:
    """Languages whose pages are accepted."""
    async with connection() as lent:
        rows = await lent.fetch(
            """SELECT accepted.language, ''::bytea AS content_hash, accepted.accepted_at AS at,
                      coalesce(nullif(staff.name, ''), staff.email) AS staff_name
               FROM accepted_language accepted JOIN staff ON staff.id = accepted.staff"""
        )
    return {row["language"]: Review(**dict(row)) for row in rows}


async def accept_language(language: str, *, staff: int) -> None:
    """Note that somebody accepts the pages in a language."""
    async with connection() as lent:
        await lent.execute(
            """INSERT INTO accepted_language (language, staff) VALUES ($1, $2)
               ON CONFLICT (language) DO UPDATE SET staff = excluded.staff, accepted_at = now()""",
            language,
            staff,
        )


async def refuse_language(language: str) -> None:
    """Take the acceptance of a language's pages back."""
    async with connection() as lent:
        await lent.execute("DELETE FROM accepted_language WHERE language = $1", language)


async def list_accepted_words(versions: list[int]) -> dict[int, set[tuple[str, bytes]]]:
    """By questionnaire version: each language of its survey with the hash of words that were accepted."""
    async with connection() as lent:
        rows = await lent.fetch(
            """SELECT version.id, review.language, review.content_hash
               FROM questionnaire_version version JOIN translation_review review
                    ON review.survey = version.survey
               WHERE version.id = ANY($1)""",
            versions,
        )
    accepted: dict[int, set[tuple[str, bytes]]] = {}
    for row in rows:
        accepted.setdefault(row["id"], set()).add((row["language"], row["content_hash"]))
    return accepted
