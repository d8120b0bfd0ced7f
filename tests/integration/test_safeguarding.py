"""From an answer that tells of danger to the officer: found once, mailed, opened, decided, recorded."""

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from survey_service.services.safeguarding.notify_officers import notify_officers
from survey_service.services.safeguarding.scan_danger import scan_danger
from survey_service.settings import Settings
from tests.support.client import CheckingClient, running_client
from tests.support.mail_server import running_mail_server
from tests.support.make import MadeSurvey, insert, make_contact, make_department, make_invitation, make_survey
from tests.support.make_answers import make_answers
from tests.support.rows import fetch
from tests.support.staff import audited, csrf_of, make_staff, sign_in_as

PATH = "/staff/safeguarding"
WORDS = "My husband beats me and I am scared to go home"


@pytest.fixture
async def client(settings: Settings) -> AsyncIterator[CheckingClient]:
    """The running application, with an administrator, two officers to be and one of another department."""
    async with running_client(settings) as opened:
        await make_department("Roads")
        await make_staff("admin@example.org", role="admin")
        await make_staff("officer@example.org", role="viewer")
        await make_staff("roads@example.org", role="communications", department="Roads")
        await sign_in_as(opened, "admin@example.org")
        await name(opened, "officer@example.org", await make_department())
        await name(opened, "roads@example.org", await make_department("Roads"))
        yield opened


async def post(client: CheckingClient, path: str, **fields: str | int) -> httpx.Response:
    token = csrf_of((await client.get("/staff/surveys")).text)
    return await client.post(
        path, data={"csrf_token": token, **fields}, headers={"sec-fetch-site": "same-origin"}
    )


async def name(client: CheckingClient, person: str, department: int) -> None:
    answer = await post(client, f"{PATH}/officers", person=person, department=department)
    assert answer.status_code == 303


def main_of(page: httpx.Response) -> str:
    return " ".join(re.sub("<[^>]+>", " ", page.text.split("<main", 1)[1]).split())


async def write(survey: MadeSurvey, *texts: str, invitations: list[int] | None = None) -> None:
    await make_answers(survey, [{"q1": "yes", "q4": text} for text in texts], invitations=invitations)


async def test_each_text_is_looked_through_once_and_again_when_it_changes(client: CheckingClient) -> None:
    survey = await make_survey()
    await write(survey, "More lights, please", WORDS, "nobody was killed", "رائع")
    now = datetime.now(UTC)
    first = await scan_danger(now)
    assert (first.texts, first.found) == (4, 2)
    assert (await scan_danger(now)).texts == 0
    notices = await fetch("SELECT question, kinds, state FROM danger_notice ORDER BY id")
    assert [tuple(row.values()) for row in notices] == [
        ("q4", "violence danger", "new"), ("q4", "violence", "new"),
    ]  # fmt: skip
    await fetch("UPDATE danger_notice SET state = 'seen'")
    await fetch("UPDATE answer SET option = option WHERE text_value IS NOT NULL")
    assert (await scan_danger(now)).texts == 4
    assert await fetch("SELECT DISTINCT state FROM danger_notice") == [{"state": "seen"}], "nothing new in it"
    await fetch(
        "UPDATE answer SET text_value = text_value || ' he will kill me' WHERE text_value = $1", WORDS
    )
    await scan_danger(now)
    assert len(await fetch("SELECT FROM danger_notice WHERE state = 'new'")) == 1
    assert "text_value" not in str(await fetch("SELECT * FROM danger_notice"))


async def test_the_officers_of_the_department_are_told_without_a_word_of_it(
    client: CheckingClient, settings: Settings
) -> None:
    survey = await make_survey()
    await write(survey, WORDS, "I want to die")
    now = datetime.now(UTC)
    await scan_danger(now)
    assert (await notify_officers(settings, now)).unheard == 2, "no mail server yet"
    with running_mail_server(settings) as (server, with_mail):
        assert (await notify_officers(with_mail, now)).mails == 1
        assert (await notify_officers(with_mail, now)).mails == 0
    [taken] = server.taken
    assert taken.message["To"] == "officer@example.org"
    body = str(taken.message.get_body(("plain",)).get_content())
    assert "2 answers" in taken.message["Subject"]
    assert f"{settings.public_url}{PATH}" in body
    for word in ("husband", "die", survey.slug):
        assert word not in body.split()


async def test_reading_deciding_and_asking_who_are_for_the_named_and_recorded(client: CheckingClient) -> None:
    survey = await make_survey()
    contact = await make_contact()
    await insert("contact_detail", {"contact": contact.id, "name": "Jo Field", "email": "jo@example.org"})
    invitation = await make_invitation(survey=survey, contact=contact)
    await write(survey, WORDS, invitations=[invitation.id])
    await scan_danger(datetime.now(UTC) + timedelta(minutes=2))
    [row] = await fetch("SELECT id FROM danger_notice")
    notice = f"{PATH}/notices/{row['id']}"

    assert "1 notice waits" in main_of(await client.get(f"{PATH}/officers"))
    assert (await client.get(PATH)).headers["location"] == f"{PATH}/officers", "an administrator only names"
    for email in ("admin@example.org", "roads@example.org"):
        await sign_in_as(client, email)
        assert (await client.get(notice)).status_code == 404
        assert (await post(client, notice, do="open")).status_code == 404

    await sign_in_as(client, "officer@example.org")
    listed = main_of(await client.get(PATH))
    assert re.search(r"Violence or threats, Somebody in danger New .* [23] minutes Not seen yet", listed)
    closed = main_of(await client.get(notice))
    assert "husband" not in listed + closed
    assert await fetch("SELECT state FROM danger_notice") == [{"state": "new"}], "looking changes nothing"
    assert (await post(client, notice, do="acted")).status_code == 422, "nobody has read it"
    await post(client, notice, do="open")
    opened = main_of(await client.get(notice))
    assert WORDS in opened
    assert "Jo Field" not in opened
    refused = await post(client, notice, do="identify", reason="curious")
    assert "Say why you need to know" in refused.text
    await post(client, notice, do="identify", reason="Her life is at risk tonight")
    assert "jo@example.org" in main_of(await client.get(notice))
    await post(client, notice, do="acted")
    assert "Nothing waits for you" in main_of(await client.get(PATH))
    assert "Acted on" in main_of(await client.get(f"{PATH}?decided"))
    done = await audited()
    for action in ("danger.list", "danger.open", "danger.look", "danger.identify", "danger.acted"):
        assert action in done
    looks = [action for action in done if action == "danger.look"]
    assert len(looks) == 3

    await sign_in_as(client, "admin@example.org")
    department = await make_department()
    [officer] = await fetch("SELECT id FROM staff WHERE email = 'officer@example.org'")
    await post(client, f"{PATH}/officers", do="withdraw", department=department, officer=officer["id"])
    await sign_in_as(client, "officer@example.org")
    assert (await client.get(PATH)).status_code == 403
    assert (await client.get(notice)).status_code == 404
    assert "written rule" in (await client.get(f"{PATH}/rule")).text


async def test_naming_needs_an_administrator_and_a_person(client: CheckingClient) -> None:
    answer = await post(
        client, f"{PATH}/officers", person="nobody@example.org", department=await make_department()
    )
    assert answer.status_code == 422
    assert "There is no such member of staff" in answer.text
    await sign_in_as(client, "officer@example.org")
    for method in ("get", "post"):
        call = (
            client.get(f"{PATH}/officers")
            if method == "get"
            else post(client, f"{PATH}/officers", person="x")
        )
        assert (await call).status_code == 403
