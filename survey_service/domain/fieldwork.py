"""What to do next in a wave: release the next part, remind, wait, or stop because it is enough."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from math import sqrt
from typing import Literal

import msgspec

HOLD_OUT = 0.1
"""Share of those who could be reminded who are not, by lot: else nobody knows what a reminder does."""

Step = Literal["enough", "release", "remind", "wait", "ended"]


class StratumProgress(msgspec.Struct, frozen=True, kw_only=True):
    """One stratum of a wave."""

    name: str
    population: int
    released: int
    answered: int
    """Complete and partial forms."""
    answered_least: int
    """Of those, the ones that held the least-answered block."""
    waiting: int
    """Sent, not answered, not over."""
    reserved: int
    """Drawn and not released."""


class GroupProgress(msgspec.Struct, frozen=True, kw_only=True):
    """One reported figure."""

    strata: tuple[str, ...]
    answers: float
    """Effective answers to the least-answered block: uneven weights count for less (Kish 1965)."""
    needed: int
    margin: float | None
    """Half the width of the interval now; null without answers."""

    @property
    def is_reached(self) -> bool:
        """Whether the precision is there."""
        return self.answers >= self.needed


class WaveProgress(msgspec.Struct, frozen=True, kw_only=True):
    """All that the next step depends on."""

    groups: Sequence[GroupProgress]
    unreleased: Sequence[int]
    """Numbers of the replicates that wait, in order."""
    last_released_at: datetime | None
    reminders_sent: int
    """Rounds of reminders so far."""
    most_reminders: int
    is_over: bool
    """Nobody can answer any more, or everybody has."""


def choose_step(progress: WaveProgress, *, at: datetime, days_between: int, worth_reminding: bool) -> Step:
    """Return what comes next.

    Whoever started is never turned away: stopping only keeps back what was not sent. Reminders come when
    everything is released and still misses its precision, and only where they are worth it.
    """
    if all(group.is_reached for group in progress.groups):
        return "enough"
    pause = timedelta(days=days_between)
    is_due = progress.last_released_at is None or at >= progress.last_released_at + pause
    if progress.unreleased:
        return "release" if is_due else "wait"
    if progress.is_over:
        return "ended"
    later = progress.last_released_at and progress.last_released_at + pause * (progress.reminders_sent + 1)
    may_remind = progress.reminders_sent < progress.most_reminders and later is not None and at >= later
    return "remind" if may_remind and worth_reminding else "wait"


def effective_answers(strata: Sequence[StratumProgress]) -> float:
    """Return what the answers of a group are worth, by Kish's (sum w)^2 / sum w^2.

    Within a stratum everybody who answered stands for as many: its population over its answers.
    """
    counted = [one for one in strata if one.answered_least > 0]
    if not counted:
        return 0.0
    weights = [(one.population / one.answered_least, one.answered_least) for one in counted]
    total = sum(weight * count for weight, count in weights)
    squares = sum(weight * weight * count for weight, count in weights)
    return total * total / squares


class ReminderEffect(msgspec.Struct, frozen=True, kw_only=True):
    """Answers after a reminder against answers of those held out."""

    reminded: int
    reminded_answered: int
    held_out: int
    held_out_answered: int

    @property
    def difference(self) -> float | None:
        """In the share that answered; null before anybody is in both groups."""
        if not self.reminded or not self.held_out:
            return None
        return self.reminded_answered / self.reminded - self.held_out_answered / self.held_out

    def interval(self, z: float = 1.959963984540054) -> tuple[float, float] | None:
        """The interval of the difference by Newcombe's hybrid score method.

        Newcombe 1998, "Interval estimation for the difference between independent proportions: comparison of
        eleven methods", Statistics in Medicine 17, method 10.
        """
        difference = self.difference
        if difference is None:
            return None
        one, other = self.reminded_answered / self.reminded, self.held_out_answered / self.held_out
        low_one, high_one = _wilson(one, self.reminded, z)
        low_other, high_other = _wilson(other, self.held_out, z)
        below = sqrt((one - low_one) ** 2 + (high_other - other) ** 2)
        above = sqrt((high_one - one) ** 2 + (other - low_other) ** 2)
        return difference - below, difference + above


def hold_out(lots: Mapping[int, float]) -> set[int]:
    """Return who is not reminded, of people with a lot in [0, 1) each: a tenth of them."""
    order = sorted(lots, key=lambda one: (lots[one], one))
    return set(order[: round(HOLD_OUT * len(order))])


def _wilson(share: float, n: int, z: float) -> tuple[float, float]:
    middle = share + z * z / (2 * n)
    half = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return (middle - half) / (1 + z * z / n), (middle + half) / (1 + z * z / n)
