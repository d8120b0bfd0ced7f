"""The page of repeats: each is decided, by a reason or by using the other department's result."""

from pathlib import Path

import httpx
import pytest

from survey_service.domain.questionnaire import Block, Question
from survey_service.integrations.xlsform import write_xlsform
from survey_service.services.questionnaires.import_survey import import_survey
from survey_service.settings import Settings
from tests.support.client import CheckingClient
from tests.support.make_questionnaire import make_question, make_questionnaire, texts
from tests.support.register import contact_rows, fill_register, open_new_survey
from tests.support.rows import fetch
from tests.support.staff import audited, csrf_of, make_staff, sign_in_as

PAGE = "/staff/surveys/patrols/repeats"


@pytest.fixture
async def author(client: CheckingClient, settings: Settings, tmp_path: Path) -> CheckingClient:
    """Parks asked how safe people feel; Roads writes a survey that asks it again, and one thing more."""
    await fill_register(tmp_path, settings, contact_rows(8))
    safe = make_question("safe", label=texts("How safe do you feel in the City at night?"))
    core = Block(name="core", label={}, questions=(safe,))
    await open_new_survey(tmp_path, "lights", make_questionnaire(core=core, blocks=()))
    fruit = Question(name="fruit", type="text", label=texts("Which fruit do you like?"))
    questions = (make_question("night", label=texts("At night, do you feel safe in the Square Mile?")), fruit)
    draft = make_questionnaire(core=Block(name="core", label={}, questions=questions), blocks=())
    path = tmp_path / "patrols.xlsx"
    path.write_bytes(write_xlsform(draft))
    await import_survey(path, department_name="Roads", slug="patrols")
    await make_staff(department="Roads")
    await sign_in_as(client)
    return client


async def post(client: CheckingClient, **fields: str) -> httpx.Response:
    page = (await client.get(PAGE)).text
    values = {"csrf_token": csrf_of(page), "base": "0", "pair": "night lights safe", **fields}
    return await client.post(PAGE, data=values, headers={"sec-fetch-site": "same-origin"})


async def test_a_reason_is_asked_for_and_kept(author: CheckingClient) -> None:
    page = (await author.get(PAGE)).text
    assert "Parks asked in" in page
    assert "probably the same question in other words" in page
    assert "Which fruit" not in page
    assert (await post(author, step="ask", reason=" ")).status_code == 422
    assert (await post(author, step="ask", reason="x", pair="night lights other")).status_code == 422
    assert (await post(author, step="ask", reason="Lamps were put up")).status_code == 303
    assert "Asked again: Lamps were put up" in (await author.get(PAGE)).text
    assert "survey.repeat_ask" in await audited()


async def test_the_other_result_is_used_in_place_of_asking(author: CheckingClient) -> None:
    assert (await post(author, step="use")).status_code == 303
    page = (await author.get(PAGE)).text
    assert "Nothing in this survey was asked of the same people before." in page
    assert "Results used in place of asking" in page
    [edit] = await fetch("SELECT change FROM draft_edit ORDER BY number DESC LIMIT 1")
    assert edit["change"] == "question_removed"
    assert (await post(author, step="use")).status_code == 422, "it is gone already"


async def test_only_the_result_of_what_is_repeated_is_shown(author: CheckingClient) -> None:
    shown = await author.get(f"{PAGE}/result?survey=lights&question=safe")
    assert "How safe do you feel in the City at night?" in shown.text
    assert "repeated_result_viewed" in await audited()
    for query in ("survey=lights&question=other", "survey=none&question=safe", ""):
        assert (await author.get(f"{PAGE}/result?{query}")).status_code == 404
    assert (await author.get("/staff/surveys/lights")).status_code == 404, "the survey itself stays theirs"
