"""Rules of the contact budget: shares never exceed the capacity, and plans that fit together fit in order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_service.domain.budget import (
    Account,
    DepartmentAccount,
    check_share,
    fill_shares,
    find_obstacle,
    is_same_person,
    largest_plan,
    needs_approval,
    share_capacity,
    surveys_left,
)
from survey_service.domain.errors import SurveyServiceError

NAMES = ("a", "b", "c", "d", "e")


def department(name: str = "a", **overrides: float) -> DepartmentAccount:
    values = {"share": 0.5, "allowed": 100, "exceptions": 0, "used": 0, "kept": 0} | overrides
    return DepartmentAccount(department=name, **values)  # type: ignore[arg-type]


@given(
    chosen=st.dictionaries(st.sampled_from(NAMES), st.integers(0, 100), max_size=5),
    capacity=st.integers(0, 10**7),
    count=st.integers(1, 5),
)
def test_all_parts_together_never_exceed_the_capacity(
    chosen: dict[str, int], capacity: int, count: int
) -> None:
    whole = max(100, sum(chosen.values()))
    shares = fill_shares(NAMES[:count], {name: part / whole for name, part in chosen.items()})
    assert list(shares) == list(NAMES[:count])
    assert sum(share_capacity(share, capacity) for share in shares.values()) <= capacity


def test_without_a_choice_all_have_the_same_and_nothing_is_lost_to_binary_fractions() -> None:
    assert fill_shares("abc", {}) == dict.fromkeys("abc", 1 / 3)
    assert share_capacity(1 / 3, 3) == 1
    assert share_capacity(0.1 + 0.2, 10) == 3
    assert fill_shares("abc", {"a": 0.5}) == {"a": 0.5, "b": 0.25, "c": 0.25}
    assert fill_shares("ab", {"gone": 0.9}) == {"a": 0.5, "b": 0.5}


@pytest.mark.parametrize("share", [-0.01, 0.41, 1.0, float("nan")])
def test_no_share_takes_what_others_have(share: float) -> None:
    with pytest.raises(SurveyServiceError, match=r"0 to 0\.4"):
        check_share("a", share, {"b": 0.6})


def test_the_last_part_can_be_given_away() -> None:
    check_share("a", 0.1, {"b": 0.6, "c": 0.3})


@given(
    plans=st.lists(st.tuples(st.sampled_from(NAMES[:3]), st.integers(1, 60)), max_size=40),
    capacity=st.integers(0, 200),
    exceptions=st.integers(0, 100),
)
def test_whatever_the_order_no_limit_is_exceeded(
    plans: list[tuple[str, int]], capacity: int, exceptions: int
) -> None:
    """Each plan that fits is kept; the next one is judged by what is kept then."""
    shares = fill_shares(NAMES[:3], {})
    kept = dict.fromkeys(shares, 0)
    for name, n in plans:
        account = Account(capacity=capacity, used=0, kept=sum(kept.values()))
        own = department(
            name,
            allowed=share_capacity(shares[name], capacity),
            exceptions=exceptions if name == "a" else 0,
            kept=kept[name],
        )
        assert (find_obstacle(n, account, own) is None) == (n <= largest_plan(account, own))
        if find_obstacle(n, account, own) is None:
            kept[name] += n
    assert sum(kept.values()) <= capacity
    for name, n in kept.items():
        assert n <= share_capacity(shares[name], capacity) + (exceptions if name == "a" else 0)


def test_an_exception_gets_past_the_share_and_never_past_the_capacity() -> None:
    account = Account(capacity=200, used=40, kept=0)
    assert find_obstacle(120, account, department()) == "share"
    assert find_obstacle(120, account, department(exceptions=20)) is None
    assert find_obstacle(170, account, department(exceptions=500)) == "capacity"


def test_who_used_more_than_there_is_left_can_plan_nothing() -> None:
    account = Account(capacity=10, used=8, kept=5)
    assert account.free == -3
    assert largest_plan(account, department()) == 0
    assert surveys_left(account.free, 4) == 0
    assert surveys_left(9, 4) == 2


def test_many_small_draws_count_as_one() -> None:
    assert not needs_approval(500, recent=0, threshold=500)
    assert needs_approval(501, recent=0, threshold=500)
    assert needs_approval(1, recent=500, threshold=500)


@pytest.mark.parametrize("other", ["ann@example.org", " Ann@Example.org ", "ANN@EXAMPLE.ORG"])
def test_an_address_is_one_person_however_it_is_written(other: str) -> None:
    assert is_same_person("ann@example.org", other)
    assert not is_same_person("ann@example.org", "anna@example.org")
