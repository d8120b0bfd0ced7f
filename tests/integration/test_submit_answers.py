"""The answer path on a real database: whole or not at all, once, together, and never in each other's way."""

import asyncio
import collections
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import asyncpg
import msgspec
import pytest

from survey_service.db import answer_writer, engine
from survey_service.db.answer_writer import AnswerWriter, open_answer_writer
from survey_service.db.submission import Outcome, Submission
from survey_service.domain.answers import Answer
from survey_service.domain.errors import NotFound, Unavailable
from survey_service.domain.tokens import hash_token
from survey_service.services.serve_form import FormDesk, choose_open_form, open_form_desk
from survey_service.services.submit_answers import submit_answers
from tests.support.make import MadeInvitation, MadeSurvey, make_contact, make_invitation, make_survey
from tests.support.make_many import make_invitations

NOTICE = "2026-11"


@pytest.fixture
async def desk(database: str) -> AsyncIterator[FormDesk]:
    async with open_form_desk(database) as opened:
        yield opened


def submission_of(survey: MadeSurvey, token: str | None = None, **overrides: object) -> Submission:
    values: dict[str, object] = {
        "token_hash": None if token is None else hash_token(token),
        "survey": survey.id,
        "questionnaire_version": survey.questionnaire_version,
        "form": next(iter(survey.forms.values())),
        "language": "en",
        "disposition": "complete",
        "privacy_notice_version": NOTICE,
        "charged_seconds": 40,
        "posted": '{"q1": ["yes"]}',
        "answers": (Answer(question="q1", option="yes"),),
        "submitted_at": datetime.now(UTC),
    }
    return Submission(**(values | overrides))  # type: ignore[arg-type]


async def fetch(statement: str, *arguments: object) -> list[dict[str, object]]:
    async with engine.connection() as connection:
        return [dict(row) for row in await connection.fetch(statement, *arguments)]


async def submit(desk: FormDesk, invitation: MadeInvitation, posted: dict[str, list[str]]) -> object:
    at = datetime.now(UTC)
    visit = await desk.visit(invitation.token, at)
    submitted = await submit_answers(desk, visit, posted, language="fr", privacy_notice_version=NOTICE, at=at)
    return submitted.errors or submitted.standing


async def wait_for(desk: FormDesk, invitation: MadeInvitation, standing: str) -> None:
    async with asyncio.timeout(5):
        while (await desk.visit(invitation.token, datetime.now(UTC))).standing != standing:
            await asyncio.sleep(0.01)


async def test_a_submission_is_stored_with_everything_that_belongs_to_it(desk: FormDesk) -> None:
    contact = await make_contact()
    survey = await make_survey()
    invitation = await make_invitation(survey=survey, contact=contact)
    posted = {"q1": ["yes"], "q2": ["yes", "other"], "q2--other": ["cycling"], "q3": ["7"], "q4": [""]}
    assert await submit(desk, invitation, posted) == "open"

    [response] = await fetch("SELECT * FROM response")
    assert response["invitation"] == invitation.id
    assert response["origin"] == "sample"
    assert response["language"] == "fr"
    assert response["privacy_notice_version"] == NOTICE
    assert response["disposition"] == "partial"  # 3 of 5 that apply: q4 and q5 were left empty
    assert response["active_seconds"] is None
    assert await fetch("SELECT submission = $1 AS is_whole FROM response", answer_json(posted)) == [
        {"is_whole": True}
    ]
    assert await fetch(
        "SELECT question, option, text_value, number_value FROM answer ORDER BY question, option"
    ) == [
        {"question": "q1", "option": "yes", "text_value": None, "number_value": None},
        {"question": "q2", "option": "other", "text_value": "cycling", "number_value": None},
        {"question": "q2", "option": "yes", "text_value": None, "number_value": None},
        {"question": "q3", "option": None, "text_value": None, "number_value": 7.0},
    ]
    [charge] = await fetch("SELECT pseudonym, kind, seconds, planned_seconds, survey_slug FROM ledger_event")
    [form] = await fetch("SELECT planned_seconds FROM form WHERE id = $1", invitation.form)
    assert charge == {
        "pseudonym": contact.pseudonym,
        "kind": "answer",
        "seconds": form["planned_seconds"],
        "planned_seconds": 0,
        "survey_slug": survey.slug,
    }
    assert await fetch("SELECT state, answered_at FROM invitation") == [
        {"state": "answered", "answered_at": response["submitted_at"]}
    ]


def answer_json(posted: dict[str, list[str]]) -> str:
    return msgspec.json.encode(posted).decode()


