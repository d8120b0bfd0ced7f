"""The fields of each type of question: what becomes of what is posted."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_service.domain.answers import Answer, Answers, read_answers
from survey_service.domain.numerals import read_date, read_decimal, read_whole_number, write_decimal
from survey_service.domain.postcodes import read_postcode
from survey_service.domain.questionnaire import Form, declined_option
from tests.support.every_type import make_every_type

QUESTIONNAIRE = make_every_type()
FORM = Form(key="all", block_names=("scales", "typed"), share=1.0, points=1, planned_seconds=1)
TODAY = date(2026, 11, 25)
LEAST = {"lives_here": ["no"], "at_night": ["3"], "at_station": ["3"], "in_park": ["3"], "agree": ["OK"]}


def read(**posted: Any) -> Answers:
    return read_answers(LEAST | posted, QUESTIONNAIRE, FORM, today=TODAY)


def rows_of(name: str, answers: Answers) -> list[tuple[str | None, str | None, float | None]]:
    return [(row.option, row.text, row.number) for row in answers.rows if row.question == name]


@pytest.mark.parametrize(
    ("posted", "name", "rows"),
    [
        ({"seen": ["patrol", "stand"]}, "seen", [("patrol", None, None), ("stand", None, None)]),
        ({"seen": [declined_option]}, "seen", [(declined_option, None, None)]),
        ({"role": [declined_option]}, "role", [(declined_option, None, None)]),
        ({"safe": ["4"]}, "safe", [("4", None, 4.0)]),
        ({"likely": ["unknown"]}, "likely", [("unknown", None, None)]),
        ({"at_night": ["2"]}, "at_night", [("2", None, 2.0)]),
        ({"at_night": [declined_option]}, "at_night", [(declined_option, None, None)]),
        ({"first--1": ["3"], "first--3": ["1"]}, "first", [("talk", None, 1.0), ("light", None, 2.0)]),
        ({"first--declined": ["yes"]}, "first", [(declined_option, None, None)]),
        ({"days": ["٣٠"]}, "days", [(None, None, 30.0)]),
        ({"days--declined": ["yes"]}, "days", [(declined_option, None, None)]),
        ({"hours": ["٧٫٢٥"]}, "hours", [(None, None, 7.25)]),
        ({"since": ["২৯"], "since--month": ["2"], "since--year": ["2024"]}, "since",
         [("2024-02", "2024-02-29", None)]),
        ({"since--declined": ["yes"]}, "since", [(declined_option, None, None)]),
        ({"postcode": ["ec2m7pp"]}, "postcode", [("EC2M", "EC2M 7PP", None)]),
        ({"area": ["EC2M 7PP"]}, "area", [("EC2M", None, None)]),
        ({"change": [" a\r\nb "]}, "change", [(None, "a\nb", None)]),
        ({"often": ["a\nb"], "days": ["10"]}, "often", [(None, "a b", None)]),
        ({}, "agree", [("OK", None, None)]),
    ],
)  # fmt: skip
def test_each_type_becomes_rows(posted: dict[str, list[str]], name: str, rows: list[Any]) -> None:
    answers = read(**posted)

    assert answers.errors == ()
    assert rows_of(name, answers) == rows
    assert name in answers.answered


@pytest.mark.parametrize(
    ("posted", "field", "key"),
    [
        ({"seen": ["none", "patrol"]}, "seen", "not_together"),
        ({"seen": ["none", declined_option]}, "seen", "declined_and_answered"),
        ({"days": ["3"], "days--declined": ["yes"]}, "days", "declined_and_answered"),
        ({"days": ["x"], "days--declined": ["yes"]}, "days", "declined_and_answered"),
        ({"days": ["32"]}, "days", "constraint"),
        ({"safe": [declined_option]}, "safe", "not_listed"),
        ({"safe": ["6"]}, "safe", "not_listed"),
        ({"at_night": []}, "at_night", "required.scale"),
        ({"first--1": ["1"], "first--2": ["1"]}, "first", "same_place"),
        ({"first--1": ["4"]}, "first", "not_listed"),
        ({"first--1": ["0"]}, "first", "not_listed"),
        ({"hours": ["1,500"]}, "hours", "not_a_number"),
        ({"hours": ["1.2.3"]}, "hours", "not_a_number"),
        ({"hours": ["9" * 16]}, "hours", "number_too_long"),
        ({"since": ["1"], "since--year": ["2020"]}, "since--month", "date_incomplete"),
        ({"since": ["30"], "since--month": ["2"], "since--year": ["2024"]}, "since", "no_such_date"),
        ({"since": ["1"], "since--month": ["2"], "since--year": ["24"]}, "since", "no_such_date"),
        ({"since": ["26"], "since--month": ["11"], "since--year": ["2026"]}, "since", "constraint"),
        ({"postcode": ["EC2M"]}, "postcode", "not_a_postcode"),
        ({"postcode": ["nowhere"]}, "postcode", "not_a_postcode"),
        ({"area": ["nowhere"]}, "area", "not_an_area"),
        ({"often": ["x" * 501], "days": ["10"]}, "often", "text_too_long"),
        ({"agree": [""]}, "agree", "required.consent"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(posted: dict[str, list[str]], field: str, key: str) -> None:
    answers = read(**posted)

    assert [(error.field, error.key) for error in answers.errors] == [(field, f"answer.{key}")]
    assert field not in answers.answered


def test_a_row_of_a_grid_is_named_with_its_error() -> None:
    (error,) = read(in_park=[]).errors

    assert error.row["en"] == "in the park?"


def test_a_declined_answer_counts_as_given_but_conditions_read_nothing() -> None:
    answers = read(days=["12"])
    assert "often" in answers.applicable
    declined = read(**{"days--declined": ["1"]})
    assert "days" in declined.answered
    assert "often" not in declined.applicable


def test_a_condition_reads_a_row_of_a_grid() -> None:
    assert "worse" in read(at_night=["2"], worse=["x"]).answered
    assert "worse" not in read(at_night=["3"], worse=["x"]).applicable


@given(st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-(10**11), max_value=10**11))
def test_a_decimal_is_read_as_it_was_written(number: Any) -> None:
    written = write_decimal(number)
    arabic = str.maketrans("0123456789.", "٠١٢٣٤٥٦٧٨٩٫")

    assert read_decimal(written) == read_decimal(written.translate(arabic)) == number
    assert "e" not in written.lower()


@given(st.text(max_size=30), st.text(max_size=30), st.text(max_size=30))
def test_nothing_that_is_typed_breaks_the_readers(day: str, month: str, year: str) -> None:
    read_date(day, month, year)
    read_decimal(day)
    read_whole_number(month)
    read_postcode(year)


fields = sorted(name for question in QUESTIONNAIRE.questions() for part in question.parts for name in [
    part.name, f"{part.name}--month", f"{part.name}--year", f"{part.name}--1", f"{part.name}--2",
    f"{part.name}--declined", f"{part.name}--other",
])  # fmt: skip
typed = st.one_of(
    st.text(max_size=12),
    st.sampled_from(["1", "2", "5", "none", "yes", "work", "OK", "EC2M", declined_option, "2024", "٣"]),
)


@given(st.dictionaries(st.sampled_from(fields), st.lists(typed, max_size=3), max_size=40))
def test_whatever_is_posted_gives_answers_that_can_be_stored(posted: dict[str, list[str]]) -> None:
    answers = read_answers(posted, QUESTIONNAIRE, FORM, today=TODAY)

    assert set(answers.answered) <= set(answers.applicable)
    assert {row.question for row in answers.rows} == set(answers.answered)
    assert len({(row.question, row.option) for row in answers.rows}) == len(answers.rows)
    assert not {error.question for error in answers.errors} & set(answers.answered)


def test_answers_are_the_rows_of_the_database() -> None:
    assert read(days=["3"]).rows[-2:] == (
        Answer(question="days", number=3.0),
        Answer(question="agree", option="OK"),
    )
