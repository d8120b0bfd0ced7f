"""Finding units and pseudonyms in memory: the same as a search one by one, dense or full of gaps."""

import numpy as np
import pytest

from survey_service.db.frame import find_positions
from survey_service.db.frame_history import match_pseudonyms


@pytest.mark.parametrize("gap", [1, 5, 1000])
def test_positions_are_those_of_a_search_one_by_one(gap: int) -> None:
    rng = np.random.default_rng(gap)
    ids = np.unique(rng.integers(50, 50 + 300 * gap, 200))
    wanted = np.concatenate([rng.choice(ids, 100), rng.integers(0, 100 + 300 * gap, 300)])
    known, place = find_positions(ids, wanted)
    where = {one: position for position, one in enumerate(ids.tolist())}
    assert known.tolist() == [one in where for one in wanted.tolist()]
    assert place.tolist() == [where[one] for one in wanted.tolist() if one in where]


def test_nothing_is_found_among_nothing() -> None:
    known, place = find_positions(np.empty(0, dtype=np.int64), np.array([1, 2]))
    assert (known.tolist(), place.tolist()) == ([False, False], [])
    assert match_pseudonyms(np.empty((0, 2), np.uint64), np.ones((2, 2), np.uint64)).tolist() == [-1, -1]


def test_pseudonyms_are_matched_whole() -> None:
    known = np.random.default_rng(3).integers(0, 2**63, (50, 2)).astype(np.uint64)
    half = known[7].copy()
    half[0] += np.uint64(1)
    wanted = np.stack([known[30], half, known[7], known[0]])
    assert match_pseudonyms(known, wanted).tolist() == [30, -1, 7, 0]
    # Two that share the half which is compared first are left to the database.
    assert match_pseudonyms(np.stack([known[7], half]), wanted) is None
