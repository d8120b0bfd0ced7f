"""When to send, how long a form, in which parts to release a draw: advice from what invitations brought.

All of it is pure and about groups. Where the past does not tell, it says so: hours and lengths were not drawn
by lot, so a difference has to be clear over several waves before it is called one.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from math import floor
from zoneinfo import ZoneInfo

import numpy as np

from models.arrays import BoolArray, FloatArray, IntArray
from survey_service.services.rotation.select_members import REPLICATE_SHARES

SLOTS = tuple(
    f"{day}_{part}" for day in ("weekday", "weekend") for part in ("morning", "afternoon", "evening")
)
NOON, EVENING, SATURDAY = 12, 17, 5
LEAST_WAVES = 3
"""Of a slot before anything is said of it: one wave is its survey, not its hour."""
NORMAL_95 = 1.96

LENGTHS = (1.0, 2.0, 3.0, 5.0, 8.0, 10.0)
"""Minutes that are compared."""

LEAST_FIRST, MOST_FIRST = 0.25, 0.9


def slot_of(moments: IntArray, zone: str) -> IntArray:
    """Return the position in `SLOTS` of moments (seconds since 2000), by the clock of a zone."""
    known, code = np.unique(moments, return_inverse=True)
    start, clock = datetime(2000, 1, 1, tzinfo=UTC), ZoneInfo(zone)
    slots = []
    for seconds in known.tolist():  # whole parts of draws are sent at once: there are few moments
        local = (start + timedelta(seconds=seconds)).astimezone(clock)
        part = int(local.hour >= NOON) + int(local.hour >= EVENING)
        slots.append(3 * (local.weekday() >= SATURDAY) + part)
    return np.array(slots, dtype=np.int64)[code]


def compare_send_times(
    slot: IntArray, wave: IntArray, expected: FloatArray, answered: BoolArray, *, spread: float
) -> tuple[dict[str, float], ...]:
    """Return for each slot used its waves, invitations, and how much more was answered than expected.

    `low` and `high` bound the difference with 95 %, chance and whole waves (`spread`, in log-odds) included.
    """
    found = []
    for place in np.unique(slot).tolist():
        rows = slot == place
        n, waves = int(rows.sum()), int(np.unique(wave[rows]).size)
        variance = expected[rows] * (1.0 - expected[rows])
        error = np.sqrt(variance.sum() / n**2 + (spread * variance.mean()) ** 2 / waves)
        difference = float((answered[rows] - expected[rows]).mean())
        found.append(
            {
                "slot": float(place), "waves": float(waves), "invitations": float(n),
                "rate": float(answered[rows].mean()), "difference": difference,
                "low": difference - NORMAL_95 * float(error), "high": difference + NORMAL_95 * float(error),
            }
        )  # fmt: skip
    return tuple(found)


def choose_send_time(compared: Sequence[dict[str, float]]) -> str | None:
    """Return the slot that clearly brings more, or None: the past does not tell."""
    clear = [one for one in compared if one["waves"] >= LEAST_WAVES and one["low"] > 0.0]
    if len(compared) < 2 or not clear:
        return None
    return SLOTS[int(max(clear, key=lambda one: one["low"])["slot"])]


def lengths_to_compare(least: float, greatest: float) -> tuple[float, ...]:
    """Return the minutes within what was ever used; none where all forms were about as long."""
    if greatest - least < 1.0:
        return ()
    return tuple(one for one in LENGTHS if least - 0.5 <= one <= greatest + 0.5)


def plan_replicates(needed: int, expected_high: int) -> tuple[float, ...]:
    """Return the shares of the parts in which a draw is released, one after another.

    The first is as large as it can be without bringing more answers than are needed even if the yield is at
    the upper end of what is expected; what is left is released in two halves, as far as it is needed.
    """
    if needed <= 0 or expected_high <= 0:
        return REPLICATE_SHARES
    first = floor(100 * min(max(needed / expected_high, LEAST_FIRST), MOST_FIRST)) / 100
    half = round((1.0 - first) / 2, 4)
    return (first, half, round(1.0 - first - half, 4))
