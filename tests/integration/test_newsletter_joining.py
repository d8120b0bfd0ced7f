"""Joining and the newsletter: we subscribe nobody, and who was forgotten returns by their own word alone."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import httpx
import pytest

from survey_service.db import newsletter_connection
from survey_service.domain.newsletter_mapping import Mapping
from survey_service.integrations.mailchimp.sandbox.server import SandboxServer
from survey_service.services.contacts.manage_contacts import erase_contact
from survey_service.services.messages.send_mails import send_mails
from survey_service.services.newsletter.connect_newsletter import connect_newsletter
from survey_service.services.newsletter.sync_newsletter import sync_newsletter
from survey_service.services.newsletter.tend_newsletter import compare_nightly
from survey_service.settings import Settings
from tests.support.client import running_client
from tests.support.mail_server import MailServer, running_mail_server
from tests.support.mailchimp import list_subscribing, mirror, no_waiting, settings_for, truth
from tests.support.rows import fetch

ADDRESS = "new.person@example.org"
FORM: dict[str, Any] = {
    "age": "yes", "email": ADDRESS, "audience": "worker", "purposes": ["surveys", "newsletter"],
    "surveys": "usual", "channel": "email", "mobile": "", "language": "en",
}  # fmt: skip
MAPPING = Mapping(
    audience_field="AUDIENCE",
    audiences={"i work here": "worker"},
    survey_permission="p1",
    takes_newcomers=True,
)


class House:
    """The service, its mails, and the newsletter beside it."""

    def __init__(self, client: httpx.AsyncClient, server: MailServer, settings: Settings) -> None:
        self.client, self.server, self.settings = client, server, settings

    async def last_mail(self) -> str:
        """The text of the last mail, once all are sent."""
        await send_mails(self.settings)
        message: Any = self.server.taken[-1].message
        return str(message.get_body(("plain",)).get_content())

    async def join(self, **changes: Any) -> httpx.Response:
        """Fill the join page in, open the mail's link and press its button."""
        asked = await self.client.post("/join/en", data=FORM | changes)
        assert asked.headers["location"] == "/join/en/sent"
        [path] = re.findall(r"https?://[^/\s]+(/join/confirm/\S+)", await self.last_mail())
        assert (await self.client.get(path)).status_code == 200
        return await self.client.post(path)


@pytest.fixture
async def house(settings: Settings, skyline: SandboxServer) -> AsyncIterator[House]:
    chosen = replace(settings_for(settings, skyline), newsletter_sign_up=skyline.sign_up)
    with running_mail_server(chosen) as (server, sending):
        async with no_waiting(), running_client(sending) as client:
            await connect_newsletter(sending, with_hook=False)
            yield House(client, server, sending)


async def consents() -> dict[str, tuple[bool, str]]:
    """Purpose to word and source, of the one contact that lives."""
    rows = await fetch(
        """SELECT s.purpose, s.is_granted, s.source FROM consent s JOIN contact c ON c.id = s.contact
           WHERE c.state <> 'erased'"""
    )
    return {
        str(row["purpose"]): (bool(row["is_granted"]), str(row["source"]).partition(",")[0]) for row in rows
    }


async def test_the_wish_for_the_newsletter_leads_to_its_form(house: House, skyline: SandboxServer) -> None:
    done = await house.join()
    assert done.headers["location"] == "/join/en/done-newsletter"
    page = (await house.client.get(done.headers["location"])).text
    assert f'href="{skyline.sign_up}"' in page
    assert skyline.sign_up in await house.last_mail()
    # Wished is not agreed: nobody takes the newsletter before Mailchimp says so.
    await sync_newsletter(house.settings)
    assert await consents() == {"survey": (True, "join page")}
    assert await mirror() == {}
    async with httpx.AsyncClient() as outside:
        assert "Subscribe" in (await outside.get(skyline.sign_up)).text
        assert (await outside.post(skyline.sign_up, data={"EMAIL": ADDRESS})).status_code == 200
    await sync_newsletter(house.settings)
    assert await consents() == {"survey": (True, "join page"), "newsletter": (True, "Mailchimp: subscribed")}
    skyline.people.unsubscribe(ADDRESS)
    await sync_newsletter(house.settings)
    assert await consents() == {
        "survey": (True, "join page"), "newsletter": (False, "Mailchimp: unsubscribed"),
    }  # fmt: skip
    assert list_subscribing(skyline.log) == []


async def test_who_takes_the_newsletter_already_says_no_to_nothing_by_joining(
    house: House, skyline: SandboxServer
) -> None:
    skyline.people.subscribe(ADDRESS)
    await sync_newsletter(house.settings)
    await house.join(purposes=["surveys"])
    await sync_newsletter(house.settings)
    assert (await consents())["newsletter"] == (True, "Mailchimp: subscribed")
    # Known by now: the page says the same, and the mail names the form to who wished for it.
    assert (await house.client.post("/join/en", data=FORM)).headers["location"] == "/join/en/sent"
    known = await house.last_mail()
    assert skyline.sign_up in known
    assert "/join/confirm/" not in known


