import time
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_service.domain.answers import (
    Answer,
    Answers,
    clean_text,
    message_keys,
    other_text_limit,
    read_answers,
    text_limit,
)
from survey_service.domain.forms import make_balanced_forms
from survey_service.domain.numerals import read_whole_number
from survey_service.domain.questionnaire import Form, Questionnaire
from tests.surveys.load import load_survey


def whole_form(questionnaire: Questionnaire) -> Form:
    (form,) = make_balanced_forms(questionnaire, blocks_per_form=len(questionnaire.blocks))
    return form


def read(survey: str, posted: dict[str, list[str]]) -> Answers:
    questionnaire = load_survey(survey)
    return read_answers(posted, questionnaire, whole_form(questionnaire), today=None)


def errors_of(answers: Answers) -> dict[str, str]:
    return {error.field: error.key for error in answers.errors}


def test_a_whole_form_becomes_one_row_per_answer_and_chosen_option() -> None:
    answers = read(
        "required",
        {
            "safe": ["yes"],
            "places": ["bridge", "market"],
            "visits": ["12"],
            "comment": [" More\r\nbenches "],
            "more": [""],
        },
    )

    assert answers.errors == ()
    assert answers.rows == (
        Answer(question="safe", option="yes"),
        Answer(question="places", option="market"),
        Answer(question="places", option="bridge"),
        Answer(question="visits", number=12.0),
        Answer(question="comment", text="More\nbenches"),
    )
    assert answers.applicable == ("safe", "places", "visits", "comment", "more")
    assert answers.answered == ("safe", "places", "visits", "comment")


def test_each_required_question_without_an_answer_has_its_own_key() -> None:
    answers = read("required", {"comment": ["  \u0000 "]})

    assert errors_of(answers) == {
        "safe": "answer.required.select_one",
        "places": "answer.required.select_multiple",
        "visits": "answer.required.integer",
        "comment": "answer.required.text",
    }
    assert answers.errors[0].own_message == {"en": "Tell us whether you feel safe."}
    assert answers.errors[1].own_message == {}
    assert answers.rows == ()


@pytest.mark.parametrize(
    ("posted", "field", "key"),
    [
        ({"safe": ["perhaps"]}, "safe", "answer.not_listed"),
        ({"safe": ["yes", "no"]}, "safe", "answer.only_one"),
        ({"safe": ["yes", "perhaps"]}, "safe", "answer.not_listed"),
        ({"places": ["park", "moon"]}, "places", "answer.not_listed"),
        ({"places": ["park"] * 5_000 + [str(n) for n in range(5_000)]}, "places", "answer.not_listed"),
        ({"visits": ["often"]}, "visits", "answer.not_a_whole_number"),
        ({"visits": ["1.5"]}, "visits", "answer.not_a_whole_number"),
        ({"visits": ["1,5"]}, "visits", "answer.not_a_whole_number"),
        ({"visits": ["²"]}, "visits", "answer.not_a_whole_number"),
        ({"visits": ["9" * 16]}, "visits", "answer.number_too_long"),
        ({"visits": ["9" * 100_000]}, "visits", "answer.number_too_long"),
        ({"comment": ["x" * (text_limit + 1)]}, "comment", "answer.text_too_long"),
    ],
)
def test_a_wrong_answer_is_told_by_its_key(posted: dict[str, list[str]], field: str, key: str) -> None:
    answers = read("required", posted)

    assert errors_of(answers)[field] == key
    assert field not in answers.answered


def test_a_limit_is_told_and_kept_exactly() -> None:
    answers = read("required", {"comment": ["x" * (text_limit + 1)], "more": ["y" * text_limit]})

    assert next(e.parameters for e in answers.errors if e.field == "comment") == {"limit": text_limit}
    assert Answer(question="more", text="y" * text_limit) in answers.rows


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("12", 12),
        (" 12 ", 12),
        ("-3", -3),
        ("\u22123", -3),
        ("+3", 3),
        ("1 234", 1234),
        ("1\u2009234", 1234),
        ("1\u202f234\u00a0567", 1234567),
        ("١٢", 12),
        ("۱۲", 12),
        ("১২", 12),
        ("१२", 12),
        ("１２", 12),
        ("\u200f١٬٢٣٤", 1234),
        ("007", 7),
        ("", None),
        ("-", None),
        ("--3", None),
        ("3-", None),
        ("12a", None),
        ("1e3", None),
        ("½", None),
        ("³", None),
        ("五", None),
    ],
)
def test_whole_numbers_are_read_in_any_script(typed: str, number: int | None) -> None:
    assert read_whole_number(typed) == number


@given(st.integers(-(10**14), 10**14), st.sampled_from("0٠۰০०𝟎"))
def test_every_number_is_read_back_from_the_digits_of_every_script(number: int, zero: str) -> None:
    typed = "".join(chr(ord(zero) + int(sign)) if sign.isdigit() else sign for sign in str(number))

    assert read_whole_number(typed) == number


def test_answers_to_questions_that_do_not_apply_are_dropped() -> None:
    answers = read("branching", {"role": ["resident"], "age": ["17"], "staff": ["9"], "union": ["yes"]})

    assert [row.question for row in answers.rows] == ["role", "age"]
    assert answers.applicable == ("role", "age", "places")


