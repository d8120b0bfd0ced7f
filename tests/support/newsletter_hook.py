"""A webhook of the newsletter on both sides, whose events a test delivers when it likes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx

from survey_service.db import newsletter_connection
from survey_service.integrations.mailchimp.sandbox.events import Event
from survey_service.integrations.mailchimp.sandbox.server import SandboxServer
from survey_service.integrations.mailchimp.sandbox.state import SandboxHook
from survey_service.integrations.sealing import seal
from survey_service.services.newsletter.connect_newsletter import HOOKS, connect_newsletter, hash_path
from survey_service.services.newsletter.newsletter_client import PATH_PURPOSE, SIGNING_PURPOSE
from survey_service.settings import Settings, load_secret_key
from tests.support.client import running_client
from tests.support.mailchimp import made_members, no_waiting

PATH, SECRET = "p" * 43, "signing secret of a test"


@asynccontextmanager
async def hooked_client(chosen: Settings, skyline: SandboxServer) -> AsyncIterator[httpx.AsyncClient]:
    """The application, connected to a list of forty with a webhook."""
    async with no_waiting(), running_client(chosen) as running:
        await connect_newsletter(chosen, with_hook=False)
        await make_hook(chosen, skyline)
        skyline.people.seed(made_members(40))
        yield running


async def make_hook(chosen: Settings, skyline: SandboxServer) -> None:
    """A webhook on both sides, without the GET that Mailchimp would make first."""
    found = await newsletter_connection.find_connection()
    assert found is not None
    key = load_secret_key(chosen)
    await newsletter_connection.set_hook(
        found.id, hook="h1", path_hash=hash_path(PATH), sealed_path=seal(key, PATH, purpose=PATH_PURPOSE),
        sealed_signing=seal(key, SECRET, purpose=SIGNING_PURPOSE),
    )  # fmt: skip
    kinds = dict.fromkeys(("subscribe", "unsubscribe", "profile", "cleaned", "upemail", "campaign"), True)
    skyline.sandbox.hooks["h1"] = SandboxHook(
        id="h1", url=f"{chosen.public_url}{HOOKS}/{PATH}", events=kinds,
        sources={"user": True, "admin": True}, secret=SECRET,
    )  # fmt: skip
    skyline.events.is_holding = True


async def post(client: httpx.AsyncClient, event: Event, **others: object) -> httpx.Response:
    """Deliver one event as Mailchimp does."""
    return await client.post(f"{HOOKS}/{PATH}", content=event.body, headers=event.headers(**others))


def take(skyline: SandboxServer) -> list[Event]:
    """The events that were held."""
    held, skyline.events.held = skyline.events.held, []
    return held
