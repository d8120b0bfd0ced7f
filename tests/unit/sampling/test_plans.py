"""Numbers before a launch: allocation, precision, invitations and their price."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sampling.allocation import allocate, allocation_loss, invitation_scores
from sampling.errors import SamplingError
from sampling.invitations import bill_burden, plan_invitations, shrink_response
from sampling.precision import answers_needed, margin_of_error, plan_reporting


@settings(deadline=None)
@given(st.data())
def test_allocation_is_the_best_of_all(data: st.DataObject) -> None:
    count = data.draw(st.integers(1, 4))
    scores = np.array(data.draw(st.lists(st.floats(0, 1000), min_size=count, max_size=count)))
    bounds = [sorted(data.draw(st.tuples(st.integers(0, 7), st.integers(0, 7)))) for _ in range(count)]
    minimum, maximum = np.array(bounds).T
    total = data.draw(st.integers(int(minimum.sum()), int(maximum.sum())))
    numbers = allocate(scores, total, minimum=minimum, maximum=maximum)
    assert numbers.sum() == total
    assert ((minimum <= numbers) & (numbers <= maximum)).all()
    best = min(
        allocation_loss(scores, np.array(one))
        for one in product(*(range(low, high + 1) for low, high in bounds))
        if sum(one) == total
    )
    assert allocation_loss(scores, numbers) == pytest.approx(best, rel=1e-12)


def test_too_few_for_all_go_to_the_highest_scores() -> None:
    nobody, many = np.zeros(4, dtype=np.int64), np.full(4, 9)
    scores = np.array([2.0, 5.0, 0.0, 3.0])
    assert allocate(scores, 2, minimum=nobody, maximum=many).tolist() == [0, 1, 0, 1]
    assert allocate(np.zeros(4), 2, minimum=nobody, maximum=many).sum() == 2


def test_allocation_of_invitations_weighs_response_and_cost() -> None:
    size, spread = np.array([1000, 1000]), np.array([0.5, 0.5])
    scores = invitation_scores(size, spread, np.array([0.4, 0.1]), cost=np.array([1.0, 1.0]))
    bounds = {"minimum": np.zeros(2, dtype=np.int64), "maximum": size}
    assert allocate(scores, 300, **bounds).tolist() == [100, 200]
    dear = invitation_scores(size, spread, np.array([0.4, 0.1]), cost=np.array([1.0, 4.0]))
    assert allocate(dear, 300, **bounds).tolist() == [150, 150]


@pytest.mark.parametrize(
    ("scores", "total", "minimum", "maximum", "message"),
    [
        ([1.0, 1.0], 9, [1, 1], [4, 4], r"Expected: between 2 and 8. Got: 9"),
        ([1.0, 1.0], 1, [1, 1], [4, 4], r"Expected: between 2 and 8. Got: 1"),
        ([1.0, 1.0], 5, [5, 1], [4, 4], "minimum is above its maximum"),
        ([1.0, 1.0], 5, [-1, 1], [4, 4], "minimum is above its maximum"),
        ([-1.0, 1.0], 5, [1, 1], [4, 4], "Scores must be 0 or more"),
        ([np.nan, 1.0], 5, [1, 1], [4, 4], "Scores must be 0 or more"),
    ],
)
def test_totals_that_cannot_be_shared_are_refused(scores, total, minimum, maximum, message: str) -> None:
    with pytest.raises(SamplingError, match=message):
        allocate(np.array(scores), total, minimum=np.array(minimum), maximum=np.array(maximum))


def test_response_and_cost_must_be_positive() -> None:
    with pytest.raises(SamplingError, match="positive"):
        invitation_scores(np.array([10]), np.array([0.5]), np.array([0.0]))


@pytest.mark.parametrize(
    ("margin", "more", "answers"),
    [
        (0.05, {}, 385),
        (0.03, {}, 1068),
        (0.05, {"confidence": 0.9}, 271),
        (0.05, {"share": 0.2}, 246),
        (0.05, {"design_effect": 1.5}, 577),
        (0.05, {"least_asked": 0.4}, 961),
        (0.05, {"share": 0.0}, 0),
    ],
)
def test_answers_for_a_margin(margin: float, more: dict[str, float], answers: int) -> None:
    assert answers_needed(margin, **more) == answers


@given(st.floats(0.005, 0.3), st.floats(0.5, 0.999), st.floats(0.05, 0.95))
def test_precision_goes_there_and_back(margin: float, confidence: float, share: float) -> None:
    answers = answers_needed(margin, confidence=confidence, share=share)
    assert margin_of_error(answers, confidence=confidence, share=share) <= margin * (1 + 1e-6)
    if answers > 1:
        assert margin_of_error(answers - 1, confidence=confidence, share=share) > margin * (1 - 1e-6)


@pytest.mark.parametrize(
    "wrong",
    [
        {"margin": 0.0},
        {"margin": 1.0},
        {"least_asked": 0.0},
        {"design_effect": 0.0},
        {"confidence": 1.0},
        {"share": 2.0},
    ],
)
def test_impossible_precision_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(SamplingError):
        answers_needed(**({"margin": 0.05} | wrong))


def test_no_answers_have_no_margin() -> None:
    with pytest.raises(SamplingError, match="without answers"):
        margin_of_error(0)


def test_strata_merge_inside_their_family_or_are_exempt() -> None:
    reachable = {
        "worker": 500.0,
        "resident a": 200.0,
        "resident b": 190.0,
        "resident c": 30.0,
        "visitor": 14.0,
    }
    families = {name: name.split()[0] for name in reachable}
    plan = plan_reporting(reachable, 385, families=families)
    assert plan.groups == (("worker",), ("resident c", "resident b", "resident a"))
    assert plan.exempt == ("visitor",)
    assert plan_reporting({}, 385).groups == ()


@given(st.dictionaries(st.text(max_size=3), st.floats(0, 500), max_size=8), st.integers(1, 600))
def test_a_plan_names_every_stratum_once(reachable: dict[str, float], needed: int) -> None:
    plan = plan_reporting(reachable, needed)
    assert sorted([*plan.exempt, *(name for group in plan.groups for name in group)]) == sorted(reachable)
    for group in plan.groups:
        assert sum(reachable[name] for name in group) >= needed
    assert all(reachable[name] < needed for name in plan.exempt)
    assert sum(reachable[name] for name in plan.exempt) < needed


def test_response_is_drawn_to_the_overall_rate() -> None:
    rates = shrink_response(np.array([146, 14, 0]), np.array([900, 96, 4]))
    assert rates == pytest.approx([149.2 / 920, 17.2 / 116, 3.2 / 24])
    assert shrink_response(np.array([0]), np.array([0]), prior=0.15).tolist() == [0.15]


def test_unknown_or_impossible_response_is_refused() -> None:
    with pytest.raises(SamplingError, match="No response is known yet"):
        shrink_response(np.array([0, 0]), np.array([0, 0]))
    with pytest.raises(SamplingError, match="More answers than invitations"):
        shrink_response(np.array([3]), np.array([2]))


def test_invitations_for_answers() -> None:
    plan = plan_invitations(np.array([385, 21, 10, 0]), np.array([0.15, 0.07, 0.001, 0.5]))
    assert plan.invitations.tolist() == [2567, 300, 500, 0]
    assert plan.missing.tolist() == [0, 0, 0, 0]
    capped = plan_invitations(np.array([385]), np.array([0.146]), available=np.array([96]))
    assert capped.invitations.tolist() == [96]
    assert capped.missing.tolist() == [2637 - 96]
    assert capped.expected == pytest.approx([14.016])


def test_the_bill_counts_minutes_and_invitations_a_year() -> None:
    bill = bill_burden(np.array([2567, 100]), np.array([6409, 50]), minutes=3.0)
    assert bill.minutes == 8001.0
    assert bill.per_member_year == pytest.approx([2567 / 6409, 2.0])
