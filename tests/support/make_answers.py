"""Samples and answers by the hundred, for tests of results: a few statements, whatever the size."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from survey_service.db import engine
from survey_service.domain.answers import Answer
from tests.support.make import ZONE, MadeSurvey, insert, make_cell

Typed = str | int | Sequence[str] | Sequence[Answer]
"""An option, a number, or several options; for a text question the text; or answers as they were read."""


async def make_sample(
    survey: MadeSurvey, strata: Mapping[str, tuple[int, int]], *, form: int | None = None
) -> dict[str, list[int]]:
    """A released draw: per stratum (population, invited) gives the ids of its invitations.

    The weight of each member is population / invited.
    """
    form = form or next(iter(survey.forms.values()))
    now = datetime.now(UTC)
    wave = await insert("wave", {"survey": survey.id, "number": 1})
    draw = await insert(
        "draw",
        {
            "wave": wave, "on_day": now.astimezone(ZONE).date(),
            "seed": "made for a test", "algorithm": "made for a test",
            "frame_hash": b"", "frame": b"", "rules": "{}",
        },
    )  # fmt: skip
    replicate = await insert("replicate", {"draw": draw, "number": 1, "released_at": now})
    made = {}
    for name, (population, invited) in strata.items():
        stratum = await insert("stratum", {"survey": survey.id, "name": name})
        await insert(
            "draw_stratum",
            {"draw": draw, "stratum": stratum, "population": population, "asked": invited, "drawn": invited,
             "shortfall": 0},
        )  # fmt: skip
        cell = await make_cell(name)
        async with engine.connection() as connection:
            rows = await connection.fetch(
                _INVITE, cell, name, invited, draw, stratum, replicate, form, population / invited,
                survey.id, wave, now, now + timedelta(days=28),
            )  # fmt: skip
        made[name] = [row["id"] for row in rows]
    return made


async def make_answers(
    survey: MadeSurvey,
    answers: Sequence[Mapping[str, Typed]],
    *,
    invitations: Sequence[int] | None = None,
    disposition: str = "complete",
    channel: str | None = None,
    form: int | None = None,
) -> None:
    """Store answers: of the sample with `invitations` (as many as answers), else of the open link."""
    form = form or next(iter(survey.forms.values()))
    rows: list[tuple[int, str, str | None, str | None, float | None]] = []
    async with engine.transaction() as connection:
        for place, given in enumerate(answers):
            response = await connection.fetchval(
                """INSERT INTO response (survey, questionnaire_version, form, origin, invitation,
                       submission_hash, channel, language, disposition, privacy_notice_version, submission)
                   VALUES ($1, $2, $3, $4, $5, $6, $7, 'en', $8, '2026-11', '{}') RETURNING id""",
                survey.id, survey.questionnaire_version, form,
                "open" if invitations is None else "sample",
                None if invitations is None else invitations[place],
                uuid.uuid4().bytes if invitations is None else None,
                channel, disposition,
            )  # fmt: skip
            rows += [(response, *row) for name, typed in given.items() for row in _rows(survey, name, typed)]
        await connection.executemany(
            """INSERT INTO answer (response, question, option, text_value, number_value)
               VALUES ($1, $2, $3, $4, $5)""",
            rows,
        )
        if invitations is not None:
            await connection.execute(
                "UPDATE invitation SET state = 'answered', answered_at = now() WHERE id = ANY($1)",
                list(invitations[: len(answers)]),
            )


def repeat(**times: Any) -> list[dict[str, Typed]]:
    """`repeat(q1={"yes": 30, "no": 12})`: 42 answers to one question."""
    ((question, counts),) = times.items()
    return [{question: option} for option, count in counts.items() for _ in range(count)]


def _rows(survey: MadeSurvey, name: str, typed: Typed) -> list[tuple[Any, ...]]:
    if isinstance(typed, tuple) and typed and isinstance(typed[0], Answer):
        return [(row.question, row.option, row.text, row.number) for row in typed]
    kind = next(question.type for question in survey.questionnaire.questions() if question.name == name)
    if kind == "integer":
        return [(name, None, None, float(typed))]  # type: ignore[arg-type]
    if kind == "text":
        return [(name, None, typed, None)]
    options = [typed] if isinstance(typed, str) else typed
    return [(name, option, None, None) for option in options]  # type: ignore[union-attr]


_INVITE = """
WITH made_unit AS (
    INSERT INTO unit (reference, kind, cell, prn, ticket)
    SELECT $2 || '-' || n, 'person', $1, random(), random() FROM generate_series(1, $3::int) n
    RETURNING id, reference
), made_contact AS (
    INSERT INTO contact (unit, reference, pseudonym, prn, inner_ticket, language, channel)
    SELECT id, reference, gen_random_uuid(), random(), random(), 'en', 'email' FROM made_unit
    RETURNING id, unit
), made_member AS (
    INSERT INTO draw_member (draw, position, unit, contact, cell, stratum, replicate, form, ticket_before,
                             inclusion_probability, weight)
    SELECT $4, row_number() OVER (), unit, id, $1, $5, $6, $7, 0.5, 1 / $8::float8, $8 FROM made_contact
    RETURNING id, contact
), made_receipt AS (
    INSERT INTO receipt (contact, kind, survey) SELECT contact, 'invitation', $9 FROM made_member
    RETURNING id, contact
)
INSERT INTO invitation (wave, contact, draw_member, form, receipt, token_hash, language, state, sent_at,
                        expires_at)
SELECT $10, made_member.contact, made_member.id, $7, made_receipt.id,
       decode(md5(random()::text || made_member.id), 'hex'), 'en', 'sent', $11, $12
FROM made_member JOIN made_receipt ON made_receipt.contact = made_member.contact
RETURNING id
"""
