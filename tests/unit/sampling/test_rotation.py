"""The rotation over random histories: equal to the slow one, and never against its own rules."""

from collections import Counter, defaultdict
from datetime import date
from decimal import Decimal
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sampling.draw import draw_cells
from sampling.errors import SamplingError
from sampling.prn import permanent_numbers
from sampling.rotation import Rotation, Rules
from survey_service.services.rotation.rotate_files import Scenario, rotate
from tests.unit.sampling.scenarios import large_scenario, scenarios
from tests.unit.sampling.slow_rotation import rotate_slowly


def static_rotation(sizes: list[int], rules: Rules, *, seed: str = "seed") -> Rotation:
    cell = np.repeat(np.arange(len(sizes)), sizes)
    ids = np.array([f"m{number:04}" for number in range(cell.size)], dtype=np.str_)
    return Rotation(
        ids=ids,
        cell=cell,
        u=permanent_numbers(seed, ids.tolist()),
        cells=tuple(f"cell {code}" for code in range(len(sizes))),
        rules=rules,
    )


@settings(max_examples=300, deadline=None)
@given(scenarios())
def test_equals_the_slow_rotation(scenario: Scenario) -> None:
    check_equal(scenario)


@pytest.mark.parametrize(("asked", "is_short"), [(12, False), (80, True)])
def test_equals_the_slow_rotation_in_a_large_frame(asked: int, is_short: bool) -> None:
    for seed in range(3):
        scenario = large_scenario(seed, asked=asked)
        assert bool(rotate(scenario).shortfall) == is_short
        check_equal(scenario)


def check_equal(scenario: Scenario) -> None:
    fast, slow = rotate(scenario), rotate_slowly(scenario)
    exact = [0, 1, 2, 3, 5, 6]
    assert [[line[n] for n in exact] for line in fast.selection] == [
        [line[n] for n in exact] for line in slow.selection
    ]
    for line, wanted in zip(fast.selection, slow.selection, strict=True):
        assert line[4] == pytest.approx(float(wanted[4]), abs=1e-12)
        assert line[7] == pytest.approx(float(wanted[7]), rel=1e-12)
    assert fast.shortfall == slow.shortfall
    people = [slow.people[one] for one in sorted(slow.people)]
    assert [line[:3] for line in fast.state] == [(one.id, one.cell, int(one.active)) for one in people]
    for line, person in zip(fast.state, people, strict=True):
        assert line[3] == pytest.approx(float(person.ticket), abs=1e-12)
        assert line[4] == len(person.history)
        assert Decimal(line[5]) == Decimal(sum(planned for _, planned in person.history)) / 1000


@settings(max_examples=100, deadline=None)
@given(scenarios())
def test_rest_and_cap_are_never_broken(scenario: Scenario) -> None:
    planned = {(row.survey, row.date.isoformat(), row.stratum): row.planned for row in scenario.surveys}
    history: dict[str, list[tuple[date, int]]] = defaultdict(list)
    for survey, day, stratum, one, *_ in rotate(scenario).selection:
        history[one].append((date.fromisoformat(day), planned[survey, day, stratum]))
    rules = scenario.rules
    for sent in history.values():
        days = [day for day, _ in sent]
        assert all((later - one).days >= rules.rest_days for one, later in pairwise(days))
        if rules.cap_minutes is not None:
            for day in days:
                window = [minutes for one, minutes in sent if 0 <= (day - one).days < rules.window_days]
                assert sum(window) <= rules.cap_minutes * 1000


@settings(max_examples=100, deadline=None)
@given(scenarios())
def test_weights_sum_to_the_population(scenario: Scenario) -> None:
    sums: Counter[tuple[str, str, str]] = Counter()
    sizes = {}
    for survey, day, stratum, _, _, population, _, weight in rotate(scenario).selection:
        sums[survey, day, stratum] += weight
        sizes[survey, day, stratum] = population
    assert sums == pytest.approx(sizes, rel=1e-12)


@settings(max_examples=100, deadline=None)
@given(scenarios(), st.randoms(use_true_random=False))
def test_order_of_the_file_does_not_matter(scenario: Scenario, random) -> None:
    shuffled = list(scenario.frame)
    random.shuffle(shuffled)
    assert rotate(Scenario(shuffled, scenario.events, scenario.surveys, scenario.rules)) == rotate(scenario)


@settings(max_examples=150, deadline=None)
@given(
    size=st.integers(1, 25),
    rest=st.integers(0, 70),
    waves=st.lists(st.tuples(st.integers(0, 40), st.integers(0, 25)), min_size=1, max_size=30),
)
def test_nobody_twice_before_everybody_once(size: int, rest: int, waves: list[tuple[int, int]]) -> None:
    rotation = static_rotation([size], Rules(rest_days=rest))
    day = 0
    for gap, asked in waves:
        day += gap
        rotation.draw(day, {0: asked}, form=5)
        assert np.ptp(rotation.invitations) <= 1
        # The reason: tickets always lie in a half-open window one turn long.
        assert np.ptp(rotation.frame.ticket) < 1.0 + 1e-12


