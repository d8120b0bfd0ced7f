"""The question bank: searched in other words, its validity set, closed to viewers."""

from pathlib import Path

import pytest

from survey_service.domain.questionnaire import Block, Question
from survey_service.settings import Settings
from tests.support.client import CheckingClient
from tests.support.make_questionnaire import make_questionnaire, texts
from tests.support.register import contact_rows, fill_register, open_new_survey
from tests.support.staff import csrf_of, make_staff, sign_in_as


@pytest.fixture
async def bank(client: CheckingClient, settings: Settings, tmp_path: Path) -> CheckingClient:
    """A survey of another department that asked how safe people feel."""
    await fill_register(tmp_path, settings, contact_rows(8))
    questions = (
        Question(
            name="safe",
            type="text",
            label=texts("How safe do you feel walking alone in the City after dark?"),
            concept="night_safety",
        ),
        Question(name="fruit", type="text", label=texts("Which fruit do you like?")),
    )
    core = Block(name="core", label={}, questions=questions)
    await open_new_survey(tmp_path, questionnaire=make_questionnaire(core=core, blocks=()))
    await make_staff(department="Roads")
    await sign_in_as(client)
    return client


async def test_a_question_is_found_in_other_words(bank: CheckingClient) -> None:
    page = (await bank.get("/staff/question-bank?q=Do+you+feel+safe+at+night+on+your+own%3F")).text
    found = page.split("Questions like it", 1)[1].split("What is measured", 1)[0]
    assert "walking alone in the City after dark" in found
    assert "fruit" not in found
    assert "Parks" in found
    nothing = (await bank.get("/staff/question-bank?q=zeppelins")).text
    assert "Nobody has asked anything like it." in nothing


async def test_validity_is_set_and_wrong_ones_are_refused(bank: CheckingClient) -> None:
    page = (await bank.get("/staff/question-bank")).text
    assert 'id="days-night_safety"' in page
    for days, status in (("30", 303), ("0", 409), ("many", 409)):
        answer = await bank.post(
            "/staff/question-bank",
            data={"csrf_token": csrf_of(page), "concept": "night_safety", "days": days},
            headers={"sec-fetch-site": "same-origin"},
        )
        assert answer.status_code == status
    assert 'value="30"' in (await bank.get("/staff/question-bank")).text


async def test_a_viewer_does_not_see_it(client: CheckingClient) -> None:
    await make_staff(role="viewer")
    await sign_in_as(client)
    assert (await client.get("/staff/question-bank")).status_code == 403
