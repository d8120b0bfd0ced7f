"""The way to Mailchimp for every use case: the connection in use, its key opened, its failures noted.

A key that was refused stops the connection: whatever waits is kept, and goes on once somebody has connected
again. Nothing tries a bad key over and over.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import msgspec

from survey_service.db import newsletter_connection, newsletter_run
from survey_service.db.newsletter_connection import Connection
from survey_service.domain.errors import Conflict
from survey_service.integrations.mailchimp.client import MailchimpClient
from survey_service.integrations.mailchimp.errors import (
    KeyRefused,
    Misconfigured,
    Throttled,
    Unanswered,
)
from survey_service.integrations.sealing import unseal
from survey_service.settings import Settings, load_secret_key

KEY_PURPOSE = "Mailchimp key"
PATH_PURPOSE = "path of the webhook"
SIGNING_PURPOSE = "signing secret of the webhook"

CONNECT = "Run: survey-service mailchimp connect"


class Newsletter(msgspec.Struct, frozen=True, kw_only=True):
    """The connection and a client for it."""

    connection: Connection
    client: MailchimpClient


async def get_connection() -> Connection:
    """Return the connection in use; refuse when there is none, or when it is stopped."""
    found = await newsletter_connection.find_connection()
    if found is None:
        raise Conflict("The newsletter is not connected.", hint=CONNECT)
    if found.state != "ok":
        raise Conflict(
            f"The connection to the newsletter is stopped ({found.state}): {found.state_reason}", hint=CONNECT
        )
    return found


@asynccontextmanager
async def open_newsletter(settings: Settings) -> AsyncIterator[Newsletter]:
    """Lend connection and client; note on the connection what stops it."""
    found = await get_connection()
    async with MailchimpClient(
        key_of(found, settings), found.list_id, base=settings.mailchimp_api_base or found.api_base
    ) as client:
        try:
            yield Newsletter(connection=found, client=client)
        except KeyRefused as refused:
            await _stop(found, "unauthorised", refused)
            raise
        except Misconfigured as wrong:
            await _stop(found, "misconfigured", wrong)
            raise
        except (Throttled, Unanswered) as late:
            await newsletter_run.raise_alarm(found.id, "unanswered", str(late))
            raise
        await newsletter_run.end_alarm(found.id, "unanswered", "stopped")


PAGE_TIMEOUT = (2.0, 3.0)
PAGE_SECONDS = 5.0
"""Longer nobody looks at an empty page; what was last known is shown instead."""


@asynccontextmanager
async def look_at_newsletter(found: Connection, settings: Settings) -> AsyncIterator[MailchimpClient]:
    """Lend a client to a page: quick, tried once, and looking changes nothing here whatever comes of it."""
    base = settings.mailchimp_api_base or found.api_base
    try:
        async with (
            asyncio.timeout(PAGE_SECONDS),
            MailchimpClient(
                key_of(found, settings), found.list_id, base=base, timeout=PAGE_TIMEOUT, tries=1
            ) as client,
        ):
            yield client
    except TimeoutError as late:
        raise Unanswered("Mailchimp takes too long.", hint="Try again in a few minutes.") from late


def key_of(found: Connection, settings: Settings) -> str:
    """Return the key: that of the environment, else the one kept."""
    if settings.mailchimp_api_key:
        return settings.mailchimp_api_key
    if found.sealed_key is None:
        raise Conflict("There is no key for Mailchimp.", hint="Set SURVEY_MAILCHIMP_API_KEY.")
    return unseal(load_secret_key(settings), found.sealed_key, purpose=KEY_PURPOSE)


async def _stop(found: Connection, state: str, error: Exception) -> None:
    await newsletter_connection.set_state(found.id, state, str(error))
    await newsletter_run.raise_alarm(found.id, "stopped", str(error))
