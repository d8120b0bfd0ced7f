"""What is served: questionnaire versions with their forms, and surveys by the name in an open link."""

from collections.abc import Sequence
from typing import Any

import msgspec

from survey_service.db import engine
from survey_service.domain.other_ways import Way, merge_ways
from survey_service.domain.questionnaire import Form, Question, Questionnaire


class ServedVersion(msgspec.Struct, frozen=True, kw_only=True):
    """A questionnaire version; once used nothing of it changes but how long its forms take people."""

    id: int
    questionnaire: Questionnaire
    forms: dict[int, Form]
    """By id, in the order they were made."""
    ways: tuple[Way, ...] = ()
    """Other ways to answer that are offered."""
    left_out: tuple[Question, ...] = ()
    """Questions one person is not asked, because the answers are known."""

    @property
    def key(self) -> tuple[int, tuple[str, ...]]:
        """Tells versions apart, and what is left out of one."""
        return self.id, tuple(question.name for question in self.left_out)


class OpenSurvey(msgspec.Struct, frozen=True, kw_only=True):
    """A survey as its open link finds it."""

    id: int
    slug: str
    is_open: bool
    has_open_link: bool
    questionnaire_version: int
    """The newest one."""
    versions: frozenset[int]
    """Every one: a page that was got before a newer one was published still has an older one."""


async def find_served_versions(ids: list[int]) -> dict[int, ServedVersion]:
    """The questionnaire versions with these ids."""
    async with engine.connection() as connection:
        versions = await connection.fetch(
            "SELECT id, survey, definition FROM questionnaire_version WHERE id = ANY($1)", ids
        )
        ways = await connection.fetch(
            """SELECT survey, kind, value FROM other_way WHERE survey IS NULL OR survey IN (
                   SELECT survey FROM questionnaire_version WHERE id = ANY($1))""",
            ids,
        )
        forms = await connection.fetch(
            """SELECT id, questionnaire_version, key, block_names, share, points, planned_seconds,
                   measured_seconds
               FROM form WHERE questionnaire_version = ANY($1) ORDER BY id""",
            ids,
        )
    return {
        version["id"]: ServedVersion(
            id=version["id"],
            questionnaire=msgspec.json.decode(version["definition"], type=Questionnaire),
            forms={
                form["id"]: Form(
                    key=form["key"],
                    block_names=msgspec.json.decode(form["block_names"], type=tuple[str, ...]),
                    share=form["share"],
                    points=form["points"],
                    planned_seconds=form["planned_seconds"],
                    measured_seconds=form["measured_seconds"],
                )
                for form in forms
                if form["questionnaire_version"] == version["id"]
            },
            ways=merge_ways(_ways_of(ways, None), _ways_of(ways, version["survey"])),
        )
        for version in versions
    }


def _ways_of(rows: Sequence[Any], survey: int | None) -> dict[str, str]:
    return {row["kind"]: row["value"] for row in rows if row["survey"] == survey}


async def find_open_surveys(slugs: list[str]) -> dict[str, OpenSurvey]:
    """The surveys with these names that have a questionnaire, whatever their state."""
    async with engine.connection() as connection:
        rows = await connection.fetch(
            """SELECT survey.id, survey.slug, survey.state = 'open' AS is_open, survey.has_open_link,
                      array_agg(version.id ORDER BY version.number DESC) AS versions
               FROM survey JOIN questionnaire_version version ON version.survey = survey.id
               WHERE survey.slug = ANY($1) AND survey.state <> 'draft'
               GROUP BY survey.id""",
            slugs,
        )
    return {
        row["slug"]: OpenSurvey(
            id=row["id"],
            slug=row["slug"],
            is_open=row["is_open"],
            has_open_link=row["has_open_link"],
            questionnaire_version=row["versions"][0],
            versions=frozenset(row["versions"]),
        )
        for row in rows
    }
