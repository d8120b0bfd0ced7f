"""The writer of answers on a real database: together, once, whole, and never in each other's way."""

import asyncio
import collections
from datetime import UTC, datetime

import asyncpg
import pytest

from survey_service.db import answer_writer, engine
from survey_service.db.answer_writer import AnswerWriter, open_answer_writer
from survey_service.db.submission import Outcome, Submission, store_submissions
from survey_service.domain.answers import Answer
from survey_service.domain.errors import Unavailable
from survey_service.domain.tokens import hash_token
from tests.support.make import MadeSurvey, make_survey
from tests.support.make_many import make_invitations
from tests.support.rows import fetch


def submission_of(survey: MadeSurvey, token: str | None = None, **overrides: object) -> Submission:
    values: dict[str, object] = {
        "token_hash": None if token is None else hash_token(token),
        "survey": survey.id,
        "questionnaire_version": survey.questionnaire_version,
        "form": next(iter(survey.forms.values())),
        "language": "en",
        "disposition": "complete",
        "privacy_notice_version": "2026-11",
        "charged_seconds": 40,
        "posted": '{"q1": ["yes"]}',
        "answers": (Answer(question="q1", option="yes"),),
        "submitted_at": datetime.now(UTC),
    }
    return Submission(**(values | overrides))  # type: ignore[arg-type]


async def test_submissions_that_arrive_together_share_transactions(database: str) -> None:
    survey = await make_survey()
    tokens = await make_invitations(survey, 60)
    async with open_answer_writer(database) as writer:
        outcomes = await asyncio.gather(*(writer.submit(submission_of(survey, token)) for token in tokens))
    assert set(outcomes) == {Outcome.STORED}
    [found] = await fetch("SELECT count(*) AS rows, count(DISTINCT xmin::text) AS transactions FROM response")
    assert found["rows"] == 60
    assert found["transactions"] <= 3


async def test_of_one_token_sent_many_times_the_first_counts(database: str) -> None:
    survey = await make_survey()
    [token] = await make_invitations(survey, 1)
    async with open_answer_writer(database) as writer:
        outcomes = await asyncio.gather(*(writer.submit(submission_of(survey, token)) for _ in range(9)))
    assert outcomes == [Outcome.STORED, *[Outcome.ALREADY_ANSWERED] * 8]


@pytest.mark.parametrize(
    ("poison", "error"),
    [
        ({"form": 987_654_321}, asyncpg.ForeignKeyViolationError),
        ({"disposition": "refusal"}, asyncpg.CheckViolationError),
        ({"posted": '{"q1": ["\\u0000"]}'}, asyncpg.PostgresError),
        ({"answers": (Answer(question="q1", text="\ud800"),)}, asyncpg.DataError),
        ({"answers": (Answer(question="q1"),)}, asyncpg.CheckViolationError),
    ],
)
async def test_one_that_cannot_be_stored_fails_alone(
    database: str, poison: dict[str, object], error: type[Exception]
) -> None:
    survey = await make_survey()
    tokens = await make_invitations(survey, 20)
    async with open_answer_writer(database) as writer:
        outcomes = await asyncio.gather(
            *(
                writer.submit(submission_of(survey, token, **(poison if place == 13 else {})))
                for place, token in enumerate(tokens)
            ),
            return_exceptions=True,
        )
    failed = outcomes.pop(13)
    assert isinstance(failed, error)
    assert set(outcomes) == {Outcome.STORED}
    [poisoned] = await fetch("SELECT state FROM invitation WHERE token_hash = $1", hash_token(tokens[13]))
    assert poisoned["state"] == "sent"


async def test_an_invitation_somebody_else_holds_keeps_nobody_waiting(database: str) -> None:
    survey = await make_survey()
    held, free = await make_invitations(survey, 2)
    other = await asyncpg.connect(database)
    async with open_answer_writer(database) as writer:
        async with other.transaction():
            await other.execute("SELECT FROM invitation WHERE token_hash = $1 FOR UPDATE", hash_token(held))
            waiting = asyncio.create_task(writer.submit(submission_of(survey, held)))
            assert await writer.submit(submission_of(survey, free)) is Outcome.STORED
            assert not waiting.done()
        assert await waiting is Outcome.STORED
    await other.close()


async def test_too_many_waiting_are_refused_at_once(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answer_writer, "MOST_WAITING", 3)
    survey = await make_survey()
    tokens = await make_invitations(survey, 4)
    writer = AnswerWriter(database)
    waiting = [asyncio.create_task(writer.submit(submission_of(survey, token))) for token in tokens[:3]]
    await asyncio.sleep(0)
    with pytest.raises(Unavailable):
        await writer.submit(submission_of(survey, tokens[3]))
    writer.start()
    assert await asyncio.gather(*waiting) == [Outcome.STORED] * 3
    await writer.close()


