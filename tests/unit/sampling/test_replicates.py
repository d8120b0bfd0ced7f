"""Replicates: even parts of every stratum, at random, whatever the order of the list."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sampling.errors import SamplingError
from sampling.replicates import split_replicates

shares = st.sampled_from([(1.0,), (0.25, 0.25, 0.25, 0.25), (0.1, 0.2, 0.7), (1 / 3, 1 / 3, 1 / 3)])


@given(sizes=st.lists(st.integers(1, 30), max_size=6), shares=shares, seed=st.text(max_size=3))
def test_each_stratum_is_cut_by_the_shares(sizes: list[int], shares: tuple[float, ...], seed: str) -> None:
    stratum = np.repeat(np.arange(len(sizes)), sizes) * 3
    ids = [f"m{number}" for number in range(stratum.size)]
    release = split_replicates(ids, stratum, seed=seed, draw="d", shares=shares)
    for code, size in enumerate(sizes):
        parts = np.bincount(release.replicate[stratum == 3 * code], minlength=len(shares))
        assert parts.size == len(shares)
        for number, share in zip(parts, shares, strict=True):
            assert np.floor(share * size - 1e-6) <= number <= np.ceil(share * size + 1e-6)
    assert sorted(release.order.tolist()) == list(range(stratum.size))
    assert (np.diff(release.replicate[release.order]) >= 0).all()


def test_the_order_of_the_list_does_not_matter() -> None:
    ids = [f"m{number}" for number in range(40)]
    stratum = np.arange(40) % 3
    one = split_replicates(ids, stratum, seed="s", draw="d")
    back = split_replicates(ids[::-1], stratum[::-1].copy(), seed="s", draw="d")
    assert one.replicate.tolist() == back.replicate[::-1].tolist()
    assert [ids[place] for place in one.order] == [ids[::-1][place] for place in back.order]
    other = split_replicates(ids, stratum, seed="s", draw="another")
    assert one.replicate.tolist() != other.replicate.tolist()


def test_everybody_may_be_in_any_part_even_in_small_strata() -> None:
    reps = 3000
    stratum = np.array([0, 0, 0, 1, 1, 1, 1, 1, 1])
    counts = np.zeros((9, 4))
    for rep in range(reps):
        release = split_replicates(list("abcdefghi"), stratum, seed=str(rep), draw="d")
        counts[np.arange(9), release.replicate] += 1
    z = (counts - reps / 4) / np.sqrt(reps * 0.25 * 0.75)
    assert np.abs(z).max() < 4
    assert stats.chi2.sf(float(np.sum((counts - reps / 4) ** 2 / (reps / 4))), 27) > 0.001


@pytest.mark.parametrize("wrong", [(), (0.5, 0.4), (1.2, -0.2), (1.0, 0.0)])
def test_shares_must_sum_to_one(wrong: tuple[float, ...]) -> None:
    with pytest.raises(SamplingError, match="summing to 1"):
        split_replicates(["a"], np.array([0]), seed="s", draw="d", shares=wrong)


def test_each_id_needs_a_stratum() -> None:
    with pytest.raises(SamplingError, match="needs a stratum"):
        split_replicates(["a", "b"], np.array([0]), seed="s", draw="d")
