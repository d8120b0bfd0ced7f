"""What answering costs, and where an open link was found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_service.domain.burden import answering_seconds
from survey_service.domain.channels import channel_words, read_channel


def test_without_a_measurement_the_planned_time_counts() -> None:
    assert answering_seconds(None, planned=53, questions=5) == 53


@pytest.mark.parametrize(("elapsed", "charged"), [(-5, 0), (40, 40), (159, 159), (100_000, 159)])
def test_without_a_script_the_time_the_page_was_open_counts_up_to_thrice_the_plan(
    elapsed: int, charged: int
) -> None:
    assert answering_seconds(None, planned=53, questions=5, elapsed=elapsed) == charged


def test_a_measured_time_counts_as_it_is() -> None:
    assert answering_seconds(41, planned=53, questions=5) == 41


@given(active=st.integers(-(10**9), 10**9), planned=st.integers(0, 600), questions=st.integers(0, 40))
def test_no_claim_charges_less_than_nothing_or_more_than_the_longest_gaps(
    active: int, planned: int, questions: int
) -> None:
    assert 0 <= answering_seconds(active, planned=planned, questions=questions) <= 120 * (questions + 1)


@pytest.mark.parametrize("text", [None, "", "Twitter", "tiktok", "<script>", "website "])
def test_an_unknown_channel_is_other(text: str | None) -> None:
    assert read_channel(text) == "other"


@pytest.mark.parametrize("name", channel_words)
def test_a_known_channel_is_itself(name: str) -> None:
    assert read_channel(name) == name
