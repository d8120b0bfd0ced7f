"""Lookups kept in memory."""

import asyncio

import pytest

from survey_service.db.kept import Kept


class Source:
    """Where values are loaded from: counts queries, and can be held back."""

    def __init__(self) -> None:
        self.values = {key: key * 10 for key in range(100)}
        self.queries: list[list[int]] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.is_told = True
        self.is_broken = False

    async def load(self, keys: list[int]) -> dict[int, int]:
        self.queries.append(keys)
        if self.is_broken:
            raise ConnectionError
        found = {key: self.values[key] for key in keys if key in self.values}
        await self.gate.wait()
        return found

    def kept(self, most: int = 50) -> Kept[int, int]:
        return Kept(self.load, most=most, may_keep=lambda: self.is_told)


async def test_a_value_is_asked_for_once() -> None:
    source = Source()
    kept = source.kept()
    assert [await kept.find(1), await kept.find(1), kept.peek(1)] == [10, 10, 10]
    assert source.queries == [[1]]


async def test_misses_that_come_together_are_one_query() -> None:
    source = Source()
    kept = source.kept()
    assert await asyncio.gather(*(kept.find(key) for key in (1, 2, 3, 2, 1))) == [10, 20, 30, 20, 10]
    assert source.queries == [[1, 2, 3]]


async def test_misses_during_a_query_wait_for_the_next_one_together() -> None:
    source = Source()
    kept = source.kept()
    source.gate.clear()
    first = asyncio.create_task(kept.find(1))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    others = asyncio.gather(kept.find(2), kept.find(3))
    await asyncio.sleep(0)
    source.gate.set()
    assert [await first, *await others] == [10, 20, 30]
    assert source.queries == [[1], [2, 3]]


async def test_what_does_not_exist_is_not_kept() -> None:
    source = Source()
    kept = source.kept()
    assert await kept.find(500) is None
    source.values[500] = 5
    assert await kept.find(500) == 5


async def test_the_least_recently_used_go_first() -> None:
    source = Source()
    kept = source.kept(most=3)
    for key in (1, 2, 3, 1, 4):
        await kept.find(key)
    assert {key for key in range(10) if kept.peek(key)} == {1, 3, 4}


@pytest.mark.parametrize("told", [[1], None])
async def test_a_change_during_the_query_is_not_covered_by_its_older_answer(told: list[int] | None) -> None:
    source = Source()
    kept = source.kept()
    source.gate.clear()
    asked = asyncio.create_task(kept.find(1))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    source.values[1] = 11
    kept.forget(told)
    source.gate.set()
    assert await asked == 10  # asked before the change
    assert await kept.find(1) == 11


async def test_nothing_is_kept_while_nobody_would_tell() -> None:
    source = Source()
    kept = source.kept()
    source.is_told = False
    await kept.find(1)
    source.values[1] = 11
    assert await kept.find(1) == 11


async def test_a_failed_query_fails_all_who_asked_and_no_one_later() -> None:
    source = Source()
    kept = source.kept()
    source.is_broken = True
    errors = await asyncio.gather(kept.find(1), kept.find(2), return_exceptions=True)
    assert [type(error) for error in errors] == [ConnectionError, ConnectionError]
    source.is_broken = False
    assert await kept.find(1) == 10


async def test_one_who_gives_up_takes_nothing_from_the_others() -> None:
    source = Source()
    kept = source.kept()
    source.gate.clear()
    impatient, patient = asyncio.create_task(kept.find(1)), asyncio.create_task(kept.find(1))
    await asyncio.sleep(0)
    impatient.cancel()
    await asyncio.sleep(0)
    source.gate.set()
    assert await patient == 10
