"""Everybody has the probability of the design: 4,000 seeds at once, each a set of cells of its own."""

import numpy as np
import pytest
from scipy import stats

from sampling.arrays import BoolArray, FloatArray, IntArray
from sampling.prn import permanent_numbers
from sampling.rotation import Rotation, Rules
from sampling.units import draw_people

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


def check_alike(drawn: BoolArray, cohort: IntArray, where: str) -> None:
    """Hold members of one history (a row of `cohort` for each seed) against each other.

    Given how many of them were drawn in each seed, each of them is as likely as the others: that fixes
    mean and variance without knowing the probability itself.
    """
    chosen = drawn[cohort]
    share = chosen.mean(axis=1)
    variance = float(np.sum(share * (1.0 - share)))
    if not variance:
        return
    z = (chosen.sum(axis=0) - share.sum()) / np.sqrt(variance)
    assert np.abs(z).max() < 4.0, where
    freedom = cohort.shape[1] - 1
    chi_square = float(np.sum(z**2)) * freedom / cohort.shape[1]
    assert stats.chi2.sf(chi_square, freedom) > 0.001, where


@pytest.mark.parametrize("cap", [None, 12])
def test_members_of_one_history_stay_alike_while_others_come_and_go(cap: int | None) -> None:
    """Joins, leaves, a pause and a move, under rest and cap, in two cells."""
    sizes = [30, 20]
    rotation = many_rotations(sizes, Rules(rest_days=60, cap=cap, window_days=365))
    members = np.arange(rotation.frame.ids.size).reshape(SEEDS, sum(sizes))
    cell = np.arange(SEEDS) * 2
    cohorts = {
        "stays": members[:, :18], "pauses": members[:, 18:24], "leaves": members[:, 24:30],
        "stays in the other cell": members[:, 30:44], "moves": members[:, 44:],
    }  # fmt: skip
    newcomers = [f"n{number}" for number in range(6)]
    u = np.concatenate([permanent_numbers(f"seed {seed}", newcomers) for seed in range(SEEDS)])
    rates = []
    for wave in range(13):
        if wave == 2:
            rotation.withdraw(cohorts["pauses"].ravel())
            joined = rotation.join(np.arange(u.size) + 10**7, np.repeat(cell, 6), u)
            cohorts["joins"] = joined.reshape(SEEDS, 6)
        if wave == 4:
            rotation.resume(cohorts["pauses"].ravel())
            rotation.withdraw(cohorts["leaves"].ravel())
        if wave == 6:
            rotation.move(cohorts["moves"].ravel(), np.repeat(cell, cohorts["moves"].shape[1]))
        size = int(rotation.frame.population()[0])
        selected = rotation.draw(28 * wave, dict(enumerate([5, 2] * SEEDS)), form=5).selected
        drawn = np.zeros(rotation.frame.ids.size, dtype=np.bool_)
        drawn[selected] = True
        for name, cohort in cohorts.items():
            check_alike(drawn, cohort, f"wave {wave}, who {name}")
        rates.append((drawn[cohorts["stays"]].mean(), 5 / size, size))
    if cap is None:
        for wave, (rate, nominal, size) in enumerate(rates):
            error = 4 * np.sqrt(nominal * (1 - nominal) / (SEEDS * 18))
            assert abs(rate - nominal) < 2 / size * nominal + error, f"wave {wave}: {rate} for {nominal}"
    else:
        assert rotation.planned_total.max() <= cap


def test_every_person_of_every_unit_has_the_probability_of_both_queues() -> None:
    """Homes of one to five people, two of eight homes a wave, a rest of two waves: (n/M)(1/k)."""
    sizes = np.array([1, 1, 1, 2, 2, 3, 4, 5])
    homes, people = sizes.size, int(sizes.sum())
    rotation = many_rotations([homes], Rules(rest_days=60))
    home = (np.arange(SEEDS)[:, None] * homes + np.repeat(np.arange(homes), sizes)).ravel()
    names = [f"person {number}" for number in range(people)]
    inner = np.concatenate([permanent_numbers(f"seed {seed}", names) for seed in range(SEEDS)])
    ticket, everybody = inner.copy(), np.ones(home.size, dtype=np.bool_)
    times = np.zeros(home.size, dtype=np.int64)
    share = 0.25 / np.repeat(sizes, sizes)
    for wave in range(12):
        drawn = rotation.draw(28 * wave, dict.fromkeys(range(SEEDS), 2), form=5)
        asked = draw_people(
            drawn.selected, drawn.probability, ids=np.arange(home.size), unit=home, u=inner, ticket=ticket,
            active=everybody, size=SEEDS * homes,
        )  # fmt: skip
        assert np.array_equal(home[asked.person], drawn.selected)
        assert np.allclose(asked.weight, 4 * sizes[drawn.selected % homes])
        ticket[asked.person] = asked.ticket_after
        times[asked.person] += 1
        counts = np.bincount(asked.person % people, minlength=people)
        z = (counts - SEEDS * share) / np.sqrt(SEEDS * share * (1.0 - share))
        assert np.abs(z).max() < 4.0, f"wave {wave}"
        check_probabilities(np.bincount(drawn.selected % homes, minlength=homes), 2, f"wave {wave}")
        for kind in np.unique(sizes[sizes > 1]):
            chosen = np.zeros(home.size, dtype=np.bool_)
            chosen[asked.person] = True
            in_home = np.flatnonzero(np.repeat(sizes == kind, sizes))[:kind]
            check_alike(chosen, np.arange(SEEDS)[:, None] * people + in_home, f"wave {wave}, {kind} people")
    spread = np.zeros((2, SEEDS * homes))
    spread[0], spread[1] = -np.inf, np.inf
    np.maximum.at(spread[0], home, times)
    np.minimum.at(spread[1], home, times)
    assert (spread[0] - spread[1]).max() <= 1, "inside a home nobody twice before everybody once"
