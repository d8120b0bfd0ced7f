"""Wishes as they are posted, and the days that follow from them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_service.domain.wishes import (
    MOST_SURVEYS,
    PAUSE_MONTHS,
    Wishes,
    WishRefused,
    add_months,
    list_channels,
    next_earliest,
    read_pause,
    read_wishes,
)

BEFORE = Wishes(surveys_a_year=3, topics=["fraud"], language="zz", channel="post")
DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))


def read(posted: dict[str, list[str]]) -> Wishes:
    return read_wishes(posted, before=BEFORE, languages=["en", "fr"], channels=["email", "post"])


def test_what_is_not_posted_stays_but_for_the_boxes() -> None:
    kept = read({})
    assert (kept.surveys_a_year, kept.language, kept.channel) == (3, "zz", "post")
    assert kept.topics == []


def test_topics_are_kept_once_and_in_order() -> None:
    assert read({"topics": ["roads", "fraud", "roads"]}).topics == ["fraud", "roads"]


@given(st.text(max_size=6))
def test_a_number_of_surveys_is_one_of_the_few_or_refused(text: str) -> None:
    allowed = {str(number): number for number in range(MOST_SURVEYS + 1)} | {"usual": None}
    if text in allowed:
        assert read({"surveys": [text]}).surveys_a_year == allowed[text]
    else:
        with pytest.raises(WishRefused) as refused:
            read({"surveys": [text]})
        assert refused.value.field == "surveys"


def test_a_language_that_is_offered_no_more_may_stay() -> None:
    before = Wishes(surveys_a_year=2, topics=[], language="fr", channel="email")
    kept = read_wishes({"language": ["fr"]}, before=before, languages=["en"], channels=["email"])
    assert kept.language == "fr"
    with pytest.raises(WishRefused):
        read_wishes({"language": ["ar"]}, before=before, languages=["en"], channels=["email"])


@pytest.mark.parametrize(("field", "value"), [("language", "de"), ("channel", "text"), ("topics", "x")])
def test_what_is_not_offered_is_refused(field: str, value: str) -> None:
    with pytest.raises(WishRefused) as refused:
        read({field: [value]})
    assert refused.value.field == field


def test_only_channels_with_an_address_are_offered_besides_ones_own() -> None:
    assert list_channels(current="email", has_email=True, has_mobile=False) == ["email"]
    assert list_channels(current="post", has_email=True, has_mobile=True) == ["email", "text", "post"]
    assert list_channels(current="text", has_email=False, has_mobile=False) == ["text"]


@given(DAYS, st.sampled_from(PAUSE_MONTHS))
def test_a_pause_lasts_its_months_to_the_day_or_the_end_of_a_shorter_month(day: date, months: int) -> None:
    until = read_pause({"months": [str(months)]}, day)
    assert (until.year * 12 + until.month) - (day.year * 12 + day.month) == months
    assert until.day == day.day or (until.day < day.day and (until + timedelta(days=1)).day == 1)


def test_a_year_after_a_leap_day() -> None:
    assert add_months(date(2028, 2, 29), 12) == date(2029, 2, 28)
    assert add_months(date(2026, 12, 31), 1) == date(2027, 1, 31)


@given(st.none() | DAYS, st.none() | DAYS, st.integers(0, 400), st.integers(0, 400))
def test_no_change_of_the_rest_shortens_a_promise(
    promised: date | None, invited: date | None, rest: int, lowered: int
) -> None:
    for days in (rest, min(rest, lowered)):
        earliest = next_earliest(promised, invited, days)
        assert (earliest is None) == (promised is None and invited is None)
        if promised:
            assert earliest is not None
            assert earliest >= promised
        if invited:
            assert earliest is not None
            assert earliest >= invited + timedelta(days=days)
