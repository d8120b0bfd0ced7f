"""The sandbox for tests, held against the official description wherever that is at hand."""

import asyncio
import os
import random
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from typing import Any

import pytest

from survey_service.db import engine
from survey_service.integrations.mailchimp import lane
from survey_service.integrations.mailchimp.client import MailchimpClient
from survey_service.integrations.mailchimp.sandbox.answers import Asked
from survey_service.integrations.mailchimp.sandbox.server import SandboxServer, serving
from survey_service.integrations.mailchimp.sandbox.state import LIST_ID
from survey_service.settings import Settings
from tests.oracles.place import ORACLES

DESCRIPTION = ORACLES.parent / "mailchimp" / "marketing-api-3.0.55.json"
"""Mailchimp's own description of its API, beside the reference results."""

ADDRESSES = ("Ánna.{}@Example.org", "o'brien{}@example.org", "person{}@example.org", "zoë+{}@example.org")


def need_description() -> None:
    """Skip where the description is absent; on the build server its absence is a failure."""
    if DESCRIPTION.is_file():
        return
    reason = f"no description of the API at {DESCRIPTION}: name the folder beside it in ORACLES"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


def address(number: int) -> str:
    """The address of a made member: accents, apostrophes, capitals."""
    return ADDRESSES[number % len(ADDRESSES)].format(number)


def made_members(count: int, *, first: int = 1_700_000_000, step: int = 60, **others: Any) -> Iterator[Any]:
    """Members with a minute between their last changes."""
    for number in range(count):
        yield {"email": address(number), "changed": first + number * step} | others


@contextmanager
def sandbox_serving(**options: Any) -> Iterator[SandboxServer]:
    """A sandbox; at the end nothing that was asked was wrong, and nobody was made or subscribed."""
    description = DESCRIPTION if DESCRIPTION.is_file() else None
    with serving(description=description, **options) as server:
        yield server
        assert server.violations == []
        assert list_subscribing(server.log) == []


def list_subscribing(log: list[Asked]) -> list[Asked]:
    """Requests that create or subscribe somebody, or send: there must be none, ever."""
    return [
        one
        for one in log
        if (one.method == "PUT" and "/members" in one.path)
        or (one.method == "POST" and (one.path.endswith("/members") or one.path == f"/lists/{LIST_ID}"))
        or "/actions/" in one.path
        or (one.method == "PATCH" and isinstance(one.body, dict) and "status" in one.body)
        or (one.method == "DELETE" and "/members" in one.path)
    ]


class Clock:
    """Sleeps in no time, and remembers how long it would have been."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    async def sleep(self, seconds: float) -> None:
        """Note it."""
        self.slept.append(seconds)


@asynccontextmanager
async def client_of(
    server: SandboxServer, *, key: str = "", clock: Clock | None = None, timeout: float = 5.0, **others: Any
) -> AsyncIterator[MailchimpClient]:
    """A client of the sandbox that does not really wait."""
    async with MailchimpClient(
        key or server.sandbox.api_key,
        LIST_ID,
        base=server.base,
        timeout=(timeout, timeout),
        sleep=(clock or Clock()).sleep,
        chance=random.Random(1),
        **others,
    ) as client:
        yield client


def settings_for(settings: Settings, server: SandboxServer) -> Settings:
    """Settings with the sandbox in them."""
    return replace(settings, mailchimp_api_key=server.sandbox.api_key, mailchimp_api_base=server.base)


@asynccontextmanager
async def no_waiting() -> AsyncIterator[None]:
    """Let clients inside services not really wait between tries."""
    before = lane.Lane.wait

    async def wait(self: lane.Lane, tries: int) -> None:
        await asyncio.sleep(0)

    lane.Lane.wait = wait  # type: ignore[method-assign]
    try:
        yield
    finally:
        lane.Lane.wait = before  # type: ignore[method-assign]


async def mirror() -> dict[str, str]:
    """md5 to status of the members we know."""
    async with engine.connection() as lent:
        rows = await lent.fetch("SELECT md5, status FROM newsletter_member")
    return {row["md5"]: row["status"] for row in rows}


def truth(server: SandboxServer) -> dict[str, str]:
    """The same of the sandbox."""
    return {md5: one.status for md5, one in server.sandbox.members.items()}