@given(size=st.integers(1, 40), first=st.integers(0, 40), second=st.integers(0, 40), turn=st.integers(0, 3))
def test_surveys_of_a_day_overlap_as_little_as_can_be(size: int, first: int, second: int, turn: int) -> None:
    rotation = static_rotation([size], Rules(rest_days=0))
    rotation.draw(1, {0: min(turn * 7, size)}, form=5)
    one = rotation.draw(2, {0: first}, form=5)
    two = rotation.draw(2, {0: second}, form=5)
    overlap = np.intersect1d(one.selected, two.selected).size
    assert overlap == max(0, min(first, size) + min(second, size) - size)


def test_nobody_is_drawn_twice_while_enough_are_available() -> None:
    rotation = static_rotation([30], Rules(rest_days=21))
    rotation.draw(1, {0: 5}, form=5)
    available = int(rotation.available(2, form=5).sum())
    one, two = (rotation.draw(2, {0: asked}, form=5) for asked in (10, 18))
    assert available == 25
    assert np.intersect1d(one.selected, two.selected).size == 0
    assert two.shortfall.tolist() == [10 + 18 - available]


def test_another_member_changes_nobodys_number() -> None:
    ids = [f"m{number}" for number in range(50)]
    alone = dict(zip(ids, permanent_numbers("s", ids).tolist(), strict=True))
    fewer = list(reversed(ids))[3:]
    more = ["new", *fewer]
    for others in (fewer, more):
        numbers = dict(zip(others, permanent_numbers("s", others).tolist(), strict=True))
        assert all(numbers[one] == alone[one] for one in fewer)


def test_a_paused_member_keeps_rest_and_minutes() -> None:
    rotation = static_rotation([3], Rules(rest_days=10, cap=12, window_days=100))
    drawn = rotation.draw(1, {0: 3}, form=10)
    rotation.withdraw(drawn.selected)
    rotation.resume(drawn.selected)
    assert not rotation.available(5, form=1).any(), "a pause does not shorten the rest"
    assert not rotation.available(50, form=3).any(), "a pause does not clear the minutes"
    assert rotation.available(50, form=2).all()
    assert rotation.available(101, form=12).all(), "on day 101 the form is 100 days old and counts no more"


def test_a_form_in_its_last_day_counts_for_every_draw_of_that_day() -> None:
    rotation = static_rotation([3], Rules(rest_days=0, cap=10, window_days=30))
    first = rotation.draw(1, {0: 1}, form=6).selected
    rotation.draw(30, {0: 1}, form=6)
    assert not rotation.available(30, form=6)[first], "29 days old: the form still counts"
    rotation.draw(31, {0: 1}, form=1)
    assert rotation.available(31, form=6)[first]


def test_resuming_at_once_does_not_repeat_the_turn() -> None:
    rotation = static_rotation([5], Rules(rest_days=0))
    last = rotation.draw(1, {0: 3}, form=5).selected[-1:]
    before = rotation.frame.ticket[last].copy()
    rotation.withdraw(last)
    rotation.resume(last)
    assert rotation.frame.ticket[last] == before, "the clock stands at its last ticket: one turn later"


def test_a_mover_takes_history_along_and_a_new_place() -> None:
    rotation = static_rotation([4, 4], Rules(rest_days=30))
    for day in (1, 40, 80):
        rotation.draw(day, {0: 4}, form=5)
    mover = np.array([0])
    rotation.move(mover, np.array([1]))
    assert rotation.frame.ticket[0] == rotation.frame.u[0], (
        "the other cell has not begun: nobody is pushed on"
    )
    assert not rotation.available(90, form=5)[0]
    assert rotation.invitations[0] == 3


def test_time_does_not_run_backwards() -> None:
    rotation = static_rotation([3], Rules(rest_days=0))
    rotation.draw(5, {0: 1}, form=5)
    with pytest.raises(SamplingError, match="before an earlier one"):
        rotation.draw(4, {0: 1}, form=5)


def test_a_draw_changes_nothing_until_it_is_sent() -> None:
    rotation = static_rotation([6], Rules(rest_days=0))
    frame = rotation.frame
    ticket, clocks = frame.ticket.copy(), frame.clocks.copy()
    drawn = draw_cells(frame, frame.active, {0: 4})
    assert np.array_equal(frame.ticket, ticket)
    assert np.array_equal(frame.clocks, clocks)
    assert drawn.clocks_after[0] == drawn.ticket_before.max() > 0


@pytest.mark.parametrize(
    "wrong", [{"rest_days": -1}, {"rest_days": 1, "cap": -1}, {"rest_days": 1, "window_days": 0}]
)
def test_rules_that_cannot_be_kept_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(SamplingError, match="cannot be kept"):
        Rules(**wrong)
