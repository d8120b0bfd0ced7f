"""Is this genuine? Yes for what went out, and nothing about anybody, whatever is pasted."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import httpx

from survey_service.domain.message_references import make_reference
from survey_service.domain.tokens import hash_token, make_own_page_token
from survey_service.settings import Settings
from tests.conftest import SECRET_KEY
from tests.support.client import running_client
from tests.support.make import insert, make_contact, make_invitation, make_survey
from tests.support.rows import fetch

KEY = SECRET_KEY.encode()
NONCE = r'nonce="[^"]*"'


async def ask(client: httpx.AsyncClient, text: str, **headers: str) -> httpx.Response:
    return await client.post("/genuine/en", data={"message": text}, headers=headers)


def verdicts(page: httpx.Response) -> list[str]:
    return re.findall(r"<strong>([^<]+)</strong>", page.text)


async def test_what_went_out_is_confirmed_and_nobody_is_named(
    client: httpx.AsyncClient, settings: Settings
) -> None:
    survey = await make_survey(slug="parks")
    contact = await make_contact()
    await insert("contact_detail", {"contact": contact.id, "name": "Jo Field", "email": "jo@example.org"})
    invitation = await make_invitation(survey=survey, contact=contact)
    own = make_own_page_token(KEY, contact.id)
    await fetch("UPDATE contact SET own_page_hash = $2 WHERE id = $1", contact.id, hash_token(own))
    [sent] = await fetch("SELECT receipt FROM invitation WHERE id = $1", invitation.id)
    values = {"receipt": sent["receipt"], "contact": contact.id, "kind": "invitation", "channel": "email"}
    message = await insert("message", values | {"state": "sent", "sent_at": datetime.now(UTC)})
    reference = make_reference(KEY, message)

    for text, verdict in (
        (f"{settings.public_url}/s/{invitation.token}/en", "Yes, this link is ours."),
        (f"{settings.public_url}/me/{own}", "Yes, this link is ours."),
        (f"{settings.public_url}/o/parks?from=poster", "Yes, this link is ours."),
        (f"my reference is {reference}", "Yes, we sent a message with this reference."),
        ("surveys@example.org", "We write from this address."),
        (f"{settings.public_url}/s/{'A' * 22}/en", "We cannot confirm this."),
        (f"{settings.public_url}/o/nothing", "We cannot confirm this."),
        (f"{settings.public_url}/o/a\x00b", "We cannot confirm this."),
        ("https://evil.example/s/x", "We cannot confirm this."),
        (make_reference(KEY, message + 1), "We cannot confirm this."),
        ("jo@example.org", "We cannot confirm this."),
    ):
        page = await ask(client, text)
        assert verdicts(page) == [verdict], text
        assert "Jo Field" not in page.text
    await fetch(
        "UPDATE invitation SET state = 'reserved', sent_at = NULL, receipt = NULL WHERE id = $1",
        invitation.id,
    )
    not_sent = await ask(client, f"{settings.public_url}/s/{invitation.token}/en")
    assert verdicts(not_sent) == ["We cannot confirm this."], "reserved is not sent"


async def test_asking_stores_nothing_and_a_link_cannot_ask(client: httpx.AsyncClient) -> None:
    before = await fetch("SELECT relname, n_tup_ins FROM pg_stat_user_tables ORDER BY relname")
    assert (await client.get("/genuine/en?message=surveys@example.org")).text.count("<strong>") == 0
    assert (await ask(client, "nothing of that kind")).status_code == 422
    refused = await ask(client, "surveys@example.org", **{"sec-fetch-site": "cross-site"})
    assert refused.status_code == 403
    assert before == await fetch("SELECT relname, n_tup_ins FROM pg_stat_user_tables ORDER BY relname")
    assert (await client.get("/genuine")).headers["location"] == "/genuine/en"
    assert (await client.get("/genuine/ar")).status_code == 200


async def test_guessing_is_slow(settings: Settings) -> None:
    async with running_client(replace(settings, check_rate_limit=3, trusted_proxies="127.0.0.1")) as client:
        answers = [await ask(client, f"{n}AAAA-AAAAA", **{"x-forwarded-for": "192.0.2.1"}) for n in range(5)]
        assert [one.status_code for one in answers] == [200, 200, 200, 429, 429]
        assert re.sub(NONCE, "", answers[3].text) == re.sub(NONCE, "", answers[4].text)
        assert (await ask(client, "1AAAA-AAAAA", **{"x-forwarded-for": "198.51.100.1"})).status_code == 200
