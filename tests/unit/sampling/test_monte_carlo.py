"""Everybody has the probability of the design: 4,000 seeds at once, each a set of cells of its own."""

import numpy as np
import pytest
from scipy import stats

from sampling.arrays import FloatArray, IntArray
from sampling.prn import permanent_numbers
from sampling.rotation import Rotation, Rules

SEEDS = 4000


def many_rotations(sizes: list[int], rules: Rules) -> Rotation:
    """Return one rotation holding SEEDS independent copies of cells of the given sizes."""
    members = [f"m{number:04}" for number in range(sum(sizes))]
    u = np.concatenate([permanent_numbers(f"seed {seed}", members) for seed in range(SEEDS)])
    stratum = np.repeat(np.arange(len(sizes)), sizes)
    cell = (np.arange(SEEDS)[:, None] * len(sizes) + stratum).ravel()
    return Rotation(
        ids=np.arange(u.size), cell=cell, u=u, cells=tuple(map(str, range(SEEDS * len(sizes)))), rules=rules
    )


def count_drawn(rotation: Rotation, day: int, asked: list[int], form: int) -> tuple[IntArray, IntArray]:
    """Draw in every copy; return how often each member was drawn, and the number drawn of each stratum."""
    drawn = rotation.draw(day, dict(enumerate(asked * SEEDS)), form=form)
    size = rotation.frame.ids.size // SEEDS
    numbers = drawn.drawn.reshape(SEEDS, len(asked))
    assert (numbers == numbers[0]).all(), "how many are available never depends on the permanent numbers"
    return np.bincount(drawn.selected % size, minlength=size), numbers[0]


def check_probabilities(counts: IntArray, number: int, where: str) -> FloatArray:
    """Return z of each member; also holds the whole stratum against chi-square."""
    share = number / counts.size
    if share in (0.0, 1.0):
        assert (counts == SEEDS * share).all(), where
        return np.zeros(counts.size)
    z: FloatArray = (counts - SEEDS * share) / np.sqrt(SEEDS * share * (1.0 - share))
    # Sampling without replacement: the counts sum to a constant, hence N - 1 degrees and this factor.
    chi_square = float(np.sum(z**2)) * (counts.size - 1) / counts.size
    assert stats.chi2.sf(chi_square, counts.size - 1) > 0.001, where
    return z


@pytest.mark.parametrize(
    ("rules", "surveys"),
    [
        pytest.param(Rules(rest_days=21), [([5, 3, 2], 5)], id="rest never binds"),
        pytest.param(Rules(rest_days=112), [([5, 3, 2], 5)], id="rest leaves just enough"),
        pytest.param(
            Rules(rest_days=21, cap=30, window_days=180),
            [([5, 3, 2], 5), ([4, 0, 3], 8)],
            id="cap and shortfall",
        ),
    ],
)
def test_every_member_has_the_probability_of_the_design(
    rules: Rules, surveys: list[tuple[list[int], int]]
) -> None:
    sizes = [20, 12, 8]
    rotation = many_rotations(sizes, rules)
    bounds = np.cumsum([0, *sizes])
    for wave in range(12):
        for asked, form in surveys:
            counts, numbers = count_drawn(rotation, 28 * wave, asked, form)
            for stratum, number in enumerate(numbers):
                where = f"wave {wave}, stratum {stratum}"
                part = counts[bounds[stratum] : bounds[stratum + 1]]
                z = check_probabilities(part, int(number), where)
                assert np.abs(z).max() < 4.0, where


@pytest.mark.parametrize("before", [1, 3, 5])
def test_newcomers_are_not_hammered(before: int) -> None:
    rotation = many_rotations([40], Rules(rest_days=21))
    for wave in range(before):
        count_drawn(rotation, 28 * wave, [8], 5)
    newcomers = [f"n{number}" for number in range(10)]
    u = np.concatenate([permanent_numbers(f"seed {seed}", newcomers) for seed in range(SEEDS)])
    joined = rotation.join(np.arange(u.size) + 10**7, np.repeat(np.arange(SEEDS), 10), u)
    for wave in range(before, before + 6):
        rotation.draw(28 * wave, dict.fromkeys(range(SEEDS), 8), form=5)
    times = rotation.invitations[joined]
    # Six waves of 8 from 50 are a turn. Nominal is 8/50 a wave; the step from the clock to the next
    # member is a little wider than the others, which is worth 1/N to 2/N of it.
    rate = times.mean() / 6
    sampling_error = times.std() / 6 / np.sqrt(times.size)
    assert abs(rate / 0.16 - 1.0) < 2 / 50 + 4 * sampling_error / 0.16
    assert times.max() <= 2
