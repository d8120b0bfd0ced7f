"""Which answers leave the box of an anonymous survey together, and what is still said of them."""

from collections import Counter
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from survey_service.domain.anonymity import (
    LEAST_TOGETHER,
    Kind,
    Layer,
    end_of_day,
    identifying_questions,
    plan_mix,
)
from survey_service.domain.questionnaire import Block
from tests.support.make_questionnaire import make_question, make_questionnaire, texts

kinds = st.builds(
    Kind,
    version=st.sampled_from([1, 2]),
    notice=st.sampled_from(["a", "b"]),
    layer=st.builds(Layer, draw=st.just(7), stratum=st.sampled_from([1, 2, 3])),
    weight=st.sampled_from([1.0, 2.5, 10.0]),
)
boxes = st.dictionaries(kinds, st.integers(1, 40), max_size=12)


def kind(stratum: int, weight: float = 2.0, version: int = 1) -> Kind:
    return Kind(version=version, notice="a", layer=Layer(draw=7, stratum=stratum), weight=weight)


@given(boxes)
def test_ten_leave_together_and_while_a_survey_is_open_ten_stay(box: dict[Kind, int]) -> None:
    plan = plan_mix(box, is_over=False)
    taken = {batch.kinds[0]: batch.take for batch in plan}
    assert all(batch.take >= LEAST_TOGETHER and batch.is_exact for batch in plan)
    assert all(box[one] - take == LEAST_TOGETHER for one, take in taken.items())
    assert all(count < 2 * LEAST_TOGETHER for one, count in box.items() if one not in taken)


@given(boxes)
def test_in_the_end_everything_leaves_once_in_tens_alike(box: dict[Kind, int]) -> None:
    plan = plan_mix(box, is_over=True)
    taken = Counter(one for batch in plan for one in batch.kinds)
    assert set(taken.values()) <= {1}
    for batch in plan:
        assert batch.take == sum(box[one] for one in batch.kinds) >= LEAST_TOGETHER
        assert len({(one.version, one.notice) for one in batch.kinds}) == 1
        assert batch.layer is None or {one.layer for one in batch.kinds} == {batch.layer}
    for version, notice in {(one.version, one.notice) for one in box}:
        own = {one: count for one, count in box.items() if (one.version, one.notice) == (version, notice)}
        left = sum(count for one, count in own.items() if one not in taken)
        # Only what has fewer than ten of its own version and notice stays.
        assert left == 0 or left == sum(own.values()) < LEAST_TOGETHER


@given(boxes)
def test_whatever_hides_among_others_is_ten_or_more(box: dict[Kind, int]) -> None:
    """By what is said of them no fewer than ten answers are alike, however often the box is opened."""
    said: Counter[tuple[object, ...]] = Counter()
    for batch in plan_mix(box, is_over=True):
        weight = batch.kinds[0].weight if batch.is_exact else "mean"
        said[batch.kinds[0].version, batch.kinds[0].notice, batch.layer, weight] += batch.take
    assert all(count >= LEAST_TOGETHER for count in said.values())


def test_a_rare_weight_becomes_the_mean_and_a_small_stratum_is_not_named() -> None:
    box = {kind(1, 2.0): 30, kind(1, 8.0): 4, kind(2): 7, kind(3): 3}
    first, second = plan_mix(box, is_over=True)
    # Four of a rare weight would be known by it: they share the mean with the others of their stratum.
    assert (set(first.kinds), first.take, first.layer, first.is_exact) == (
        {kind(1, 2.0), kind(1, 8.0)}, 34, Layer(7, 1), False,
    )  # fmt: skip
    assert (set(second.kinds), second.take, second.layer) == ({kind(2), kind(3)}, 10, None)


def test_nine_of_small_strata_hide_among_the_smallest_other_batch() -> None:
    large, middle, small = kind(1), kind(2), kind(3)
    plan = plan_mix({large: 50, middle: 12, small: 9}, is_over=True)
    assert [(set(batch.kinds), batch.layer) for batch in plan] == [
        ({large}, Layer(7, 1)),
        ({middle, small}, None),
    ]


def test_fewer_than_ten_in_all_stay_sealed() -> None:
    assert plan_mix({kind(1): 5, kind(2): 4}, is_over=True) == ()


def test_the_day_ends_after_everything_that_was_sent_on_it() -> None:
    at = datetime(2026, 11, 26, 23, 59, 58, 5, tzinfo=UTC)
    assert end_of_day(at) == datetime(2026, 11, 26, 23, 59, 59, tzinfo=UTC)
    assert end_of_day(at.replace(hour=0)).date() == at.date()


def test_whole_postcodes_and_what_is_remembered_elsewhere_tell_who_somebody_is() -> None:
    asked = (
        make_question("home", type="postcode"),
        make_question("area", type="postcode", appearance="area"),
        make_question("age", remember_as="age_group"),
        make_question("safe"),
    )
    core = Block(name="core", label=texts("Core"), questions=asked)
    anonymous = make_questionnaire(core=core, is_anonymous=True)
    assert [one.name for one in identifying_questions(anonymous)] == ["home", "age"]
    assert identifying_questions(make_questionnaire(core=core)) == ()
