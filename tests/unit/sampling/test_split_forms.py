"""Short forms within a limit, on random questionnaires."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sampling.errors import SamplingError
from sampling.split_forms import BLOCK_FLOOR, MOST_FORMS, split_forms, warn_of_few

LENGTHS = st.lists(st.integers(1, 6), min_size=1, max_size=7)


@settings(max_examples=80, deadline=None)
@given(lengths=LENGTHS, core=st.integers(0, 4), extra=st.integers(0, 12))
def test_no_form_is_too_long_and_whatever_can_meet_meets(lengths: list[int], core: int, extra: int) -> None:
    minutes = {f"b{number}": float(length) for number, length in enumerate(lengths)}
    limit = core + max(lengths) + extra
    plan = split_forms(minutes, core_minutes=core, limit_minutes=limit)
    assert sum(form.share for form in plan.forms) == pytest.approx(1.0)
    assert 1 <= len(plan.forms) <= MOST_FORMS
    for form in plan.forms:
        used = core + sum(minutes[name] for name in form.blocks)
        assert used <= limit + 1e-9
        missing = [length for name, length in minutes.items() if name not in form.blocks]
        assert not missing or used + min(missing) > limit, "room for another block"
    for name, share in plan.block_share.items():
        assert share == pytest.approx(sum(form.share for form in plan.forms if name in form.blocks))
        assert share > 0
    for one, two in combinations(minutes, 2):
        can = core + minutes[one] + minutes[two] <= limit
        assert ((one, two) in plan.pair_share) == can
        assert ((one, two) in plan.never_meet) == (not can)


@pytest.mark.parametrize(("blocks", "room", "share", "pair"), [(5, 2, 2 / 5, 1 / 10), (4, 3, 3 / 4, 1 / 2)])
def test_equal_blocks_are_balanced(blocks: int, room: int, share: float, pair: float) -> None:
    minutes = {f"b{number}": 1.0 for number in range(blocks)}
    plan = split_forms(minutes, core_minutes=1, limit_minutes=1 + room)
    assert list(plan.pair_share.values()) == [pytest.approx(pair)] * len(plan.pair_share)
    assert min(plan.block_share.values()) >= BLOCK_FLOOR * share


def test_seven_blocks_of_which_three_fit_are_the_lines_of_the_fano_plane() -> None:
    plan = split_forms({f"b{number}": 1.0 for number in range(7)}, core_minutes=1, limit_minutes=4)
    assert len(plan.forms) <= MOST_FORMS
    assert min(plan.pair_share.values()) == pytest.approx(1 / 7, abs=2e-3)


@pytest.mark.parametrize(
    ("minutes", "limit", "words"),
    [
        ({}, 5, "so many blocks"),
        ({f"b{number}": 1 for number in range(13)}, 5, "so many blocks"),
        ({"a": 1, "long": 9}, 5, "the block long"),
        ({"a": 0}, 5, "above zero"),
    ],
)
def test_what_cannot_be_split_is_refused(minutes: dict[str, float], limit: float, words: str) -> None:
    with pytest.raises(SamplingError, match=words):
        split_forms(minutes, core_minutes=1, limit_minutes=limit)


def test_too_few_forms_for_the_blocks_are_refused() -> None:
    minutes = {f"b{number}": 3.0 for number in range(4)}
    with pytest.raises(SamplingError, match="3 forms cannot hold"):
        split_forms(minutes, core_minutes=1, limit_minutes=5, most_forms=3)


def test_blocks_and_pairs_that_few_will_answer_are_named() -> None:
    plan = split_forms({"a": 1, "b": 1, "c": 2}, core_minutes=1, limit_minutes=3)
    assert plan.never_meet == (("a", "c"), ("b", "c"))
    words = "\n".join(warn_of_few(plan, 150))
    assert "both a and c" in words
    assert "the block c" in words
    assert "both a and b" not in words
