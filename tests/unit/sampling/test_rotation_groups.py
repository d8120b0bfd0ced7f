"""Rotation groups: the overlap asked for, and one probability for all."""

from itertools import pairwise

import numpy as np
import pytest

from sampling.errors import SamplingError
from sampling.rotation_groups import in_panel, rotation_group

EVENLY = (np.arange(1200) + 0.5) / 1200


@pytest.mark.parametrize(("groups", "stay"), [(4, 2), (12, 4), (5, 1), (6, 6)])
def test_neighbours_overlap_as_planned(groups: int, stay: int) -> None:
    waves = [in_panel(EVENLY, wave=wave, groups=groups, stay=stay) for wave in range(2 * groups)]
    for one, two in pairwise(waves):
        assert one.mean() == pytest.approx(stay / groups)
        share = (one & two).sum() / one.sum()
        assert share == pytest.approx(1.0 if stay == groups else (stay - 1) / stay)
    assert np.array_equal(waves[0], waves[groups]), "after G waves it begins again"
    assert (np.sum(waves[:groups], axis=0) == stay).all(), "everybody is in for as many waves"


def test_a_stay_is_unbroken() -> None:
    waves = np.array([in_panel(np.array([0.55]), wave=wave, groups=8, stay=3)[0] for wave in range(16)])
    assert np.flatnonzero(waves).tolist() == [2, 3, 4, 10, 11, 12]


def test_the_largest_number_is_in_the_last_group() -> None:
    largest = np.array([np.nextafter(1.0, 0.0)])
    assert all(rotation_group(largest, groups).tolist() == [groups - 1] for groups in range(1, 500))
    assert np.bincount(rotation_group(EVENLY, 12)).tolist() == [100] * 12


@pytest.mark.parametrize("stay", [0, 5])
def test_a_stay_must_fit(stay: int) -> None:
    with pytest.raises(SamplingError, match="between 1 and 4"):
        in_panel(EVENLY, wave=0, groups=4, stay=stay)


def test_a_panel_needs_groups() -> None:
    with pytest.raises(SamplingError, match="needs groups"):
        rotation_group(EVENLY, 0)
