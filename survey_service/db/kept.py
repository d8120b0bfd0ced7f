"""Lookups kept in memory: the least recently used go first, and misses that come together are one query."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable, Iterable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")

LARGEST_QUERY = 1_000


class Kept(Generic[Key, Value]):
    """Values by key, loaded by `load`, which gets many keys at once and leaves out those that do not exist.

    What does not exist is not kept: strangers may ask for as many keys as they like. Nothing is kept
    while `may_keep` says no.
    """

    def __init__(
        self,
        load: Callable[[list[Key]], Awaitable[dict[Key, Value]]],
        *,
        most: int,
        may_keep: Callable[[], bool],
    ) -> None:
        self._load = load
        self._most = most
        self._may_keep = may_keep
        self._kept: OrderedDict[Key, Value] = OrderedDict()
        self._asked: dict[Key, asyncio.Future[Value | None]] = {}
        self._changed: set[Key] | None = set()
        """Changed while a query is under way, whose answer may be older; None means everything."""
        self._task: asyncio.Task[None] | None = None

    def peek(self, key: Key) -> Value | None:
        """The value if it is in memory."""
        value = self._kept.get(key)
        if value is not None:
            self._kept.move_to_end(key)
        return value

    async def find(self, key: Key) -> Value | None:
        """The value, from memory or from the database; None when there is no such thing."""
        value = self.peek(key)
        if value is not None:
            return value
        asked = self._asked.get(key)
        if asked is None:
            asked = self._asked[key] = asyncio.get_running_loop().create_future()
            if self._task is None or self._task.done():
                self._task = asyncio.create_task(self._answer())
        # One who gives up must not take the answer from the others who wait for it.
        return await asyncio.shield(asked)

    def forget(self, keys: Iterable[Key] | None) -> None:
        """Drop these, or everything with None, also from the answer of a query that is under way."""
        if keys is None:
            self._kept.clear()
            self._changed = None
            return
        for key in keys:
            self._kept.pop(key, None)
            if self._changed is not None:
                self._changed.add(key)

    async def _answer(self) -> None:
        """Answer what was asked since the last query, until nobody asks."""
        while self._asked:
            keys = list(self._asked)[:LARGEST_QUERY]
            asked = {key: self._asked.pop(key) for key in keys}
            self._changed = set()
            try:
                found = await self._load(keys)
            except BaseException as error:
                for future in asked.values():
                    _fail(future, error)
                if not isinstance(error, Exception):
                    raise
                continue
            for key, future in asked.items():
                value = found.get(key)
                self._keep(key, value)
                if not future.done():
                    future.set_result(value)

    def _keep(self, key: Key, value: Value | None) -> None:
        if value is None or self._changed is None or key in self._changed or not self._may_keep():
            return
        self._kept[key] = value
        if len(self._kept) > self._most:
            self._kept.popitem(last=False)


def _fail(future: "asyncio.Future[Value | None]", error: BaseException) -> None:
    if isinstance(error, Exception):
        future.set_exception(error)
        future.exception()  # all who asked may have left; that is no fault to warn of
    else:
        future.cancel()