@pytest.mark.parametrize(("claimed", "charged"), [("41", 41), ("999999", 120 * 5), ("-3", None), ("x", None)])
async def test_a_measured_time_is_charged_as_far_as_it_is_possible(
    desk: FormDesk, claimed: str, charged: int | None
) -> None:
    await submit(desk, await make_invitation(), {"q1": ["no"], "active-seconds": [claimed]})
    [stored] = await fetch("SELECT seconds, active_seconds FROM response, ledger_event")
    [form] = await fetch("SELECT planned_seconds FROM form")
    assert stored["active_seconds"] == charged
    assert stored["seconds"] == (form["planned_seconds"] if charged is None else charged)


async def test_bad_answers_store_nothing(desk: FormDesk) -> None:
    invitation = await make_invitation()
    errors = await submit(desk, invitation, {"q3": ["121"]})
    assert [error.field for error in errors] == ["q1", "q3"]  # type: ignore[attr-defined]
    assert await fetch("SELECT state FROM invitation") == [{"state": "sent"}]
    assert await fetch("SELECT id FROM response") == []


async def test_a_second_submission_changes_nothing(desk: FormDesk) -> None:
    invitation = await make_invitation()
    at = datetime.now(UTC)
    visit = await desk.visit(invitation.token, at)
    for answer, standing in (("yes", "open"), ("no", "answered")):
        posted = {"q1": [answer]}
        submitted = await submit_answers(
            desk, visit, posted, language="en", privacy_notice_version=NOTICE, at=datetime.now(UTC)
        )
        assert submitted.standing == standing
    assert await fetch("SELECT option FROM answer") == [{"option": "yes"}]
    assert len(await fetch("SELECT id FROM ledger_event")) == 1


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
    """Also when it is lost between the commit and the word of it: the statement knows its own."""
    survey = await make_survey()
    tokens = await make_invitations(survey, 400)
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
    assert collections.Counter(outcomes) == {Outcome.STORED: 400}
    assert await fetch("SELECT count(*) FROM response") == [{"count": 400}]
    assert await fetch("SELECT count(*) FROM ledger_event") == [{"count": 400}]


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
                    privacy_notice_version=NOTICE,
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
        ("UPDATE invitation SET state = 'cancelled'", Outcome.CANCELLED),
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


async def test_changes_by_others_are_heard(desk: FormDesk) -> None:
    survey = await make_survey()
    first = await make_invitation(survey=survey)
    second = await make_invitation(survey=survey)
    await wait_for(desk, first, "open")
    await wait_for(desk, second, "open")
    await fetch("UPDATE invitation SET state = 'cancelled' WHERE id = $1", first.id)
    await wait_for(desk, first, "closed")
    await fetch("UPDATE survey SET state = 'closed'")
    await wait_for(desk, second, "closed")
    await fetch("UPDATE survey SET state = 'open'")
    await wait_for(desk, second, "open")


async def test_a_thousand_changes_at_once_are_heard(desk: FormDesk) -> None:
    survey = await make_survey()
    invitation = await make_invitation(survey=survey)
    await make_invitations(survey, 1_500)
    await wait_for(desk, invitation, "open")
    await fetch("UPDATE invitation SET state = 'cancelled'")
    await wait_for(desk, invitation, "closed")


async def test_without_the_feed_nothing_old_is_shown(desk: FormDesk) -> None:
    invitation = await make_invitation()
    await wait_for(desk, invitation, "open")
    await fetch(
        """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
           WHERE application_name = 'survey changes' AND datname = current_database()"""
    )
    await fetch("UPDATE invitation SET state = 'cancelled'")
    await wait_for(desk, invitation, "closed")
    await asyncio.sleep(0.7)  # the feed is back
    await fetch("UPDATE invitation SET state = 'sent'")
    await wait_for(desk, invitation, "open")


async def test_a_link_expires(desk: FormDesk) -> None:
    now = datetime.now(UTC)
    invitation = await make_invitation(expires_at=now + timedelta(hours=1))
    assert (await desk.visit(invitation.token, now)).standing == "open"
    assert (await desk.visit(invitation.token, now + timedelta(hours=1))).standing == "expired"


@pytest.mark.parametrize("token", ["A" * 22, "", "A" * 21, "A" * 4000, "é" * 22, "=" * 22, "A" * 21 + "\x00"])
async def test_a_link_that_leads_nowhere_is_not_found(desk: FormDesk, token: str) -> None:
    with pytest.raises(NotFound):
        await desk.visit(token, datetime.now(UTC))


async def test_open_copies_get_the_forms_in_their_shares(desk: FormDesk) -> None:
    survey = await make_survey(blocks_per_form=1)
    version = await desk.version_of(await desk.open_survey(survey.slug))
    drawn = collections.Counter(choose_open_form(version, f"{number:032x}") for number in range(2_000))
    assert set(drawn) == set(survey.forms.values())
    # Two forms of one half each: six standard deviations of 2,000 tosses are 134.
    assert all(abs(count - 1_000) < 134 for count in drawn.values())
