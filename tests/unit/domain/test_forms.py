from collections import Counter
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_service.domain.errors import LimitReached
from survey_service.domain.forms import assign_forms, make_balanced_forms
from survey_service.domain.questionnaire import Block, Form, Question, Questionnaire
from tests.surveys.load import load_survey


def make_questionnaire(blocks: int) -> Questionnaire:
    def block(name: str) -> Block:
        question = Question(name=f"q_{name}", type="integer", label={"en": "How many?"})
        return Block(name=name, label={}, questions=(question,))

    return Questionnaire(
        name="made",
        title={"en": "Made"},
        default_language="en",
        languages=("en",),
        core=block("core"),
        blocks=tuple(block(f"b{number}") for number in range(1, blocks + 1)),
    )


def test_five_blocks_two_a_form_make_ten_forms_in_which_every_pair_meets() -> None:
    forms = make_balanced_forms(make_questionnaire(5), blocks_per_form=2)

    assert [form.key for form in forms][:3] == ["b1+b2", "b1+b3", "b1+b4"]
    assert len({form.key for form in forms}) == 10
    assert {form.share for form in forms} == {0.1}
    names = [f"b{number}" for number in range(1, 6)]
    assert {form.block_names for form in forms} == set(combinations(names, 2))


def test_a_form_tells_its_length_in_points_and_seconds() -> None:
    questionnaire = load_survey("blocks")
    forms = {form.key: form for form in make_balanced_forms(questionnaire, blocks_per_form=2)}

    # The core has 1 point, a 1 + 2, c 1 + 1; 85 points are 900 seconds.
    assert forms["a+c"].points == 6
    assert forms["a+c"].planned_seconds == 64
    assert [question.name for question in forms["a+c"].questions_of(questionnaire)] == [
        "resident",
        "a1",
        "a2",
        "c1",
        "c2",
    ]


def test_with_few_blocks_there_is_one_form_with_everything() -> None:
    assert [form.key for form in make_balanced_forms(make_questionnaire(0), blocks_per_form=2)] == ["core"]
    assert [form.key for form in make_balanced_forms(make_questionnaire(2), blocks_per_form=3)] == ["b1+b2"]
    assert [form.key for form in make_balanced_forms(make_questionnaire(3), blocks_per_form=0)] == ["core"]


def test_more_forms_than_can_be_reviewed_are_refused() -> None:
    with pytest.raises(LimitReached, match="make 70 forms"):
        make_balanced_forms(make_questionnaire(8), blocks_per_form=4)


def make_forms(weights: list[float]) -> tuple[Form, ...]:
    total = sum(weights)
    return tuple(
        Form(key=f"f{at}", block_names=(), share=weight / total, points=1, planned_seconds=10)
        for at, weight in enumerate(weights)
    )


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.floats(0.001, 1), min_size=1, max_size=12),
    st.lists(st.sampled_from("abc"), max_size=120),
    st.binary(max_size=8),
)
def test_after_every_invitation_each_form_has_its_share_within_one(
    weights: list[float], strata: list[str], key: bytes
) -> None:
    forms = make_forms(weights)
    given_to: dict[str, Counter[str]] = {stratum: Counter() for stratum in strata}

    for stratum, form in zip(strata, assign_forms(forms, strata, key=key), strict=True):
        counts = given_to[stratum]
        counts[form.key] += 1
        for each in forms:
            assert abs(counts[each.key] - each.share * counts.total()) < 1 + 1e-6


def test_ten_equal_forms_are_all_used_once_before_one_is_used_twice() -> None:
    forms = make_balanced_forms(make_questionnaire(5), blocks_per_form=2)

    assigned = [form.key for form in assign_forms(forms, ["all"] * 10_000, key=b"k")]

    assert all(len(set(assigned[at : at + 10])) == 10 for at in range(0, 10_000, 10))


def test_strata_do_not_touch_each_other_and_a_release_continues_the_one_before() -> None:
    forms = make_balanced_forms(make_questionnaire(5), blocks_per_form=2)
    alone = assign_forms(forms, ["a"] * 23, key=b"k")
    strata = ["a", "b"] * 23
    mixed = assign_forms(forms, strata, key=b"k")

    assert tuple(form for stratum, form in zip(strata, mixed, strict=True) if stratum == "a") == alone

    first = assign_forms(forms, ["a"] * 7, key=b"k")
    before = {"a": Counter(form.key for form in first)}
    assert first + assign_forms(forms, ["a"] * 16, key=b"k", assigned_before=before) == alone
    assert sum(before["a"].values()) == 7


def test_the_order_depends_on_the_key_and_not_on_the_order_of_the_forms() -> None:
    forms = make_balanced_forms(make_questionnaire(5), blocks_per_form=2)
    one = assign_forms(forms, ["a"] * 20, key=b"one")

    assert assign_forms(forms[::-1], ["a"] * 20, key=b"one") == one
    assert assign_forms(forms, ["a"] * 20, key=b"two") != one


def test_each_form_comes_first_equally_often_over_many_keys() -> None:
    """Ties are settled without favour: chi-square with 9 degrees of freedom, 0.1 % limit 27.88."""
    forms = make_balanced_forms(make_questionnaire(5), blocks_per_form=2)
    firsts = Counter(assign_forms(forms, ["a"], key=str(n).encode())[0].key for n in range(2_000))

    assert sum((firsts[form.key] - 200) ** 2 / 200 for form in forms) < 27.88


def test_shares_that_do_not_add_up_are_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="add up to 1"):
        assign_forms(make_forms([1, 1])[:1], ["a"], key=b"k")
