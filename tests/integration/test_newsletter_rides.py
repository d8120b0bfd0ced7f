"""A link between its writing and its issue: what takes it away, and that it opens as soon as it is out."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from survey_service.db import answer_writer, newsletter_connection, newsletter_link
from survey_service.integrations.mailchimp.sandbox.faults import Fault
from survey_service.integrations.mailchimp.sandbox.server import SandboxServer
from survey_service.services.gate.freeze_contact import freeze_contact, thaw_contact
from survey_service.services.newsletter.connect_newsletter import connect_newsletter
from survey_service.services.newsletter.sync_newsletter import sync_newsletter
from survey_service.services.newsletter.tend_newsletter import tend_links
from survey_service.services.newsletter.write_links import write_links
from survey_service.settings import Settings
from tests.support.client import CheckingClient, running_client
from tests.support.mailchimp import no_waiting, settings_for
from tests.support.newsletter import fields, make_readers, plan_issue, press_send, reserve
from tests.support.register import contact_rows, fill_register
from tests.support.rows import fetch


async def rides() -> list[tuple[str, str]]:
    rows = await fetch("SELECT state, left(problem, 25) AS problem FROM newsletter_ride ORDER BY id")
    return [(str(row["state"]), str(row["problem"])) for row in rows]


async def test_a_freeze_takes_every_link_away_and_so_does_a_pause(
    linked: Settings, skyline: SandboxServer, tmp_path: Path
) -> None:
    await make_readers(linked, skyline, tmp_path, 10)
    slug = await reserve(linked, tmp_path, 8)
    await plan_issue(linked, 3)
    assert (await write_links(slug, linked)).confirmed == 8
    await fetch(
        """UPDATE contact SET state = 'paused', paused_until = '2099-01-01'
           WHERE id = (SELECT min(contact) FROM invitation)"""
    )
    await tend_links(linked)
    assert len(fields(skyline)) == 7
    await freeze_contact("major incident")
    await tend_links(linked)
    assert fields(skyline) == {}
    assert await rides() == [("writing", "Its links were taken away")]
    await thaw_contact()
    again = await write_links(slug, linked)
    assert (again.confirmed, again.ready) == (7, True)
    await fetch("UPDATE survey SET state = 'closed', closed_at = now()")
    await tend_links(linked)
    assert fields(skyline) == {}


async def test_a_member_who_moved_or_went_before_the_link_was_written(
    linked: Settings, skyline: SandboxServer, tmp_path: Path
) -> None:
    await make_readers(linked, skyline, tmp_path, 3)
    slug = await reserve(linked, tmp_path, 3)
    await plan_issue(linked)
    skyline.faults = [Fault(kind="500", method="PATCH", path="members/", times=-1)]
    waiting = await write_links(slug, linked)
    assert (waiting.ready, waiting.confirmed) == (False, 0)
    skyline.faults = []
    # No event told of any of this: writing finds out.
    skyline.people.change_address("person1@example.org", "person11@example.org")
    skyline.people.forget("person2@example.org")
    for _ in range(3):
        await fetch("UPDATE newsletter_link SET next_try_at = now()")
        await tend_links(linked)
    rows = await fetch("SELECT state, count(*) AS n FROM newsletter_link GROUP BY 1 ORDER BY 1")
    assert [tuple(row.values()) for row in rows] == [("cleared", 1), ("confirmed", 2)]
    assert "person2@example.org" not in {skyline.sandbox.members[md5].email for md5 in fields(skyline)}
    assert len(await fetch("SELECT id FROM newsletter_tombstone")) >= 1


async def test_a_wrong_address_of_the_api_stops_and_says_so(linked: Settings, skyline: SandboxServer) -> None:
    skyline.faults = [Fault(kind="426", times=-1)]
    with pytest.raises(Exception, match="https"):
        await sync_newsletter(linked)
    found = await newsletter_connection.find_connection()
    assert found is not None
    assert found.state == "misconfigured"
    skyline.faults = []
    await connect_newsletter(linked, with_hook=False)
    found = await newsletter_connection.find_connection()
    assert found is not None
    assert found.state == "ok"


async def test_who_comes_into_the_register_later_is_found_by_the_next_pull(
    linked: Settings, skyline: SandboxServer, tmp_path: Path
) -> None:
    skyline.people.seed([{"email": "person2@example.org", "status": "unsubscribed"}])
    await sync_newsletter(linked)
    await fill_register(tmp_path, linked, contact_rows(3, consent_newsletter="yes"))
    await sync_newsletter(linked)
    rows = await fetch(
        """SELECT c.reference, s.is_granted FROM newsletter_member m JOIN contact c ON c.id = m.contact
           JOIN consent s ON s.contact = c.id AND s.purpose = 'newsletter'"""
    )
    assert [tuple(row.values()) for row in rows] == [("R00002", False)]


@pytest.fixture
async def client(settings: Settings, skyline: SandboxServer) -> AsyncIterator[CheckingClient]:
    async with no_waiting(), running_client(settings_for(settings, skyline)) as opened:
        yield opened


async def test_a_link_opens_as_soon_as_the_issue_is_out(
    client: CheckingClient,
    settings: Settings,
    skyline: SandboxServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Readers click within seconds; that the issue is out is heard a little later."""
    chosen = settings_for(settings, skyline)
    await connect_newsletter(chosen, with_hook=False)
    await make_readers(chosen, skyline, tmp_path, 6)
    slug = await reserve(chosen, tmp_path, 4)
    path = "/s/" + "A" * 22 + "/en"
    assert (await client.get(path)).status_code == 404
    await plan_issue(chosen)
    found = await newsletter_connection.find_connection()
    assert found is not None
    assert await newsletter_link.count_standing(found.id) == (0, 0)
    await write_links(slug, chosen)
    link = next(iter(fields(skyline).values())).removeprefix(chosen.public_url)
    press_send(skyline, at=datetime.now(UTC) + timedelta(seconds=1))
    early = await client.get(link)
    assert early.status_code == 200
    assert 'method="post"' in early.text
    monkeypatch.setattr(answer_writer, "PATIENCE", 0.2)
    answers = {"q1": "yes"}
    # Nothing is lost on the reader: the answer is not taken yet, and the page says to try again.
    assert (await client.post(link, data=answers)).status_code == 503
    await tend_links(chosen)
    [row] = await fetch("SELECT count(*) AS n FROM invitation WHERE state = 'sent'")
    assert row["n"] == 4
    assert (await client.post(link, data=answers)).status_code == 303
