"""Advice for a launch: when, how long, and in which parts; and saying that the past does not tell."""

from datetime import UTC, datetime

import numpy as np
import pytest

from survey_service.services.likelihood.advise_launch import (
    SLOTS,
    choose_send_time,
    compare_send_times,
    lengths_to_compare,
    plan_replicates,
    slot_of,
)


def seconds(text: str) -> int:
    start = datetime(2000, 1, 1, tzinfo=UTC)
    return int((datetime.fromisoformat(text).replace(tzinfo=UTC) - start).total_seconds())


def test_slots_are_of_the_clock_on_the_wall() -> None:
    moments = np.array([seconds(one) for one in ("2026-07-01T11:30", "2026-12-02T11:30", "2026-11-28T18:00")])
    # In July noon in London is at eleven.
    assert [SLOTS[one] for one in slot_of(moments, "Europe/London").tolist()] == [
        "weekday_afternoon", "weekday_morning", "weekend_evening",
    ]  # fmt: skip


def compared(gain: float, *, waves: int = 4) -> tuple[dict[str, float], ...]:
    """Mornings as expected, evenings better by a gain; every wave of 500."""
    rng = np.random.default_rng(1)
    wave = np.repeat(np.arange(2 * waves), 500)
    slot = np.where(wave % 2, 2, 0)
    expected = rng.uniform(0.1, 0.3, wave.size)
    answered = rng.random(wave.size) < expected + gain * (slot == 2)
    return compare_send_times(slot, wave, expected, answered, spread=0.1)


def test_an_hour_is_better_only_when_that_is_clear_over_several_waves() -> None:
    assert choose_send_time(compared(0.10)) == "weekday_evening"
    assert choose_send_time(compared(0.0)) is None
    assert choose_send_time(compared(0.10, waves=2)) is None
    assert choose_send_time(compared(0.10)[1:]) is None  # nothing to compare with
    morning, evening = compared(0.10)
    assert morning["low"] < 0 < morning["high"]
    assert evening["difference"] == pytest.approx(0.10, abs=0.03)


def test_lengths_stay_within_what_was_used() -> None:
    assert lengths_to_compare(3.0, 3.5) == ()
    assert lengths_to_compare(2.0, 5.0) == (2.0, 3.0, 5.0)


@pytest.mark.parametrize(
    ("needed", "high", "shares"),
    [
        (385, 450, (0.85, 0.075, 0.075)),
        (385, 1000, (0.38, 0.31, 0.31)),
        (385, 3000, (0.25, 0.375, 0.375)),
        (385, 300, (0.9, 0.05, 0.05)),
        (0, 0, (0.25, 0.25, 0.25, 0.25)),
    ],
)
def test_the_first_part_cannot_bring_too_many_answers(
    needed: int, high: int, shares: tuple[float, ...]
) -> None:
    found = plan_replicates(needed, high)
    assert found == pytest.approx(shares, abs=0.006)
    assert sum(found) == pytest.approx(1.0, abs=1e-12)
    assert found[0] * high <= max(needed, 0.25 * high) + 0.01 * high
