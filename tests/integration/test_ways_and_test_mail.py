"""Other ways to answer on the forms, and the survey's mail sent to oneself."""

import re
from collections.abc import AsyncIterator

import httpx
import pytest

from survey_service.settings import Settings
from tests.support.client import CheckingClient, running_client
from tests.support.mail_server import running_mail_server
from tests.support.make import make_invitation, make_survey
from tests.support.rows import fetch
from tests.support.staff import csrf_of, make_staff, sign_in_as


@pytest.fixture
async def client(settings: Settings) -> AsyncIterator[CheckingClient]:
    async with running_client(settings) as opened:
        await make_staff("admin@example.org", role="admin")
        await sign_in_as(opened, "admin@example.org")
        yield opened


async def post(client: CheckingClient, path: str, **fields: str) -> httpx.Response:
    token = csrf_of((await client.get("/staff/surveys")).text)
    return await client.post(
        path, data={"csrf_token": token, **fields}, headers={"sec-fetch-site": "same-origin"}
    )


async def test_forms_show_what_was_entered_at_once_and_nothing_else(client: CheckingClient) -> None:
    survey = await make_survey(slug="parks")
    other = await make_survey(slug="trees")
    invitation = await make_invitation(survey=survey)
    personal, opened = f"/s/{invitation.token}/en", "/o/parks/en"
    for path in (personal, opened, personal):
        assert "another way" not in (await client.get(path)).text

    saved = await post(
        client, "/staff/other-ways", phone="020 7946 0000", bsl="https://bsl.example.org/parks", easy_read="-"
    )
    assert saved.headers["location"] == "/staff/other-ways?saved"
    await post(client, "/staff/surveys/parks/other-ways", phone="-", interpreter="+44 20 7946 0001")
    for path in (personal, opened):
        page = (await client.get(path)).text
        assert 'href="tel:+442079460001"' in page
        assert 'href="https://bsl.example.org/parks"' in page
        assert "020 7946 0000" not in page
        assert "Easy Read" not in page
    assert 'href="tel:02079460000"' in (await client.get(f"/o/{other.slug}/en")).text
    again = await client.post(opened, data={"open-submission": "a" * 40})
    assert again.status_code == 422
    assert 'href="tel:+442079460001"' in again.text, "also where something is missing"

    wrong = await post(client, "/staff/other-ways", phone="javascript:alert(1)", easy_read="http://x.example")
    assert wrong.status_code == 422
    assert 'href="#phone"' in wrong.text
    assert (await fetch("SELECT count(*) AS n FROM other_way WHERE survey IS NULL")) == [{"n": 3}]
    await make_staff("v@example.org", role="viewer")
    await sign_in_as(client, "v@example.org")
    for path in ("/staff/other-ways", "/staff/surveys/parks/other-ways", "/staff/surveys/parks/test-mail"):
        assert (await client.get(path)).status_code == 403


async def test_a_test_mail_reaches_the_sender_alone_and_stores_nothing(settings: Settings) -> None:
    with running_mail_server(settings) as (server, with_mail):
        async with running_client(with_mail) as client:
            await make_survey(slug="parks")
            await make_staff("ann@example.org")
            await sign_in_as(client)
            page = await client.get("/staff/surveys/parks/test-mail")
            assert "goes to ann@example.org" in " ".join(page.text.split())
            tables = "SELECT count(*) AS n FROM message UNION ALL SELECT count(*) FROM receipt"
            for mail in ("invitation", "reminder"):
                sent = await post(
                    client, "/staff/surveys/parks/test-mail", mail=mail, language="fr", to="else@example.org"
                )
                assert sent.headers["location"].endswith("?sent")
            assert [one.to for one in server.taken] == ["ann@example.org"] * 2
            message = server.taken[0].message
            assert message["Subject"].startswith("[TEST] ")
            text = message.get_body(("plain",)).get_content()
            assert "This is a test" in text
            [link] = set(re.findall(rf"{re.escape(settings.public_url)}(/t/\S+)", text))
            trial = await client.get(link)
            assert trial.status_code == 200
            assert trial.text.count('lang="fr"') > 0
            assert [row["n"] for row in await fetch(tables)] == [0, 0]
            [noted] = await fetch("SELECT count(*) AS n FROM audit_event WHERE action = 'test_mail.send'")
            assert noted == {"n": 2}


async def test_without_a_mail_server_it_says_so(client: CheckingClient) -> None:
    await make_survey(slug="parks")
    refused = await post(client, "/staff/surveys/parks/test-mail", mail="invitation", language="en")
    assert refused.status_code == 503
    assert "No mail server is set up" in refused.text
