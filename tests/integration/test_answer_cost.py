"""What an answer costs PostgreSQL: rows changed in their place, and rules that look once a statement."""

import random

import asyncpg
import pytest

from survey_service.db import engine
from survey_service.db.submission import Outcome, store_submissions
from tests.integration.test_answer_writer import submission_of
from tests.support.make import make_survey
from tests.support.make_many import make_invitations


async def test_an_answered_invitation_is_rewritten_in_its_place(database: str) -> None:
    survey = await make_survey()
    tokens = random.Random(4).sample(await make_invitations(survey, 400), 40)
    async with engine.transaction() as connection:
        outcomes = await store_submissions(connection, [submission_of(survey, token) for token in tokens])
        in_place = await connection.fetchval(
            "SELECT pg_stat_get_xact_tuples_hot_updated('invitation'::regclass)"
        )
    assert outcomes == [Outcome.STORED] * 40
    assert in_place >= 36  # a page whose room is used up may send one away


async def test_an_answer_needs_its_response(database: str) -> None:
    async with engine.connection() as connection:
        with pytest.raises(asyncpg.ForeignKeyViolationError, match="needs the response"):
            await connection.execute("INSERT INTO answer (response, question, option) VALUES (1, 'q', 'a')")


async def test_a_response_with_answers_stays_and_keeps_its_number(database: str) -> None:
    survey = await make_survey()
    [token] = await make_invitations(survey, 1)
    async with engine.connection() as connection:
        await store_submissions(connection, [submission_of(survey, token)])
        for statement in ("DELETE FROM response", "UPDATE response SET id = id + 1"):
            with pytest.raises(asyncpg.ForeignKeyViolationError):
                await connection.execute(statement)
        with pytest.raises(asyncpg.ForeignKeyViolationError):
            await connection.execute("UPDATE answer SET response = response + 1")
        await connection.execute("DELETE FROM answer")
        await connection.execute("DELETE FROM text_to_scan")
        assert await connection.execute("DELETE FROM response") == "DELETE 1"


async def test_nobody_deletes_a_response_whose_answers_are_being_written(database: str) -> None:
    survey = await make_survey()
    [token] = await make_invitations(survey, 1)
    async with engine.connection() as connection:
        await store_submissions(connection, [submission_of(survey, token, answers=())])
    other = await asyncpg.connect(database)
    try:
        async with engine.transaction() as connection:
            await connection.execute(
                "INSERT INTO answer (response, question, option) SELECT id, 'q1', 'yes' FROM response"
            )
            await other.execute("SET lock_timeout = '100ms'")
            with pytest.raises(asyncpg.LockNotAvailableError):
                await other.execute("DELETE FROM response")
        with pytest.raises(asyncpg.ForeignKeyViolationError):
            await other.execute("DELETE FROM response")
    finally:
        await other.close()
