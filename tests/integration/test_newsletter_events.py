"""Events of the webhook: who unsubscribes is out at once, and in whatever order they come, truth wins."""

import asyncio
import random
import time
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from survey_service.integrations.mailchimp.port import md5_of
from survey_service.integrations.mailchimp.sandbox.events import Event
from survey_service.integrations.mailchimp.sandbox.faults import Fault
from survey_service.integrations.mailchimp.sandbox.server import SandboxServer
from survey_service.services.newsletter.newsletter_client import open_newsletter
from survey_service.services.newsletter.sync_newsletter import sync_newsletter
from survey_service.services.newsletter.tend_newsletter import tend_links
from survey_service.services.newsletter.work_links import work_links
from survey_service.services.newsletter.work_newsletter_events import work_newsletter_events
from survey_service.services.newsletter.write_links import write_links
from survey_service.settings import Settings
from tests.support.mailchimp import address, mirror, settings_for, truth
from tests.support.newsletter import fields, make_readers, plan_issue, reserve
from tests.support.newsletter_hook import hooked_client, post, take
from tests.support.register import contact_rows, fill_register
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


async def test_who_unsubscribes_is_out_within_a_second(
    client: httpx.AsyncClient, linked: Settings, skyline: SandboxServer, tmp_path: Path
) -> None:
    await fill_register(tmp_path, linked, contact_rows(4, consent_newsletter="yes"))
    skyline.people.seed([{"email": "person2@example.org"}])
    await sync_newsletter(linked)
    skyline.people.unsubscribe("person2@example.org")
    [event] = take(skyline)
    skyline.faults = [Fault(kind="500", times=-1)]  # nothing can be asked now
    began = time.process_time()  # of this process: the others of a busy machine count for nothing
    assert (await post(client, event)).status_code == 200
    assert time.process_time() - began < 1
    [row] = await fetch(
        """SELECT m.status, m.suppressed_for, n.is_granted AS newsletter, s.is_granted AS survey
           FROM newsletter_member m JOIN consent n ON n.contact = m.contact AND n.purpose = 'newsletter'
           JOIN consent s ON s.contact = m.contact AND s.purpose = 'survey'"""
    )
    # Skyline's unsubscribing is not leaving the surveys: each is its own consent.
    assert tuple(row.values()) == ("unsubscribed", "unsubscribed", False, True)
    skyline.faults = []
    assert await work_newsletter_events(linked) == 1
    assert await mirror() == truth(skyline)


async def test_duplicates_shuffled_and_lost_events_end_in_the_same_state(
    client: httpx.AsyncClient, linked: Settings, skyline: SandboxServer
) -> None:
    await sync_newsletter(linked)
    chance = random.Random(19)
    for number in range(30):
        who = address(number)
        act = number % 6
        if act == 0:
            skyline.people.unsubscribe(who)
        elif act == 1:
            skyline.people.clean(who)
        elif act == 2:
            skyline.people.change(who, rating=4)
        elif act == 3:
            skyline.people.unsubscribe(who)
            skyline.people.subscribe(who)
        elif act == 4:
            skyline.people.change_address(who, f"moved{number}@example.org")
        else:
            skyline.people.subscribe(f"new{number}@example.org")
    events = [one for one in take(skyline) if chance.random() > 0.3] * 3
    chance.shuffle(events)
    for event in events:
        assert (await post(client, event)).status_code == 200
    await work_newsletter_events(linked)
    await sync_newsletter(linked)
    assert await mirror() == truth(skyline)
    [row] = await fetch("SELECT count(*) AS n, count(DISTINCT key) AS different FROM newsletter_event")
    assert row["n"] == row["different"] == len(set(events))


async def test_a_late_subscribe_does_not_bring_anybody_back(
    client: httpx.AsyncClient, linked: Settings, skyline: SandboxServer
) -> None:
    await sync_newsletter(linked)
    skyline.people.subscribe(address(1))
    skyline.people.unsubscribe(address(1))
    subscribed, unsubscribed = take(skyline)
    await post(client, unsubscribed)
    await post(client, subscribed)
    assert (await mirror())[md5_of(address(1))] == "unsubscribed"
    await work_newsletter_events(linked)
    assert (await mirror())[md5_of(address(1))] == "unsubscribed"


async def test_an_event_outweighs_a_page_that_was_asked_for_before(
    client: httpx.AsyncClient, linked: Settings, skyline: SandboxServer
) -> None:
    """The page says subscribed, since it was read before; the event came while it was on its way."""
    await sync_newsletter(linked)
    skyline.people.change(address(2), rating=5)
    take(skyline)
    note = skyline.note_answer
    events: list[Event] = []

    def unsubscribe_meanwhile(asked: object, body: object) -> None:
        note(asked, body)
        if not events:
            skyline.people.unsubscribe(address(2))
            events.extend(take(skyline))
            time.sleep(0.3)

    skyline.note_answer = unsubscribe_meanwhile
    pull = asyncio.create_task(sync_newsletter(linked))
    while not events:
        await asyncio.sleep(0.01)
    await post(client, events[0])
    await pull
    skyline.note_answer = note
    assert (await mirror())[md5_of(address(2))] == "unsubscribed"


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
async def test_a_new_address_keeps_the_person(
    client: httpx.AsyncClient,
    linked: Settings,
    skyline: SandboxServer,
    tmp_path: Path,
    order: tuple[int, int],
) -> None:
    await fill_register(tmp_path, linked, contact_rows(2, consent_newsletter="yes"))
    skyline.people.seed([{"email": "person1@example.org"}])
    await sync_newsletter(linked)
    [before] = await fetch("SELECT contact FROM newsletter_member WHERE email = 'person1@example.org'")
    # The new address is in the register and in the mirror already, as somebody else's entry.
    skyline.people.seed([{"email": "person2@example.org", "status": "unsubscribed"}])
    await sync_newsletter(linked)
    skyline.sandbox.drop(skyline.people.member("person2@example.org"))
    skyline.people.change_address("person1@example.org", "Person2@example.org")
    events = take(skyline)
    for place in order:
        await post(client, events[place])
    await work_newsletter_events(linked)
    rows = await fetch(
        "SELECT contact, status FROM newsletter_member WHERE email_key = 'person2@example.org'"
    )
    assert [row["contact"] for row in rows] == [before["contact"]]
    assert await mirror() == truth(skyline)
    people = await fetch(
        """SELECT c.id, c.state, d.email_key, coalesce((SELECT is_granted FROM consent
               WHERE contact = c.id AND purpose = 'newsletter'), false) AS newsletter
           FROM contact c JOIN contact_detail d ON d.contact = c.id ORDER BY c.id"""
    )
    kept, other = people
    assert (kept["id"], kept["email_key"], other["state"], other["email_key"]) == (
        before["contact"], "person2@example.org", "left", None,
    )  # fmt: skip
    # Whichever of the two said no to the newsletter: no.
    assert kept["newsletter"] is False


