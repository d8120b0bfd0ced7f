"""Another device: a code to the person's own address, few of them, for a short time, alike for everybody."""

import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from survey_service.services.messages.send_mails import send_mails
from survey_service.services.own_page.prove_address import check_code
from survey_service.settings import Settings
from tests.support.client import CheckingClient, running_client
from tests.support.long_form import Walk, make_long_survey
from tests.support.mail_server import MailServer, running_mail_server
from tests.support.make import MadeInvitation, insert, make_invitation, make_survey
from tests.support.rows import fetch

Mail = tuple[MailServer, Settings]


@pytest.fixture
def mail(settings: Settings) -> Iterator[Mail]:
    with running_mail_server(replace(settings, respondent_rate_limit=1_000)) as running:
        yield running


@pytest.fixture
async def client(mail: Mail) -> AsyncIterator[CheckingClient]:
    async with running_client(mail[1]) as running:
        yield running


async def with_address(invitation: MadeInvitation) -> str:
    address = f"person{invitation.contact}@example.org"
    await insert("contact_detail", {"contact": invitation.contact, "email": address, "email_key": address})
    return address


async def ask(client: CheckingClient, mail: Mail, invitation: MadeInvitation) -> str:
    """Ask for a code and read it in the mail; empty when none came."""
    before = len(mail[0].taken)
    sent = await client.post(f"/s/{invitation.token}/en/continue")
    assert (sent.status_code, sent.headers["location"]) == (303, f"/s/{invitation.token}/en/continue/code")
    assert (await client.get(sent.headers["location"])).status_code == 200
    await send_mails(mail[1])
    if len(mail[0].taken) == before:
        return ""
    text = mail[0].taken[-1].message.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    return re.findall(r"^(\d{6})\s*$", text, re.MULTILINE)[0]


async def enter(client: CheckingClient, invitation: MadeInvitation, code: str) -> tuple[int, str]:
    page = await client.post(f"/s/{invitation.token}/en/continue/code", data={"code": code})
    assert "set-cookie" not in page.headers
    return page.status_code, page.text


async def test_a_code_brings_back_what_was_typed_elsewhere(client: CheckingClient, mail: Mail) -> None:
    invitation = await make_invitation(survey=await make_long_survey())
    address = await with_address(invitation)
    walk = await Walk(client, f"/s/{invitation.token}/en").open()
    await walk.send(s1="yes", s3="typed on the phone")
    code = await ask(client, mail, invitation)
    assert mail[0].taken[-1].to == address
    assert code not in str(await fetch("SELECT * FROM one_time_code")) + str(
        await fetch("SELECT * FROM message")
    )
    wrong = f"{(int(code) + 1) % 10**6:06}"
    status, html = await enter(client, invitation, wrong)
    assert (status, "typed on the phone" in html) == (422, False)
    status, html = await enter(client, invitation, f" {code[:3]} {code[3:]} ")
    assert status == 200
    assert "typed on the phone" in html
    assert "Question 4 of 7" in html
    assert (await enter(client, invitation, code))[0] == 422, "it opens once"
    other = Walk(client, f"/s/{invitation.token}/en")
    other.html = html
    await other.send(s4="1")
    await other.send(s6="no")
    assert other.status == 303


async def test_codes_are_few_and_run_out(client: CheckingClient, mail: Mail) -> None:
    invitation = await make_invitation(survey=await make_long_survey())
    await with_address(invitation)
    codes = [await ask(client, mail, invitation) for _ in range(5)]
    assert [bool(one) for one in codes] == [True, True, True, False, False]
    assert (await enter(client, invitation, codes[0]))[0] == 422, "only the last one counts"
    late = datetime.now(UTC) + timedelta(minutes=16)
    assert not await check_code(invitation.token_hash, codes[2], mail[1], late)
    for attempt in range(5):
        guess = f"{(int(codes[2]) + attempt + 1) % 10**6:06}"
        assert (await enter(client, invitation, guess))[0] == 422
    assert (await enter(client, invitation, codes[2]))[0] == 422, "after five wrong ones it is worth nothing"


async def test_nobody_learns_whether_there_is_an_address_or_a_beginning(
    client: CheckingClient, mail: Mail
) -> None:
    survey = await make_long_survey()
    with_both, without = await make_invitation(survey=survey), await make_invitation(survey=survey)
    await with_address(with_both)
    await (await Walk(client, f"/s/{with_both.token}/en").open()).send(s1="yes")
    seen = []
    for invitation in (with_both, without):
        base = f"/s/{invitation.token}/en"
        pages = [
            await client.get(base),
            await client.get(f"{base}/continue"),
            await client.post(f"{base}/continue"),
            await client.get(f"{base}/continue/code"),
            await client.post(f"{base}/continue/code", data={"code": "000000"}),
            await client.post(f"{base}/continue/code", data={"code": "no code at all"}),
        ]
        varying = re.compile(rf"{invitation.token}|nonce=\"[^\"]+\"|value=\"[^\"]{{8,}}\"")
        seen.append([(page.status_code, varying.sub("", page.text)) for page in pages])
    assert seen[0] == seen[1]


async def test_sent_answers_are_changed_with_the_same_device_or_a_code_until_closing(
    client: CheckingClient, mail: Mail
) -> None:
    survey = await make_survey()
    invitation = await make_invitation(survey=survey)
    await with_address(invitation)
    walk = await Walk(client, f"/s/{invitation.token}/en").open()
    key = walk.key
    await walk.send(q1="yes", q3="12")
    [before] = await fetch("SELECT id, charged_seconds, submitted_at FROM response")
    answered = await client.get(walk.address)
    assert "Change my answers" in answered.text
    assert 'value="12"' not in answered.text
    back = await client.post(walk.address, data={"resume-key": key, "form-go": "resume"})
    assert 'value="12"' in back.text
    walk.html = back.text
    await walk.send(q1="no", q3="200")
    assert walk.status == 422
    await walk.send(q1="no", q3="13")
    assert walk.status == 303
    rows = "SELECT question, option, number_value FROM answer ORDER BY question"
    assert [tuple(row.values()) for row in await fetch(rows)] == [("q1", "no", None), ("q3", None, 13.0)]
    [after] = await fetch("SELECT id, charged_seconds, submitted_at, changed_at FROM response")
    assert after.pop("changed_at") is not None
    assert after == before
    assert await fetch("SELECT count(*)::int AS n FROM ledger_event WHERE kind = 'answer'") == [{"n": 1}]

    status, html = await enter(client, invitation, await ask(client, mail, invitation))
    assert (status, 'value="13"' in html) == (200, True)
    walk.html = html
    await walk.send(q1="yes", q3="14")
    assert walk.status == 303
    old = await client.post(walk.address, data={"resume-key": key, "form-go": "resume"})
    assert "already answered" in old.text, "the key before does not open it any more"
    stolen = await client.post(walk.address, data={"resume-key": "A" * 22, "q1": "no"})
    assert stolen.status_code == 409
    await fetch(f"UPDATE survey SET state = 'closed' WHERE id = {survey.id} RETURNING id")
    await walk.send(q1="no", q3="15")
    assert walk.status == 409
    assert [row["number_value"] for row in await fetch(rows)] == [None, 14.0]
