"""No small number can be worked out: an attacker with linear programming tries."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from survey_service.domain.disclosure import (
    Suppression,
    last_full_step,
    round_count,
    round_share,
    suppress_options,
    suppress_table,
)

THRESHOLD = 10
tables = st.integers(2, 4).flatmap(
    lambda width: st.lists(
        st.lists(st.integers(0, 60), min_size=width, max_size=width), min_size=1, max_size=4
    )
)
lines = st.lists(st.integers(0, 60), min_size=2, max_size=7)


class Attacker:
    """Knows every shown number to the last unit, and nothing else but that no count is negative."""

    def __init__(self, counts: Sequence[Sequence[int]], shown: Suppression, *, total_hidden: bool) -> None:
        self.counts = np.array(counts)
        self.height, self.width = self.counts.shape
        rows, values = [], []
        for i in range(self.height):
            for j in range(self.width):
                if not shown.cells[i][j]:
                    self._learn(rows, values, [(i, j)])
            if not shown.rows[i]:
                self._learn(rows, values, [(i, j) for j in range(self.width)])
        for j in range(self.width):
            if not shown.columns[j]:
                self._learn(rows, values, [(i, j) for i in range(self.height)])
        if not total_hidden:
            self._learn(rows, values, [(i, j) for i in range(self.height) for j in range(self.width)])
        self.equations = np.array(rows) if rows else None
        self.values = np.array(values) if rows else None

    def _learn(self, rows: list[np.ndarray], values: list[int], places: list[tuple[int, int]]) -> None:
        rows.append(self.mask(places))
        values.append(sum(self.counts[place] for place in places))

    def mask(self, places: list[tuple[int, int]]) -> np.ndarray:
        mask = np.zeros((self.height, self.width))
        for place in places:
            mask[place] = 1
        return mask.ravel()

    def bounds(self, *places: tuple[int, int]) -> tuple[float, float]:
        """Least and largest possible sum of some cells."""
        aim = self.mask(list(places))
        ends = []
        for sign in (1, -1):
            found = linprog(sign * aim, A_eq=self.equations, b_eq=self.values, bounds=(0, 10_000))
            assert found.status == 0
            ends.append(sign * found.fun)
        return round(ends[0], 6), round(ends[1], 6)


def attack_line(counts: Sequence[int]) -> tuple[Suppression, Attacker]:
    shown = suppress_table([counts], threshold=THRESHOLD)
    return shown, Attacker([counts], shown, total_hidden=True)


@given(lines)
@settings(max_examples=150, deadline=None)
def test_no_small_answer_of_a_question_can_be_narrowed_down(counts: list[int]) -> None:
    shown, attacker = attack_line(counts)
    for j, count in enumerate(counts):
        rest = [(0, k) for k in range(len(counts)) if k != j]
        if count < THRESHOLD:
            low, high = attacker.bounds((0, j))
            assert low == 0
            assert high >= THRESHOLD
        if sum(counts) - count < THRESHOLD:
            low, high = attacker.bounds(*rest)
            assert low == 0
            assert high >= THRESHOLD
        if not shown.cells[0][j]:
            assert count >= THRESHOLD
            assert sum(counts) - count >= THRESHOLD


@given(tables)
@settings(max_examples=120, deadline=None)
def test_no_small_cell_of_a_crossed_table_with_all_its_margins_can_be_narrowed_down(
    counts: list[list[int]],
) -> None:
    shown = suppress_table(counts, threshold=THRESHOLD, rows="open", columns="open", total="open")
    attacker = Attacker(counts, shown, total_hidden=shown.total)
    for i, line in enumerate(counts):
        for j, count in enumerate(line):
            if count < THRESHOLD:
                low, high = attacker.bounds((i, j))
                assert low == 0
                assert high >= THRESHOLD


@given(tables)
@settings(max_examples=100, deadline=None)
def test_known_margins_are_the_only_thing_that_may_narrow_a_cell(counts: list[list[int]]) -> None:
    shown = suppress_table(counts, threshold=THRESHOLD, rows="known", columns="known", total="known")
    nothing = Suppression(
        cells=tuple((True,) * len(line) for line in counts),
        rows=shown.rows,
        columns=shown.columns,
        total=False,
    )
    attacker = Attacker(counts, shown, total_hidden=False)
    knows_margins_only = Attacker(counts, nothing, total_hidden=False)
    assert not any(shown.rows)
    assert not any(shown.columns)
    for i, line in enumerate(counts):
        for j, count in enumerate(line):
            if count < THRESHOLD:
                low, high = attacker.bounds((i, j))
                least, most = knows_margins_only.bounds((i, j))
                assert low == max(0, least)
                assert high >= min(THRESHOLD, most)


@given(st.lists(st.tuples(st.integers(1, 300), st.integers(0, 300)), min_size=1, max_size=6))
@settings(max_examples=120, deadline=None)
def test_response_by_stratum_gives_no_small_number_away(strata: list[tuple[int, int]]) -> None:
    answered = [min(pair) for pair in strata]
    silent = [invited - some for (invited, _), some in zip(strata, answered, strict=True)]
    counts = [answered, silent]
    shown = suppress_table(counts, threshold=THRESHOLD, rows="open", columns="known", total="known")
    attacker = Attacker(counts, shown, total_hidden=False)
    for j, (invited, _) in enumerate(strata):
        for i in (0, 1):
            if counts[i][j] < THRESHOLD:
                low, high = attacker.bounds((i, j))
                assert low == 0
                assert high >= min(THRESHOLD, invited)


def test_fourteen_visitors_cannot_be_found_by_subtraction() -> None:
    invited = [14, 30, 132, 219]
    answered = [3, 12, 45, 80]
    silent = [all_ - some for all_, some in zip(invited, answered, strict=True)]
    shown = suppress_table(
        [answered, silent], threshold=THRESHOLD, rows="open", columns="known", total="known"
    )
    assert shown.cells[0] == (True, True, False, False)
    assert not shown.rows[0]


def test_the_attacker_wins_where_only_small_cells_are_hidden() -> None:
    counts = [[3, 45, 331, 547]]
    naive = Suppression(cells=((True, False, False, False),), rows=(False,), columns=(True,) * 4, total=True)
    assert Attacker(counts, naive, total_hidden=True).bounds((0, 0)) == (3, 3)
    shown, attacker = attack_line(counts[0])
    assert shown.cells == ((True, True, False, False),)
    assert attacker.bounds((0, 0)) == (0, 48)


def test_nearly_everybody_is_hidden_like_nearly_nobody() -> None:
    shown, _ = attack_line([35, 5])
    assert shown.cells == ((True, True),)
    assert shown.rows == (False,)


def test_a_pool_of_hidden_answers_is_never_small_itself() -> None:
    shown, _ = attack_line([4, 5, 40, 30])
    assert shown.cells == ((True, True, False, True),)


@pytest.mark.parametrize("counts", [[0, 40], [40, 0], [3, 4], [0, 0, 0]])
def test_all_or_nothing_of_a_small_group_is_hidden(counts: list[int]) -> None:
    shown, _ = attack_line(counts)
    assert all(shown.cells[0])
    assert shown.rows[0] == (sum(counts) < THRESHOLD)


def test_an_unremarkable_table_is_shown_whole() -> None:
    shown = suppress_table(
        [[20, 30], [40, 50]], threshold=THRESHOLD, rows="open", columns="open", total="open"
    )
    assert shown == Suppression(
        cells=((False, False), (False, False)), rows=(False, False), columns=(False, False), total=False
    )


def test_what_is_hidden_elsewhere_does_not_come_out_of_a_crossed_table() -> None:
    counts = [[20, 25], [30, 41], [50, 50]]
    shown = suppress_table(
        counts, threshold=THRESHOLD, rows=("hidden", "hidden", "known"), columns="known", total="known"
    )
    attacker = Attacker(counts, shown, total_hidden=False)
    low, high = attacker.bounds((0, 0), (0, 1))
    assert low <= 45 - 10
    assert high >= 45 + 10


def test_options_of_a_multiple_choice_are_hidden_with_their_complement() -> None:
    assert suppress_options(100, [60, 95, 4, 50], threshold=THRESHOLD) == (False, True, True, False)
    assert suppress_options(8, [3, 8], threshold=THRESHOLD) == (True, True)


def test_the_only_hidden_option_may_not_follow_from_everybody_having_chosen_something() -> None:
    assert suppress_options(100, [55, 36, 9], threshold=THRESHOLD) == (False, True, True)
    assert suppress_options(100, [80, 70, 9], threshold=THRESHOLD) == (False, False, True)


def test_counts_are_rounded_to_five_and_shares_to_what_the_base_carries() -> None:
    assert [round_count(count) for count in (10, 12, 13, 937)] == [10, 10, 15, 935]
    assert round_share(0.12345, 99) == 0.12
    assert round_share(0.12345, 100) == 0.123


def test_results_move_on_per_ten_answers() -> None:
    assert [last_full_step(answers) for answers in (0, 9, 10, 19, 937)] == [0, 0, 10, 10, 930]