async def test_a_lost_connection_loses_and_doubles_nothing(database: str) -> None:
    survey = await make_survey()
    tokens = await make_invitations(survey, 1200)  # so many that a fast machine is cut off twice, too
    outcomes: list[Outcome] = []
    async with open_answer_writer(database) as writer:

        async def send(share: list[str]) -> None:
            for token in share:
                outcomes.append(await writer.submit(submission_of(survey, token)))

        sending = [asyncio.create_task(send(tokens[start::16])) for start in range(16)]
        cuts = 0
        while not all(task.done() for task in sending):
            await asyncio.sleep(0.03)
            cut = await fetch(
                """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                   WHERE application_name = 'survey answers' AND datname = current_database()"""
            )
            cuts += len(cut) if cuts < 8 else 0
            if cuts >= 8:
                break
        await asyncio.gather(*sending)
    assert cuts >= 2
    assert collections.Counter(outcomes) == {Outcome.STORED: 1200}
    assert await fetch("SELECT count(*) FROM response") == [{"count": 1200}]
    assert await fetch("SELECT count(*) FROM ledger_event") == [{"count": 1200}]


async def test_a_post_whose_commit_was_never_heard_of_is_recognised(database: str) -> None:
    """What the writer does after a lost connection: the same batch again, of which a part was committed."""
    survey = await make_survey()
    posts = [submission_of(survey, token) for token in await make_invitations(survey, 3)]
    posts.append(submission_of(survey, submission_hash=b"a copy"))
    async with engine.connection() as connection:
        await store_submissions(connection, posts[:2] + posts[3:])
        assert await store_submissions(connection, posts) == [Outcome.STORED] * 4
        another = submission_of(survey, submission_hash=b"a copy")
        assert await store_submissions(connection, [another]) == [Outcome.ALREADY_ANSWERED]
    assert await fetch("SELECT count(*) FROM response") == [{"count": 4}]
    assert await fetch("SELECT count(*) FROM ledger_event") == [{"count": 3}]


async def test_closing_under_load_tells_everybody_the_truth(database: str) -> None:
    survey = await make_survey()
    tokens = await make_invitations(survey, 600)
    started = asyncio.get_running_loop().time()
    async with open_answer_writer(database) as writer:
        waiting = [asyncio.create_task(writer.submit(submission_of(survey, token))) for token in tokens]
        await asyncio.sleep(0.02)
    assert asyncio.get_running_loop().time() - started < 5
    outcomes = await asyncio.gather(*waiting, return_exceptions=True)
    stored = [token for token, outcome in zip(tokens, outcomes, strict=True) if outcome is Outcome.STORED]
    assert all(outcome is Outcome.STORED or isinstance(outcome, Unavailable) for outcome in outcomes)
    answered = await fetch("SELECT token_hash FROM invitation WHERE state = 'answered'")
    assert {row["token_hash"] for row in answered} == {hash_token(token) for token in stored}
    with pytest.raises(Unavailable):
        await writer.submit(submission_of(survey, tokens[0]))


async def test_without_a_database_the_answer_is_a_refusal_and_closing_ends(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(answer_writer, "PATIENCE", 0.3)
    async with open_answer_writer("postgresql://nobody@127.0.0.1:1/none") as writer:
        with pytest.raises(Unavailable):
            await writer.submit(
                Submission(
                    survey=1,
                    questionnaire_version=1,
                    form=1,
                    language="en",
                    disposition="complete",
                    privacy_notice_version="2026-11",
                    charged_seconds=1,
                    posted="{}",
                    answers=(),
                    submitted_at=datetime.now(UTC),
                )
            )


@pytest.mark.parametrize(
    ("change", "outcome"),
    [
        ("UPDATE survey SET state = 'closed'", Outcome.CLOSED),
        ("UPDATE invitation SET state = 'cancelled', cancelled_at = now()", Outcome.CANCELLED),
    ],
)
async def test_what_was_closed_meanwhile_takes_no_answers(
    database: str, change: str, outcome: Outcome
) -> None:
    survey = await make_survey()
    [token] = await make_invitations(survey, 1)
    async with open_answer_writer(database) as writer:
        await fetch(change)
        assert await writer.submit(submission_of(survey, token)) is outcome
    assert await fetch("SELECT id FROM response") == []


async def test_a_copy_of_an_open_form_counts_once(database: str) -> None:
    survey = await make_survey()
    async with open_answer_writer(database) as writer:
        copies = [
            submission_of(survey, submission_hash=name, channel="website") for name in (b"a", b"b", b"a")
        ]
        outcomes = await asyncio.gather(*(writer.submit(copy) for copy in copies))
    assert sorted(outcome.value for outcome in outcomes) == ["already_answered", "stored", "stored"]
    assert await fetch("SELECT DISTINCT origin, invitation FROM response") == [
        {"origin": "open", "invitation": None}
    ]
    assert await fetch("SELECT id FROM ledger_event") == []
