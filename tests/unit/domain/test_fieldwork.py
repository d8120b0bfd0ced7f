"""What comes next in a wave, what uneven answers are worth, and what a reminder did."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from survey_service.domain.fieldwork import (
    GroupProgress,
    ReminderEffect,
    Step,
    StratumProgress,
    WaveProgress,
    choose_step,
    effective_answers,
    hold_out,
)

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)


@dataclass
class Case:
    """What differs between the cases."""

    answers: float = 100
    unreleased: tuple[int, ...] = ()
    days_since: float | None = 10
    reminders_sent: int = 0
    is_over: bool = False
    worth: bool = True


@pytest.mark.parametrize(
    ("case", "step"),
    [
        (Case(answers=385, unreleased=(3, 4)), "enough"),
        (Case(unreleased=(1, 2), days_since=None), "release"),
        (Case(unreleased=(2,), days_since=4), "release"),
        (Case(unreleased=(2,), days_since=3.9), "wait"),
        (Case(), "remind"),
        (Case(days_since=3), "wait"),
        (Case(worth=False), "wait"),
        (Case(reminders_sent=1), "wait"),
        (Case(is_over=True), "ended"),
        (Case(is_over=True, unreleased=(4,)), "release"),
    ],
)
def test_the_next_step(case: Case, step: Step) -> None:
    progress = WaveProgress(
        groups=[GroupProgress(strata=("a",), answers=case.answers, needed=385, margin=0.1)],
        unreleased=case.unreleased,
        last_released_at=None if case.days_since is None else NOW - timedelta(days=case.days_since),
        reminders_sent=case.reminders_sent,
        most_reminders=1,
        is_over=case.is_over,
    )
    assert choose_step(progress, at=NOW, days_between=4, worth_reminding=case.worth) == step


def test_every_figure_must_be_there_before_it_is_enough() -> None:
    groups = [
        GroupProgress(strata=(name,), answers=answers, needed=100, margin=None)
        for name, answers in (("a", 100), ("b", 99))
    ]
    progress = WaveProgress(
        groups=groups,
        unreleased=(2,),
        last_released_at=None,
        reminders_sent=0,
        most_reminders=1,
        is_over=False,
    )
    assert choose_step(progress, at=NOW, days_between=4, worth_reminding=False) == "release"


def stratum(name: str, population: int, answered: int) -> StratumProgress:
    return StratumProgress(
        name=name, population=population, released=0, answered=answered, answered_least=answered,
        waiting=0, reserved=0,
    )  # fmt: skip


def test_uneven_answers_are_worth_less() -> None:
    assert effective_answers([stratum("a", 1_000, 50), stratum("b", 1_000, 50)]) == pytest.approx(100)
    uneven = effective_answers([stratum("a", 1_000, 90), stratum("b", 1_000, 10)])
    # (90 * 11.1 + 10 * 100)^2 / (90 * 11.1^2 + 10 * 100^2)
    assert uneven == pytest.approx(36)
    assert effective_answers([stratum("a", 1_000, 0)]) == 0


def test_the_interval_of_a_difference_is_newcombes() -> None:
    # Newcombe 1998, table II, example (a): 56/70 against 48/80, method 10: 0.0524 to 0.3339.
    effect = ReminderEffect(reminded=70, reminded_answered=56, held_out=80, held_out_answered=48)
    assert effect.difference == pytest.approx(0.2)
    low, high = effect.interval() or (0.0, 0.0)
    assert (round(low, 4), round(high, 4)) == (0.0524, 0.3339)
    assert ReminderEffect(reminded=5, reminded_answered=1, held_out=0, held_out_answered=0).interval() is None


def test_a_tenth_is_held_out_by_lot_whatever_the_order() -> None:
    lots = {number: (number * 0.6180339887) % 1 for number in range(200)}
    held = hold_out(lots)
    assert len(held) == 20
    assert held == hold_out(dict(reversed(lots.items())))
    assert max(lots[one] for one in held) < min(lot for one, lot in lots.items() if one not in held)
    assert hold_out({1: 0.2}) == set()
