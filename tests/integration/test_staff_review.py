"""The review pages: who sees which survey, what they see, and that it is noted."""

from collections.abc import AsyncIterator

import pytest

from survey_service.settings import Settings
from tests.support.client import CheckingClient, running_client
from tests.support.make import make_department, make_survey
from tests.support.make_answers import make_answers, make_sample, repeat
from tests.support.staff import audited, make_staff, sign_in_as


@pytest.fixture
async def client(settings: Settings) -> AsyncIterator[CheckingClient]:
    """The running application."""
    async with running_client(settings) as opened:
        yield opened


async def test_a_department_sees_its_own_surveys_and_an_administrator_all(client: CheckingClient) -> None:
    await make_survey(slug="alerts")
    await make_survey(slug="cycling", department=await make_department("Road Safety"))
    for role, email, seen in (
        ("viewer", "v@example.org", ["alerts"]),
        ("communications", "c@example.org", ["alerts"]),
        ("admin", "a@example.org", ["alerts", "cycling"]),
    ):
        await make_staff(email, role=role)
        await sign_in_as(client, email)
        page = await client.get("/staff/surveys")
        assert [slug for slug in ("alerts", "cycling") if f"/staff/surveys/{slug}" in page.text] == seen
        for slug in ("alerts", "cycling"):
            status = (await client.get(f"/staff/surveys/{slug}")).status_code
            assert status == (200 if slug in seen else 404)


async def test_absent_and_forbidden_look_the_same(client: CheckingClient) -> None:
    await make_survey(slug="cycling", department=await make_department("Road Safety"))
    await make_staff()
    await sign_in_as(client)
    forbidden = await client.get("/staff/surveys/cycling")
    absent = await client.get("/staff/surveys/nothing")
    assert forbidden.status_code == absent.status_code == 404
    assert _body(forbidden.text) == _body(absent.text)
    assert (await client.get("/staff/surveys/a%00b")).status_code == 404
    assert "results_viewed" not in await audited()


async def test_results_of_the_sample_and_of_the_open_link_stand_apart(client: CheckingClient) -> None:
    survey = await make_survey(slug="alerts")
    sample = await make_sample(survey, {"business": (4000, 400), "resident": (300, 100), "visitor": (96, 14)})
    await make_answers(survey, repeat(q1={"yes": 60, "no": 40, "other": 20}), invitations=sample["business"])
    await make_answers(survey, repeat(q1={"yes": 17}), invitations=sample["resident"])
    await make_answers(survey, repeat(q1={"yes": 3}), invitations=sample["visitor"])
    await make_answers(survey, repeat(q1={"yes": 12, "no": 18, "other": 10}), channel="website")
    await make_staff()
    await sign_in_as(client)
    page = (await client.get("/staff/surveys/alerts")).text
    assert "Weighted to the register" in page
    before, after = page.split("Answers through the open link")
    assert "140 people answered" in before
    assert "95% interval" in before
    assert "40 people answered" in after
    assert "95% interval" not in after
    response = before.split("Response by group")[-1]
    assert ">3<" not in response
    assert ">17<" not in response
    assert before.count("Hidden</span>") == 2
    assert (await audited())[-1] == "results_viewed"
    overview = (await client.get("/staff/surveys")).text
    assert ">140<" in overview
    assert ">27.2%<" in overview


async def test_a_survey_without_answers_has_a_page(client: CheckingClient) -> None:
    await make_survey(slug="alerts", state="draft", opened_at=None)
    await make_staff()
    await sign_in_as(client)
    page = await client.get("/staff/surveys/alerts")
    assert "Nobody has been invited yet." in page.text
    assert "Fewer than ten people have answered so far." in page.text


async def test_texts_of_authors_are_texts(client: CheckingClient) -> None:
    await make_survey(slug="alerts", title='{"fr": "<script>alert(1)</script>"}')
    await make_staff()
    await sign_in_as(client)
    for path in ("/staff/surveys", "/staff/surveys/alerts"):
        page = await client.get(path)
        assert "<script>alert" not in page.text
        assert "&lt;script&gt;alert" in page.text


def _body(html: str) -> str:
    return html.split("<main", 1)[1].split("</main>", 1)[0]
