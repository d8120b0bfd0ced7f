"""The simulation's page: who may, what is shown, what is refused."""

import asyncio
import re
from collections.abc import AsyncIterator

import httpx
import pytest

from survey_service.domain.errors import LimitReached
from survey_service.domain.scenario import build_scenario
from survey_service.settings import Settings
from survey_service.web.staff.simulation import simulate_in_turn
from tests.support.client import CheckingClient, running_client
from tests.support.rows import fetch
from tests.support.staff import csrf_of, make_staff, sign_in_as

NUMBERS = {
    "a_year": "4", "sample": "800", "minutes": "3,5", "rest_days": "60", "invitations_a_year": "2",
    "minutes_a_year": "12", "fatigue": "0.43", "replications": "2",
}  # fmt: skip


@pytest.fixture
async def client(settings: Settings) -> AsyncIterator[CheckingClient]:
    """The running application with somebody of communications signed in."""
    async with running_client(settings) as opened:
        await make_staff()
        await sign_in_as(opened)
        yield opened


async def simulate(client: CheckingClient, **numbers: str) -> httpx.Response:
    token = csrf_of((await client.get("/staff/simulation")).text)
    return await client.post(
        "/staff/simulation",
        data={"csrf_token": token, **NUMBERS, **numbers},
        headers={"sec-fetch-site": "same-origin"},
        timeout=120,
    )


async def test_the_form_stands_with_the_built_in_numbers_and_what_is_assumed(client: CheckingClient) -> None:
    page = (await client.get("/staff/simulation")).text
    assert 'aria-current="true"' in page or 'aria-current="page"' in page
    for name, value in (("a_year", "12"), ("sample", "1000"), ("fatigue", "0.43"), ("replications", "3")):
        assert re.search(rf'name="{name}"[^>]* value="{value}"', page), name
    assert "business 3,741" in page
    assert '<svg class="chart"' not in page


async def test_figures_come_as_bars_and_as_a_table_with_the_assumptions(client: CheckingClient) -> None:
    answer = await simulate(client)
    assert answer.status_code == 200
    page = answer.text
    assert page.count('<svg class="chart"') == 6
    assert page.count('role="img"') >= 6
    assert page.count('scope="row"') == 15
    assert "8 surveys of 3.5 minutes, 4 a year. The first 2 count" in page
    assert "asked 2 times and 12 minutes a year at most" in page
    assert "the same 2 communities" in page
    worst = re.search(r"Invitations a year, worst case.*?</tr>", page, re.DOTALL)
    assert worst
    assert re.findall(r">(\d+\.\d) ±", worst[0])[0] == "4.0"
    assert re.search(r'name="minutes"[^>]* value="3,5"', page)


async def test_nothing_of_it_touches_the_register(client: CheckingClient) -> None:
    before = await fetch("SELECT count(*) AS n FROM audit_event")
    await simulate(client)
    assert await fetch("SELECT count(*) AS n FROM audit_event") == before
    for table in ("contact", "draw", "invitation", "ledger_event"):
        assert (await fetch(f"SELECT count(*) AS n FROM {table}"))[0]["n"] == 0


async def test_a_number_that_does_not_fit_is_named_and_kept(client: CheckingClient) -> None:
    for name, typed, said in (
        ("a_year", "", "Surveys a year: enter a whole number from 1 to 24"),
        ("a_year", "25", "Surveys a year: enter a whole number from 1 to 24"),
        ("sample", "6410", "People in a sample: enter a whole number from 1 to 6,409"),
        ("sample", "1e3", "People in a sample: enter a whole number from 1 to 6,409"),
        ("minutes", "nan", "Minutes of a form: enter a number from 0.5 to 60"),
        ("fatigue", "-1", "Fatigue: enter a number from 0 to 3"),
        ("fatigue", "sNaN", "Fatigue: enter a number from 0 to 3"),
        ("replications", "6", "Replications: enter a whole number from 2 to 5"),
        ("replications", "<b>", "Replications: enter a whole number from 2 to 5"),
    ):
        answer = await simulate(client, **{name: typed})
        assert answer.status_code == 422, typed
        assert answer.text.count(said) == 2, typed
        assert f'href="#{name}"' in answer.text
        assert '<svg class="chart"' not in answer.text
        assert "<b>" not in answer.text.replace("<body", "")


async def test_one_simulation_runs_at_a_time(client: CheckingClient) -> None:
    long = {"a_year": "24", "replications": "3"}
    answers = await asyncio.gather(simulate(client, **long), simulate(client, **long))
    assert sorted(answer.status_code for answer in answers) == [200, 503]
    refused = next(answer for answer in answers if answer.status_code == 503)
    assert "Another simulation is running. Try again in half a minute." in refused.text
    assert (await simulate(client)).status_code == 200


def test_a_simulation_that_takes_too_long_is_given_up_and_lets_the_next_one_in() -> None:
    scenario = build_scenario({"replications": 2})
    with pytest.raises(LimitReached, match="takes too long for a page"):
        simulate_in_turn(scenario, 0.0)
    with pytest.raises(LimitReached):
        simulate_in_turn(scenario, 0.0)


async def test_only_those_who_plan_may(settings: Settings) -> None:
    async with running_client(settings) as client:
        assert (await client.get("/staff/simulation")).status_code == 303
        await make_staff("viewer@example.org", role="viewer")
        await sign_in_as(client, "viewer@example.org")
        assert (await client.get("/staff/simulation")).status_code == 403
        home = await client.get("/staff/surveys")
        assert "/staff/simulation" not in home.text
        token = csrf_of(home.text)
        posted = await client.post(
            "/staff/simulation",
            data={"csrf_token": token, **NUMBERS},
            headers={"sec-fetch-site": "same-origin"},
        )
        assert posted.status_code == 403


async def test_a_post_needs_the_token_of_the_session_and_the_same_site(client: CheckingClient) -> None:
    token = csrf_of((await client.get("/staff/simulation")).text)
    for data, site in ((NUMBERS, "same-origin"), ({"csrf_token": token, **NUMBERS}, "cross-site")):
        answer = await client.post("/staff/simulation", data=data, headers={"sec-fetch-site": site})
        assert answer.status_code == 403