async def test_the_newsletter_alone_is_not_for_our_register(house: House, skyline: SandboxServer) -> None:
    alone = await house.client.post("/join/en", data=FORM | {"purposes": ["newsletter"]})
    assert alone.headers["location"] == "/join/en/newsletter"
    assert f'href="{skyline.sign_up}"' in (await house.client.get("/join/en/newsletter")).text
    for table in ("newcomer", "join_request", "message"):
        assert await fetch(f"SELECT FROM {table}") == []


async def test_without_an_address_of_the_form_the_newsletter_is_not_offered(
    settings: Settings, skyline: SandboxServer
) -> None:
    async with no_waiting(), running_client(settings_for(settings, skyline)) as client:
        page = (await client.get("/join/en")).text
        assert 'value="surveys"' in page
        assert 'value="newsletter"' not in page
        assert (await client.post("/join/en", data=FORM)).status_code == 422
        for word in ("newsletter", "done-newsletter"):
            assert (await client.get(f"/join/en/{word}")).status_code == 404


async def came_from_the_newsletter(house: House, skyline: SandboxServer) -> str:
    """A contact who came from the newsletter alone; their reference."""
    skyline.people.make_field("AUDIENCE", "You")
    skyline.sandbox.permissions = {"p1": "Surveys"}
    found = await newsletter_connection.find_connection()
    assert found is not None
    await newsletter_connection.set_mapping(found.id, MAPPING)
    sign_up(skyline)
    assert (await sync_newsletter(house.settings)).joined == 1
    [row] = await fetch("SELECT reference FROM contact WHERE state <> 'erased'")
    return str(row["reference"])


def sign_up(skyline: SandboxServer) -> None:
    """By the form, with the box for surveys ticked."""
    skyline.people.subscribe(ADDRESS, merge_fields={"AUDIENCE": "I work here"}, permissions={"p1": True})


async def forget(house: House, skyline: SandboxServer) -> None:
    """Mailchimp lets the member go, and the nightly comparison finds out."""
    skyline.people.forget(ADDRESS)
    await compare_nightly(house.settings)
    assert await mirror() == {}
    assert await fetch("SELECT FROM contact WHERE state <> 'erased'") == []
    assert await fetch("SELECT FROM contact_detail WHERE email_key = $1", ADDRESS) == []


async def test_who_mailchimp_forgot_joins_by_the_join_page(house: House, skyline: SandboxServer) -> None:
    before = await came_from_the_newsletter(house, skyline)
    await forget(house, skyline)
    # Somebody else adding the address brings nobody back.
    skyline.people.seed([{"email": ADDRESS, "permissions": {"p1": True}}])
    await sync_newsletter(house.settings, kind="full")
    assert await mirror() == {}
    skyline.people.forget(ADDRESS)
    await house.join()
    [person] = await fetch("SELECT reference, state FROM contact WHERE state <> 'erased'")
    assert str(person["reference"]).startswith("join-")
    assert person["reference"] != before
    assert await consents() == {"survey": (True, "join page")}
    # Nor does joining the surveys subscribe anybody; their own signing up does.
    skyline.people.seed([{"email": ADDRESS}])
    await sync_newsletter(house.settings, kind="full")
    assert (await consents()).keys() == {"survey"}
    sign_up(skyline)
    await sync_newsletter(house.settings)
    assert await mirror() == truth(skyline)
    assert (await consents())["newsletter"][0] is True
    assert len(await fetch("SELECT FROM contact WHERE state <> 'erased'")) == 1


async def test_who_mailchimp_forgot_returns_by_signing_up(house: House, skyline: SandboxServer) -> None:
    await came_from_the_newsletter(house, skyline)
    await forget(house, skyline)
    sign_up(skyline)
    assert (await sync_newsletter(house.settings)).joined == 1
    assert {purpose: word for purpose, (word, _) in (await consents()).items()} == {
        "survey": True, "newsletter": True,
    }  # fmt: skip
    assert await fetch("SELECT FROM newsletter_tombstone") == []


async def test_who_was_erased_here_on_request_does_not_come_back_by_the_newsletter(
    house: House, skyline: SandboxServer
) -> None:
    reference = await came_from_the_newsletter(house, skyline)
    await erase_contact(reference, house.settings)
    sign_up(skyline)
    for _ in range(2):
        await compare_nightly(house.settings)
    assert await mirror() == {}
    assert await fetch("SELECT FROM contact WHERE state <> 'erased'") == []
    # The own word here outweighs the erasure, for the surveys and for what Mailchimp says.
    await house.join(purposes=["surveys"])
    await compare_nightly(house.settings)
    assert await mirror() == truth(skyline)
    assert (await consents())["newsletter"] == (True, "Mailchimp: subscribed")
