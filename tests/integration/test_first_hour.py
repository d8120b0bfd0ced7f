"""The first hour of a new organisation, and what staff are told when something was done or went wrong."""

import re
from collections.abc import AsyncIterator

import httpx
import pytest

from survey_service.settings import Settings
from tests.support.client import CheckingClient, running_client
from tests.support.make import make_contact, make_department, make_invitation, make_survey
from tests.support.staff import csrf_of, make_staff, sign_in_as


@pytest.fixture
async def client(settings: Settings) -> AsyncIterator[CheckingClient]:
    """The running application with an administrator signed in and nothing else."""
    async with running_client(settings) as opened:
        await make_staff("a@example.org", role="admin")
        await sign_in_as(opened, "a@example.org")
        yield opened


def steps_of(html: str) -> list[tuple[str, str]]:
    """Each first step with its state."""
    rows = re.findall(r'<li class="govuk-task-list__item.*?</li>', html, re.DOTALL)
    words = [re.sub(r"<[^>]+>|\s+", " ", row).split() for row in rows]
    return [(" ".join(row[:2]), "Done" if row[-1] == "Done" else " ".join(row[-2:])) for row in words]


async def test_first_steps_show_what_is_left_until_somebody_was_asked(client: CheckingClient) -> None:
    begun = steps_of((await client.get("/staff/surveys")).text)
    assert [state for _, state in begun] == ["To do"] * 6
    contact = await make_contact()
    survey = await make_survey(department=await make_department("Public Order"))
    page = (await client.get("/staff/surveys")).text
    assert "1 person is in it." in page
    assert [state for _, state in steps_of(page)] == ["Done", "To do", "To do", "Done", "Done", "To do"]
    await make_staff("v@example.org", role="viewer")
    await sign_in_as(client, "v@example.org")
    assert "First steps" not in (await client.get("/staff/surveys")).text
    await sign_in_as(client, "a@example.org")
    await make_invitation(survey=survey, contact=contact)
    assert "First steps" not in (await client.get("/staff/surveys")).text


async def test_the_page_after_a_post_says_what_was_done(client: CheckingClient) -> None:
    token = csrf_of((await client.get("/staff/freezes")).text)
    done = await client.post(
        "/staff/freezes",
        data={"kind": "", "purpose": "", "reason": "Incident", "csrf_token": token},
        headers={"sec-fetch-site": "same-origin"},
    )
    assert done.headers["location"] == "/staff/freezes?done=frozen"
    assert (
        "Nothing of this is drawn or sent until the freeze ends."
        in (await client.get(done.headers["location"])).text
    )
    for unknown in ("nothing", "%3Cb%3E"):
        assert "govuk-notification-banner" not in (await client.get(f"/staff/freezes?done={unknown}")).text


async def test_errors_behind_the_sign_in_keep_the_way_through_the_staff_area(client: CheckingClient) -> None:
    await make_staff("v@example.org", role="viewer")
    for path in ("/staff/surveys/none", "/staff/contacts/99"):
        missing = await client.get(path)
        assert missing.status_code == 404
        assert "had never been there" in missing.text
        assert "Safeguarding" in missing.text, "the bar is there"
    unmatched = await client.get("/staff/nothing-here")
    assert (unmatched.status_code, "Go to the surveys" in unmatched.text) == (404, True)
    await sign_in_as(client, "v@example.org")
    refused = await client.get("/staff/budget")
    assert (refused.status_code, "You may not do this" in refused.text) == (403, True)
    forged = await client.post("/staff/sign-out", headers={"sec-fetch-site": "cross-site"})
    assert (forged.status_code, "message from us" in forged.text) == (403, False)


async def test_the_bare_address_leads_to_the_page_where_people_join(client: CheckingClient) -> None:
    answer: httpx.Response = await client.get("/", headers={"accept-language": "fr"})
    assert answer.headers["location"] == "/join/fr"
