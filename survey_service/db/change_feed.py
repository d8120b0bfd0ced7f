"""What other processes change, heard over LISTEN: what is kept in memory is dropped when it no longer holds.

While the connection is away nothing can be heard, so nothing is kept either: `is_live` is False, every
lookup goes to the database, and the service stays right, only slower.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager

import asyncpg

from survey_service.db.engine import Connection

CHANNEL = "link_changed"
EVERYTHING = "all"
PAUSE = 0.5

Listener = Callable[[Iterable[bytes] | None], None]
"""Is told the token hashes that changed, or None for everything."""


class ChangeFeed:
    """Listens on a connection of its own; get one with `open_change_feed`."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._listeners: list[Listener] = []
        self._lost = asyncio.Event()
        self.is_live = False

    def subscribe(self, listener: Listener) -> None:
        """Have `listener` told of every change from now on."""
        self._listeners.append(listener)

    async def run(self) -> None:
        """Listen for ever, again after a lost connection."""
        while True:
            try:
                connection = await asyncpg.connect(
                    self._url, timeout=5, server_settings={"application_name": "survey changes"}
                )
            except (OSError, TimeoutError, asyncpg.PostgresError):
                await asyncio.sleep(PAUSE)
                continue
            try:
                await self._listen(connection)
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                await asyncio.sleep(PAUSE)
            finally:
                self.is_live = False
                self._tell(None)
                connection.terminate()

    async def _listen(self, connection: Connection) -> None:
        self._lost.clear()
        connection.add_termination_listener(lambda _: self._hang_up())
        await connection.add_listener(CHANNEL, self._hear)
        self.is_live = True
        # A query begun before may have missed a change that was told before: nothing of it is kept.
        self._tell(None)
        await self._lost.wait()

    def _hang_up(self) -> None:
        self.is_live = False
        self._lost.set()

    def _hear(self, _connection: Connection, _pid: int, _channel: str, payload: str) -> None:
        self._tell(None if payload == EVERYTHING else [bytes.fromhex(word) for word in payload.split()])

    def _tell(self, changed: Iterable[bytes] | None) -> None:
        for listener in self._listeners:
            listener(changed)


@asynccontextmanager
async def open_change_feed(url: str) -> AsyncIterator[ChangeFeed]:
    """A feed for as long as the context lasts. One process has one."""
    feed = ChangeFeed(url)
    task = asyncio.create_task(feed.run(), name="change feed")
    try:
        yield feed
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