async def test_cleaned_archived_and_forgotten_people_stay_away(
    client: httpx.AsyncClient, linked: Settings, skyline: SandboxServer
) -> None:
    await sync_newsletter(linked)
    skyline.people.clean(address(1), "abuse")
    skyline.people.archive(address(2))
    skyline.people.forget(address(3))
    skyline.people.unsubscribe(address(5), "abuse")
    for event in take(skyline):
        await post(client, event)
    await work_newsletter_events(linked)
    await sync_newsletter(linked, kind="full")
    assert await mirror() == truth(skyline)
    rows = await fetch("SELECT md5, suppressed_for FROM newsletter_member WHERE suppressed_for IS NOT NULL")
    assert {row["md5"]: row["suppressed_for"] for row in rows} == {
        md5_of(address(1)): "abuse", md5_of(address(2)): "archived", md5_of(address(5)): "abuse",
    }  # fmt: skip
    assert len(await fetch("SELECT id FROM newsletter_tombstone")) == 1
    assert await fetch("SELECT id FROM newsletter_member WHERE email ILIKE $1", address(3)) == []
    # A complaint is for good, whatever an admin of the list does later.
    skyline.people.change(address(5), status="subscribed")
    for kind in ("increment", "full"):
        await sync_newsletter(linked, kind=kind)
    [row] = await fetch("SELECT suppressed_for FROM newsletter_member WHERE md5 = $1", md5_of(address(5)))
    assert row["suppressed_for"] == "abuse"
    away = {md5_of(address(one)) for one in (1, 2, 3, 5)}
    sent = [one for one in skyline.log if one.method != "GET"]
    assert not any(md5 in one.path or md5 in str(one.body) for one in sent for md5 in away)


STATE = "SELECT l.state FROM newsletter_link l JOIN newsletter_member m ON m.id = l.member WHERE m.md5 = $1"


async def test_unsubscribing_while_the_link_is_on_its_way(
    client: httpx.AsyncClient, linked: Settings, skyline: SandboxServer, tmp_path: Path
) -> None:
    """The event comes while the request that writes the link is under way: it is written, and taken away."""
    await make_readers(linked, skyline, tmp_path, 4)
    slug = await reserve(linked, tmp_path, 4)
    await plan_issue(linked)
    await sync_newsletter(linked)
    who = md5_of("person1@example.org")
    skyline.faults = [Fault(kind="slow", method="PATCH", path=f"members/{who}", seconds=1.0)]
    writing = asyncio.create_task(write_links(slug, linked))
    while skyline.faults[0].times:
        await asyncio.sleep(0.01)
    skyline.people.unsubscribe("person1@example.org")
    for event in take(skyline):
        began = time.monotonic()
        assert (await post(client, event)).status_code == 200
        assert time.monotonic() - began < 1
    assert (await mirror())[who] == "unsubscribed"
    async with open_newsletter(linked) as newsletter:
        await work_links(newsletter, linked)  # another worker empties the field before the link gets there
    assert [row["state"] for row in await fetch(STATE, who)] == ["cleared"]
    await writing
    assert who in fields(skyline), "the earlier request landed later"
    for _ in range(2):
        await work_newsletter_events(linked)
        await tend_links(linked)
    assert (await mirror())[who] == "unsubscribed"
    assert who not in fields(skyline)
    assert len(fields(skyline)) == 3
    assert [row["state"] for row in await fetch(STATE, who)] == ["cleared"]


async def test_an_event_does_not_punish_who_has_the_address_now(
    client: httpx.AsyncClient, linked: Settings, skyline: SandboxServer
) -> None:
    """A complaint from an address that has gone to somebody else meanwhile, before we heard of that."""
    await sync_newsletter(linked)
    first, second = address(1), address(2)
    skyline.people.change_address(first, "between@example.org")
    skyline.people.change_address(second, first)
    skyline.people.change_address("between@example.org", second)
    take(skyline)
    skyline.people.unsubscribe(second, "abuse")
    for event in take(skyline):
        await post(client, event)
    await work_newsletter_events(linked)
    await sync_newsletter(linked)
    assert await mirror() == truth(skyline)
    rows = await fetch("SELECT md5, suppressed_for FROM newsletter_member WHERE suppressed_for IS NOT NULL")
    assert [tuple(row.values()) for row in rows] == [(md5_of(second), "abuse")]
