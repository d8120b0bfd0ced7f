"""The fast selection takes exactly whom a full sort would take, wherever its guess lands."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sampling.selection import select_smallest

STATES = {
    "launch": lambda random, size: random.random(size),
    "late": lambda random, size: 7.0 + random.random(size),
    "clustered": lambda random, size: random.random(size) ** 8,
    "far apart": lambda random, size: random.integers(0, 9, size) + random.random(size),
    "ties": lambda random, size: random.integers(0, 6, size) / 4.0,
    "all equal": lambda random, size: np.full(size, 0.5),
}


def select_by_sorting(ids, cell, ticket, available, wanted):
    selected = []
    for code, number in enumerate(wanted):
        members = np.flatnonzero(available & (cell == code))
        selected += sorted(members.tolist(), key=lambda one: (ticket[one], ids[one]))[:number]
    return selected


@settings(max_examples=300, deadline=None)
@example(seed=1, size=4000, state="launch", clock=0.0, share=0.9, most=40, text=False)
@example(seed=1, size=4000, state="clustered", clock=0.0, share=0.9, most=40, text=False)
@example(seed=1, size=4000, state="clustered", clock=1.0, share=0.9, most=1, text=True)
@example(seed=1, size=4000, state="late", clock=0.0, share=0.5, most=5, text=False)
@given(
    seed=st.integers(0, 2**32),
    size=st.integers(0, 4000),
    state=st.sampled_from(sorted(STATES)),
    clock=st.sampled_from([0.0, 0.5, 7.0, 100.0]),
    share=st.sampled_from([0.0, 0.02, 0.5, 0.9, 1.0]),
    most=st.sampled_from([0, 1, 5, 40, 400, 5000]),
    text=st.booleans(),
)
def test_equals_sorting(
    seed: int, size: int, state: str, clock: float, share: float, most: int, text: bool
) -> None:
    random = np.random.default_rng(seed)
    cells = int(random.integers(1, 7))
    ids = random.permutation(size).astype(np.str_) if text else random.permutation(size)
    # Uneven cells, the last of which stays empty.
    cell = (random.random(size) ** 3 * (cells - 1)).astype(np.int64)
    ticket = STATES[state](random, size)
    available = random.random(size) < share
    wanted = random.integers(0, most + 1, cells)
    selected = select_smallest(
        ids=ids,
        cell=cell,
        ticket=ticket,
        available=available,
        wanted=wanted,
        clocks=np.full(cells, clock),
        population=np.bincount(cell, minlength=cells),
    )
    assert selected.tolist() == select_by_sorting(ids.tolist(), cell, ticket, available, wanted)


@pytest.mark.parametrize("cells", [3, 70_000])
def test_codes_need_not_fit_into_16_bits(cells: int) -> None:
    cell = np.array([cells - 1, 1, cells - 1, 1])
    selected = select_smallest(
        ids=np.arange(4), cell=cell, ticket=np.array([0.4, 0.3, 0.2, 0.1]), available=np.ones(4, dtype=bool),
        wanted=np.full(cells, 2), clocks=np.zeros(cells), population=np.bincount(cell, minlength=cells),
    )  # fmt: skip
    assert selected.tolist() == [3, 1, 2, 0]
