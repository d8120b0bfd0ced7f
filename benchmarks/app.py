"""The real application with the floors beside it: a bare route, and other ways to store an answer."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from litestar import Request, get, post
from litestar.types import ASGIApp

from survey_service.app import create_app, settle_memory
from survey_service.db import engine
from survey_service.db.submission import Outcome, Submission, store_submissions
from survey_service.settings import Settings
from survey_service.web.respondent.page_answer import PageAnswer

bare_page: dict[str, bytes] = {}


@get("/health/bare")
async def bare() -> ASGIApp:
    """The same bytes, from a route that does nothing."""
    return PageAnswer(bare_page["page"])


@post("/health/bare", status_code=200)
async def set_bare_page(request: Request[Any, Any, Any]) -> None:
    """Take the bytes of the bare route."""
    bare_page["page"] = await request.body()


class NoDatabase:
    """The floor: acknowledges at once and stores nothing."""

    async def submit(self, submission: Submission) -> Outcome:
        return Outcome.STORED


class OneStatement:
    """The same statement as the group commit, for one submission, over the pool."""

    async def submit(self, submission: Submission) -> Outcome:
        async with engine.connection() as connection:
            [outcome] = await store_submissions(connection, [submission])
        return outcome


class TransactionARequest:
    """What is usually written: a transaction a request, over the pool."""

    async def submit(self, s: Submission) -> Outcome:
        async with engine.transaction() as connection:
            claimed = await connection.fetchrow(
                """UPDATE invitation SET state = 'answered', answered_at = $2
                   WHERE token_hash = $1 AND state = 'sent' RETURNING id, contact""",
                s.token_hash,
                s.submitted_at,
            )
            if claimed is None:
                return Outcome.ALREADY_ANSWERED
            response = await connection.fetchval(
                """INSERT INTO response (survey, questionnaire_version, form, origin, invitation, language,
                       disposition, privacy_notice_version, submission, submitted_at)
                   VALUES ($1, $2, $3, 'sample', $4, $5, $6, $7, $8, $9) RETURNING id""",
                *(s.survey, s.questionnaire_version, s.form, claimed["id"], s.language),
                *(s.disposition, s.privacy_notice_version, s.posted, s.submitted_at),
            )
            await connection.execute(
                """INSERT INTO answer (response, question, option, text_value, number_value)
                   SELECT $1, * FROM unnest($2::text[], $3::text[], $4::text[], $5::float8[])""",
                response,
                [answer.question for answer in s.answers],
                [answer.option for answer in s.answers],
                [answer.text for answer in s.answers],
                [answer.number for answer in s.answers],
            )
            await connection.execute(
                """INSERT INTO ledger_event (pseudonym, kind, seconds, survey_slug, at)
                   SELECT contact.pseudonym, 'answer', $2, survey.slug, $3 FROM contact, survey
                   WHERE contact.id = $1 AND survey.id = $4""",
                *(claimed["contact"], s.charged_seconds, s.submitted_at, s.survey),
            )
        return Outcome.STORED


@post("/health/writer/{name:str}", status_code=200)
async def use_writer(request: Request[Any, Any, Any], name: str) -> None:
    """Store answers in another way from now on; in the same process, so that nothing else differs."""
    desk = request.app.state.reception.desk
    ways = request.app.state.ways = getattr(request.app.state, "ways", None) or {
        "group commit": desk.writer,
        "no database": NoDatabase(),
        "one statement a request": OneStatement(),
        "a transaction a request": TransactionARequest(),
    }
    desk.writer = ways[name]


@post("/health/links", status_code=200)
async def look_at_links(request: Request[Any, Any, Any]) -> None:
    """Have these links in memory, as when their readers were shown the form."""
    desk = request.app.state.reception.desk
    tokens = (await request.body()).decode().split()
    await asyncio.gather(*(desk.visit(token, datetime.now(UTC)) for token in tokens))


def create() -> Any:
    """Build it from the environment; what granian's worker calls."""
    # Lists of links are longer than any form.
    app = create_app(replace(Settings.from_env(), request_limit_bytes=10_000_000))
    for handler in (bare, set_bare_page, look_at_links, use_writer):
        app.register(handler)
    settle_memory()
    return app
