"""Strata as unions of cells: whole, apart, and with the probability promised to each member."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sampling.draw import StratumDraw, draw_strata
from sampling.errors import SamplingError
from sampling.frame import Frame
from sampling.prn import permanent_numbers
from sampling.strata import Stratum, check_strata, split_over_cells

CELLS = ("resident often", "resident seldom", "worker often", "worker seldom")


def make_frame(sizes: list[int], seed: str = "s") -> Frame:
    ids = [f"m{number}" for number in range(sum(sizes))]
    u = permanent_numbers(seed, ids)
    return Frame(
        ids=np.array(ids),
        cell=np.repeat(np.arange(4), sizes),
        u=u,
        ticket=u,
        active=np.ones(u.size, dtype=bool),
        cells=CELLS,
        clocks=np.zeros(4),
    )


@given(
    sizes=st.lists(st.integers(0, 60), min_size=2, max_size=6).filter(lambda sizes: sum(sizes) > 0),
    share=st.floats(0, 1),
    seed=st.text(max_size=5),
)
def test_each_cell_gets_its_share_rounded(sizes: list[int], share: float, seed: str) -> None:
    total = sum(sizes)
    asked = round(share * total)
    stratum = Stratum(name="all", cells=tuple(range(len(sizes))), asked=asked)
    names = [f"cell {code}" for code in range(len(sizes))]
    numbers = split_over_cells(stratum, names, np.array(sizes), seed=seed, survey="parks")
    assert sum(numbers.values()) == asked
    for code, number in numbers.items():
        exact = asked * sizes[code] / total
        assert np.floor(exact - 1e-9) <= number <= np.ceil(exact + 1e-9)
        assert number <= sizes[code]


def test_the_split_does_not_depend_on_codes() -> None:
    stratum = Stratum(name="all", cells=(0, 1, 2), asked=10)
    for seed in map(str, range(30)):
        one = split_over_cells(stratum, ["a", "b", "c"], np.array([7, 9, 5]), seed=seed, survey="p")
        two = split_over_cells(stratum, ["c", "a", "b"], np.array([5, 7, 9]), seed=seed, survey="p")
        assert [one[code] for code in (0, 1, 2)] == [two[code] for code in (1, 2, 0)]


def test_on_average_each_cell_gets_exactly_its_share() -> None:
    sizes, reps = np.array([7, 9, 4]), 4000
    stratum = Stratum(name="all", cells=(0, 1, 2), asked=6)
    given_ = np.zeros((reps, 3))
    for rep in range(reps):
        split = split_over_cells(stratum, ["a", "b", "c"], sizes, seed=f"{rep}", survey="p")
        given_[rep] = list(split.values())
    exact = 6 * sizes / 20
    fraction = exact % 1
    z = (given_.mean(axis=0) - exact) / np.sqrt(fraction * (1 - fraction) / reps)
    assert np.abs(z).max() < 4


def draw_two(seed: str, sizes: list[int]) -> StratumDraw:
    strata = [
        Stratum(name="worker", cells=(2, 3), asked=5),
        Stratum(name="resident", cells=(1, 0), asked=7),
    ]
    frame = make_frame(sizes, seed)
    return draw_strata(frame, frame.active, strata, seed=seed, survey="parks")


def test_a_stratum_has_one_weight() -> None:
    drawn = draw_two("s", [11, 8, 6, 3])
    assert drawn.population.tolist() == [9, 19]
    assert drawn.drawn.tolist() == drawn.asked.tolist() == [5, 7]
    assert drawn.stratum.tolist() == [0] * 5 + [1] * 7
    assert drawn.weight.tolist() == [9 / 5] * 5 + [19 / 7] * 7
    assert np.bincount(drawn.stratum, drawn.weight).tolist() == pytest.approx([9, 19])
    assert np.allclose(drawn.weight * drawn.probability, 1)


def test_every_member_of_a_stratum_has_one_probability() -> None:
    sizes, reps = [11, 8, 6, 3], 3000
    counts = np.zeros(28)
    for rep in range(reps):
        counts[draw_two(f"{rep}", sizes).selected] += 1
    share = np.repeat([7 / 19, 5 / 9], [19, 9])
    z = (counts - reps * share) / np.sqrt(reps * share * (1 - share))
    assert np.abs(z).max() < 4
    assert stats.chi2.sf(float(np.sum(z**2)) * 27 / 28, 26) > 0.001


def test_a_shortfall_shows_in_stratum_and_cell() -> None:
    frame = make_frame([6, 6, 2, 2])
    available = frame.active & (frame.cell != 0)
    stratum = Stratum(name="resident", cells=(0, 1), asked=6)
    drawn = draw_strata(frame, available, [stratum], seed="s", survey="p")
    assert drawn.by_cell.asked.tolist() == [3, 3]
    assert drawn.by_cell.shortfall.tolist() == [3, 0]
    assert drawn.shortfall.tolist() == [3]
    assert drawn.weight.tolist() == [4.0, 4.0, 4.0]


def test_an_empty_list_of_strata_draws_nobody() -> None:
    frame = make_frame([1, 1, 1, 1])
    assert draw_strata(frame, frame.active, [], seed="s", survey="p").selected.size == 0


@pytest.mark.parametrize(
    ("strata", "message"),
    [
        ([Stratum(name="a", cells=(4,), asked=1)], r"a names a cell that does not exist.*Got: 4"),
        ([Stratum(name="a", cells=(0, 0), asked=1)], "in two strata, a and a"),
        (
            [Stratum(name="a", cells=(0,), asked=1), Stratum(name="b", cells=(1, 0), asked=1)],
            "resident often is in two strata, a and b",
        ),
        ([Stratum(name="a", cells=(), asked=0)], "no active members"),
        ([Stratum(name="a", cells=(3,), asked=0)], "no active members"),
        ([Stratum(name="a", cells=(0, 1), asked=9)], r"Expected: 0 to 8. Got: 9. Ask for 8 at most"),
        ([Stratum(name="a", cells=(0,), asked=-1)], "cannot give"),
    ],
)
def test_strata_that_cannot_be_drawn_from_are_refused(strata: list[Stratum], message: str) -> None:
    with pytest.raises(SamplingError, match=message):
        check_strata(strata, CELLS, np.array([5, 3, 2, 0]))
