"""One posted form: checked, judged, charged and stored, whole or not at all."""

from datetime import UTC, datetime

import msgspec
import pytest

from survey_service.services.answers.serve_form import FormDesk
from survey_service.services.answers.submit_answers import submit_answers
from tests.support.make import MadeInvitation, make_contact, make_invitation, make_survey
from tests.support.rows import fetch

NOTICE = "2026-11"


async def submit(desk: FormDesk, invitation: MadeInvitation, posted: dict[str, list[str]]) -> object:
    at = datetime.now(UTC)
    visit = await desk.visit(invitation.token, at)
    submitted = await submit_answers(desk, visit, posted, language="fr", privacy_notice_version=NOTICE, at=at)
    return submitted.errors or submitted.standing


def answer_json(posted: dict[str, list[str]]) -> str:
    return msgspec.json.encode(posted).decode()


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
