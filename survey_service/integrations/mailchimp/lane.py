"""How many requests are on their way at once, and how long to wait after a refusal.

Mailchimp allows ten connections a *user*, other programs' included: we take six, halve that when told to
slow down, and come back by one after a while of peace.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from survey_service.integrations.mailchimp.errors import KeyRefused

MOST = 6
TRIES = 5
LONGEST_WAIT = 60.0
PEACE = 20
"""Answers in a row without a complaint, after which one more may be on its way."""

Sleep = Callable[[float], Awaitable[None]]


_shared: dict[tuple[int, str, str], tuple["Lane", int]] = {}
"""By event loop, address and key: the lane that every client of one account takes, and how many do."""


def borrow_lane(base: str, api_key: str) -> "Lane":
    """Return the lane of an account: pulls, events and links at the same time make six together, not each."""
    name = (id(asyncio.get_running_loop()), base, api_key)
    lane, users = _shared.get(name, (None, 0))
    if lane is None or lane.is_closed:
        lane, users = Lane(), 0
    _shared[name] = (lane, users + 1)
    return lane


def give_back_lane(base: str, api_key: str, lane: "Lane") -> None:
    """Let go of it; the last one takes it away."""
    name = (id(asyncio.get_running_loop()), base, api_key)
    known, users = _shared.get(name, (None, 0))
    if known is lane:
        if users > 1:
            _shared[name] = (lane, users - 1)
        else:
            del _shared[name]


class Lane:
    """Lets so many in at once; closed for good by a key that was refused."""

    def __init__(
        self, most: int = MOST, *, sleep: Sleep = asyncio.sleep, chance: random.Random | None = None
    ) -> None:
        self.limit = most
        self._most = most
        self._under_way = 0
        self._calm = 0
        self._closed: KeyRefused | None = None
        self._changed = asyncio.Condition()
        self._sleep = sleep
        self._chance = chance or random.Random()  # noqa: S311 - spreads requests, guards nothing

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for a place."""
        async with self._changed:
            await self._changed.wait_for(lambda: self._closed or self._under_way < self.limit)
            if self._closed is not None:
                raise self._closed
            self._under_way += 1
        try:
            yield
        finally:
            async with self._changed:
                self._under_way -= 1
                self._changed.notify_all()

    @property
    def is_closed(self) -> bool:
        """True once a key was refused."""
        return self._closed is not None

    def complain(self) -> None:
        """Note that Mailchimp asked for less."""
        self.limit, self._calm = max(1, self.limit // 2), 0

    def be_content(self) -> None:
        """Note a good answer."""
        self._calm += 1
        if self._calm >= PEACE and self.limit < self._most:
            self.limit, self._calm = self.limit + 1, 0

    def close(self, error: KeyRefused) -> None:
        """Let nobody in any more: each further request would be refused as well."""
        self._closed = error

    async def wait(self, tries: int) -> None:
        """Wait after a failed try, counted from 1: full jitter, so that six do not come back together."""
        await self._sleep(self._chance.uniform(0, min(LONGEST_WAIT, 2.0**tries)))
