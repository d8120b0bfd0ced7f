"""The door events come in by: signed, of our list, of a kind we know, and not too large."""

import time
from collections.abc import AsyncIterator

import httpx
import pytest

from survey_service.integrations.mailchimp.sandbox.events import Event
from survey_service.integrations.mailchimp.sandbox.server import SandboxServer
from survey_service.integrations.mailchimp.sandbox.state import LIST_ID
from survey_service.services.newsletter.connect_newsletter import HOOKS
from survey_service.services.newsletter.sync_newsletter import sync_newsletter
from survey_service.settings import Settings
from tests.support.mailchimp import address, mirror, settings_for, truth
from tests.support.newsletter_hook import PATH, SECRET, hooked_client, post, take
from tests.support.rows import fetch


@pytest.fixture
async def client(settings: Settings, skyline: SandboxServer) -> AsyncIterator[httpx.AsyncClient]:
    """The application with a connected list and a webhook, whose events are held for the test to deliver."""
    async with hooked_client(settings_for(settings, skyline), skyline) as running:
        yield running


@pytest.fixture
def linked(client: httpx.AsyncClient, settings: Settings, skyline: SandboxServer) -> Settings:
    """The settings the application runs with."""
    return settings_for(settings, skyline)


async def test_signatures(client: httpx.AsyncClient, linked: Settings, skyline: SandboxServer) -> None:
    await sync_newsletter(linked)
    skyline.people.change(address(1), rating=3)
    [good] = take(skyline)
    wrong = Event(hook="h1", url=good.url, body=good.body, secret="another secret")
    now = int(time.time())
    spaced = Event(hook="h1", url=good.url, body=good.body + b"&data[x]=a%20b+c", secret=SECRET)
    cases = [
        ("wrong secret", wrong.body, wrong.headers(), 403),
        ("changed byte", good.body[:-1] + b"x", good.headers(), 403),
        ("old", good.body, good.headers(now - 301), 403),
        ("missing", good.body, {"content-type": "application/x-www-form-urlencoded"}, 403),
        ("spaces written otherwise", spaced.body.replace(b"%20", b"+"), spaced.headers(), 403),
        ("spaces as they came", spaced.body, spaced.headers(), 200),
        ("good", good.body, good.headers(), 200),
        ("good again", good.body, good.headers(), 200),
    ]
    for name, body, headers, status in cases:
        answer = await client.post(f"{HOOKS}/{PATH}", content=body, headers=headers)
        assert answer.status_code == status, name
    two = good.headers()
    two["X-Mailchimp-Signature"] += ",v1=" + "0" * 64
    assert (await client.post(f"{HOOKS}/{PATH}", content=good.body, headers=two)).status_code == 200
    assert (await client.post(f"{HOOKS}/{'q' * 43}", content=good.body, headers=two)).status_code == 404
    assert (await client.get(f"{HOOKS}/{PATH}")).status_code == 200
    assert (await client.get(f"{HOOKS}/{'q' * 43}")).status_code == 404
    large = await client.post(f"{HOOKS}/{PATH}", content=b"a" * 10_000_000, headers=good.headers())
    assert large.status_code == 413
    [alarm] = await fetch("SELECT kind, times FROM newsletter_alarm WHERE ended_at IS NULL")
    assert (alarm["kind"], alarm["times"]) == ("bad_signature", 5)


async def test_unknown_kinds_and_lists_are_taken_and_ignored(
    client: httpx.AsyncClient, linked: Settings, skyline: SandboxServer
) -> None:
    await sync_newsletter(linked)
    for body in (
        f"type=whatever&fired_at=2026-01-01 00:00:00&data[list_id]={LIST_ID}".encode(),
        b"type=unsubscribe&data[list_id]=other&data[email]=" + address(1).encode(),
        b"\xff\xfe no form at all",
        b"",
    ):
        event = Event(hook="h1", url="", body=body, secret=SECRET)
        assert (await post(client, event)).status_code == 200
    assert await mirror() == truth(skyline)
    rows = await fetch("SELECT state FROM newsletter_event")
    assert [row["state"] for row in rows] == ["ignored"]
