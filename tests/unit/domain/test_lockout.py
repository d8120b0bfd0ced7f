from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from survey_service.domain.lockout import (
    FREE_TRIES,
    LONGEST_DELAY,
    MEMORY,
    NETWORK_TRIES,
    NETWORK_WINDOW,
    wait_for_account,
    wait_for_network,
)

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def failures(count: int) -> list[datetime]:
    return [NOW - timedelta(seconds=count - place) for place in range(1, count + 1)]


def test_a_few_slips_cost_nothing() -> None:
    assert wait_for_account(failures(FREE_TRIES - 1), NOW) == timedelta()


def test_the_wait_doubles() -> None:
    waits = [wait_for_account(failures(FREE_TRIES + extra), NOW).total_seconds() for extra in range(4)]
    assert waits == [15, 30, 60, 120]


@given(st.integers(0, 5_000))
def test_the_wait_has_an_end(count: int) -> None:
    assert timedelta() <= wait_for_account(failures(count), NOW) <= LONGEST_DELAY


def test_the_wait_passes_and_failures_are_forgotten() -> None:
    tries = failures(FREE_TRIES)
    assert wait_for_account(tries, NOW + timedelta(seconds=14)) == timedelta(seconds=1)
    assert wait_for_account(tries, NOW + timedelta(seconds=15)) == timedelta()
    assert wait_for_account(failures(5_000), NOW + MEMORY) == timedelta()


def test_a_network_gets_so_many_failures_in_a_window() -> None:
    assert wait_for_network(failures(NETWORK_TRIES - 1), NOW) == timedelta()
    wait = wait_for_network(failures(NETWORK_TRIES), NOW)
    assert wait == NETWORK_WINDOW - timedelta(seconds=NETWORK_TRIES - 1)
    assert wait_for_network(failures(NETWORK_TRIES), NOW + wait) == timedelta()
