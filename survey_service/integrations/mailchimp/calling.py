"""One call of the vendor's client made safe: a place in the lane, a thread, another try where it helps."""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import msgspec

from survey_service.integrations.mailchimp.errors import KeyRefused, Throttled, Unanswered
from survey_service.integrations.mailchimp.lane import MOST, TRIES, Lane

Found = TypeVar("Found")
Call = Callable[[], Any]


class Caller:
    """Runs calls in worker threads, never more than the lane lets in."""

    def __init__(self, lane: Lane, tries: int = TRIES) -> None:
        self._lane = lane
        self._tries = tries
        self._threads = ThreadPoolExecutor(MOST, thread_name_prefix="mailchimp")

    async def call(self, call: Call) -> Any:
        """Call what may be done twice; raise once all tries have failed."""
        for tries in range(1, self._tries + 1):
            try:
                return await self._once(call)
            except (Throttled, Unanswered):
                if tries == self._tries:
                    raise
                await self._lane.wait(tries)
        raise AssertionError("the last try returns or raises")

    async def make(self, call: Call, find: Callable[[], Awaitable[Found | None]]) -> Any | Found:
        """Make something that must not be made twice: before each further try, look whether it is there."""
        for tries in range(1, self._tries + 1):
            try:
                return await self._once(call)
            except (Throttled, Unanswered):
                if tries == self._tries:
                    raise
                await self._lane.wait(tries)
            found = await find()
            if found is not None:
                return found
        raise AssertionError("the last try returns or raises")

    async def _once(self, call: Call) -> Any:
        async with self._lane.turn():
            try:
                found = await asyncio.get_running_loop().run_in_executor(self._threads, call)
            except KeyRefused as error:
                self._lane.close(error)
                raise
            except Throttled:
                self._lane.complain()
                raise
            except Unanswered:
                # It may still hold a place there: the next one of ours waits a moment before it takes one.
                await self._lane.wait(0)
                raise
        self._lane.be_content()
        return found

    def close(self) -> None:
        """Let the threads go."""
        self._threads.shutdown(wait=False, cancel_futures=True)


def read(answer: Any, kind: type[Found]) -> Found:
    """Return an answer as a struct of the port; what cannot be one counts as no answer."""
    try:
        return msgspec.convert(answer, kind, strict=False)
    except msgspec.ValidationError:
        pass  # most likely a null where a text is meant
    try:
        return msgspec.convert(_without_none(answer), kind, strict=False)
    except msgspec.ValidationError as error:
        raise Unanswered("Mailchimp's answer is not what its description says.") from error


def _without_none(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_none(one) for key, one in value.items() if one is not None}
    if isinstance(value, list):
        return [_without_none(one) for one in value]
    return value
