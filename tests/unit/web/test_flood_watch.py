"""Counting without addresses: what is kept in memory, for how long, and when a flood begins and ends."""

import itertools
import random
import statistics

import pytest

from survey_service.web.respondent.flood_watch import CALM_AFTER, DAY, HOUR, FloodWatch, share_out


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def make_watch(**overrides: int) -> tuple[FloodWatch, Clock]:
    clock = Clock()
    limits = {"network_limit": 10, "attack_rate": 5} | overrides
    return FloodWatch(clock=clock, **limits), clock


def test_neighbours_are_counted_together_for_an_hour() -> None:
    watch, clock = make_watch()
    assert [watch.count_network("parks", f"192.0.2.{n}") for n in (1, 2, 3)] == [1, 2, 3]
    assert watch.count_network("roads", "192.0.2.1") == 1
    assert watch.count_network("parks", "198.51.100.1") == 1
    clock.now = HOUR
    assert watch.count_network("parks", "192.0.2.4") == 1


def test_no_address_is_kept_and_the_key_goes_every_day() -> None:
    watch, clock = make_watch()
    watch.count_network("parks", "192.0.2.1")
    [before] = watch._networks
    assert len(before) == 64
    assert b"192" not in before
    clock.now = DAY
    watch.count_network("parks", "192.0.2.1")
    [after] = watch._networks
    assert after != before


def test_a_flood_begins_above_the_rate_and_ends_after_some_calm() -> None:
    watch, clock = make_watch()
    assert [watch.is_under_attack("parks") for _ in range(6)] == [False] * 5 + [True]
    assert not watch.is_under_attack("roads")
    clock.now = CALM_AFTER - 1
    assert watch.is_under_attack("parks")
    clock.now = CALM_AFTER
    assert not watch.is_under_attack("parks")


def test_limits_are_shared_out_over_the_processes() -> None:
    watch, _ = make_watch(processes=5)
    assert watch.network_limit == share_out(10, 5) == 4
    assert [watch.is_under_attack("parks") for _ in range(5)].count(False) == share_out(5, 5) == 2


@pytest.mark.parametrize("processes", [1, 2, 4, 8])
@pytest.mark.parametrize("limit", [30, 120])
def test_by_chance_on_several_processes_the_first_doubt_comes_about_where_it_should(
    limit: int, processes: int
) -> None:
    lot = random.Random(7)

    def first_doubt() -> int:
        counts = [0] * processes
        for answer in itertools.count(1):
            one = lot.randrange(processes)
            counts[one] += 1
            if counts[one] > share_out(limit, processes):
                return answer
        raise AssertionError

    median = statistics.median(first_doubt() for _ in range(400))
    assert 0.9 * limit <= median <= 1.25 * limit