def test_a_condition_reads_only_answers_that_count() -> None:
    """The age was typed, then the person turned out to be a business: the age counts for nothing."""
    young = {"places": ["park"], "park": ["A pond"], "age": ["17"]}

    assert "park" in read("branching", {"role": ["business"], **young}).answered
    assert "park" not in read("branching", {"role": ["resident"], **young}).answered


def test_an_answer_with_an_error_shows_nothing_that_depends_on_it() -> None:
    answers = read("branching", {"role": ["business"], "staff": ["many"], "union": ["yes"]})

    assert errors_of(answers) == {"staff": "answer.not_a_whole_number"}
    assert "union" not in answers.applicable


@pytest.mark.parametrize(
    ("posted", "broken"),
    [
        ({"adults": ["0"]}, {"adults"}),
        ({"adults": ["20"], "workers": ["21"]}, {"workers"}),
        ({"adults": ["20"], "workers": ["20"]}, set()),
        ({"postcode": ["EC2P 2EJ"]}, set()),
        ({"postcode": ["London"]}, {"postcode"}),
        ({"media": ["web", "none"]}, {"media"}),
        ({"media": ["none"]}, set()),
        ({}, set()),
    ],
)
def test_a_constraint_is_held_against_answers_that_were_given(
    posted: dict[str, list[str]], broken: set[str]
) -> None:
    answers = read("constraints", posted)

    assert {error.field for error in answers.errors} == broken
    assert {error.key for error in answers.errors} <= {"answer.constraint"}


def test_the_authors_words_for_a_broken_constraint_come_along() -> None:
    (error,) = read("constraints", {"adults": ["0"]}).errors

    assert error.own_message == {"en": "Between 1 and 20, please."}


def test_the_text_of_another_choice_is_kept_only_with_that_choice() -> None:
    posted = {"transport": ["other"], "transport--other": ["By boat"], "reasons": ["near"]}
    answers = read("other", {**posted, "reasons--other": ["never chosen"]})

    assert answers.rows == (
        Answer(question="transport", option="other", text="By boat"),
        Answer(question="reasons", option="near"),
    )
    assert read("other", {"transport": ["other"], "transport--other": ["  "]}).rows == (
        Answer(question="transport", option="other"),
    )


def test_a_text_that_is_too_long_beside_a_choice_is_told_at_its_own_field() -> None:
    answers = read("other", {"transport": ["other"], "transport--other": ["x" * (other_text_limit + 1)]})

    assert errors_of(answers) == {"transport--other": "answer.other_text_too_long"}


def test_notes_and_unknown_fields_count_for_nothing() -> None:
    posted = {"c2": ["an answer to a note"], "resident": ["yes"], "__proto__": ["x"], "b1": ["yes"]}
    questionnaire = load_survey("blocks")
    forms = {form.key: form for form in make_balanced_forms(questionnaire, blocks_per_form=2)}

    answers = read_answers(posted, questionnaire, forms["a+c"], today=None)

    assert [row.question for row in answers.rows] == ["resident"]
    assert answers.applicable == ("resident", "a1", "a2", "c1")


@given(st.text())
def test_cleaned_text_can_be_stored(text: str) -> None:
    cleaned = clean_text(text)

    cleaned.encode()
    assert "\x00" not in cleaned
    assert "\r" not in cleaned
    assert clean_text(cleaned) == cleaned


hostile_text = st.text(alphabet=st.characters(codec=None, categories=None), max_size=30) | st.sampled_from(
    ["yes", "other", "business", "\x00", "\ud800", "9" * 5_000, "١٢", "-", "none"]
)
field_names = [
    "role",
    "age",
    "staff",
    "union",
    "places",
    "park",
    "young",
    "role--other",
    "x",
    "\x00",
    "\ud800",
]


@given(st.dictionaries(st.sampled_from(field_names), st.lists(hostile_text, max_size=4)))
def test_nothing_that_is_posted_raises_or_leaves_what_cannot_be_stored(
    posted: dict[str, Sequence[str]],
) -> None:
    questionnaire = load_cached("branching")
    answers = read_answers(posted, questionnaire, whole_form(questionnaire), today=None)

    for row in answers.rows:
        (row.text or "").encode()
        assert "\x00" not in (row.text or "")
    assert {error.key for error in answers.errors} <= set(message_keys)
    assert set(answers.answered) <= set(answers.applicable)


_loaded: dict[str, Questionnaire] = {}


def load_cached(name: str) -> Questionnaire:
    return _loaded.setdefault(name, load_survey(name))


def test_things_that_are_no_lists_of_texts_do_no_harm() -> None:
    questionnaire = load_survey("required")
    posted = {"safe": "yes", "places": [b"park", None, "park"], "visits": [3]}

    answers = read_answers(posted, questionnaire, whole_form(questionnaire), today=None)  # type: ignore[arg-type]

    assert [row.question for row in answers.rows] == ["safe", "places"]


def test_a_hundred_thousand_values_are_read_in_a_moment() -> None:
    started = time.process_time()
    answers = read("required", {name: ["x"] * 100_000 for name in ("safe", "places", "visits", "comment")})

    assert answers.errors
    assert time.process_time() - started < 2
