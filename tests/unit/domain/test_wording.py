"""Wording that is pointed out, wording that is not, and the reading age of known texts."""

from pathlib import Path

import pytest

from survey_service.domain.reading_age import reading_age
from survey_service.domain.wording import check_wording


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("How safe and welcome do you feel in the City?", "double_barrelled"),
        ("How often do you walk or cycle to work?", "double_barrelled"),
        ("Do you read and share our messages?", "double_barrelled"),
        ("Don't you agree that our officers do a good job?", "leading"),
        ("Do you agree that the new patrols help?", "leading"),
        ("As you know, theft has risen. What should we do?", "leading"),
        ("Do you always lock your bike?", "absolute"),
        ("Does everyone at your work know what to do?", "absolute"),
        ("Do you not feel safe at night?", "negative"),
        ("Isn’t it true that you were not told?", "negative"),
        ("What do you think of the SNT in your ward?", "abbreviation"),
        (
            "Thinking about the whole of the last year, and of each of the places in the City where you live "
            "or work or go out, how safe did you feel?",
            "long",
        ),
    ],
)
def test_what_is_pointed_out(text: str, kind: str) -> None:
    assert kind in {note.kind for note in check_wording(text)}


@pytest.mark.parametrize(
    "text",
    [
        "How safe do you feel after dark?",
        "Are you 18 or over?",
        "How satisfied or dissatisfied are you with our messages?",
        "Are you a resident, a worker, or a visitor?",
        "Which of these have you ever seen? Choose all that apply.",
        "Have you had contact with the City of London Police in the last 12 months?",
        "Do you work in Aldgate and Portsoken?",
        "How well do you know what CCTV is for?",
        "We will use your answers and delete them after a year.",
        "What should we do better?",
        "Do you think crime in the City has gone up or down over the past year?",
        "How well do the police and the Corporation work together?",
        "Was your business ever a victim of fraud?",
        "Why did you not report the crime?",
    ],
)
def test_what_is_left_in_peace(text: str) -> None:
    assert check_wording(text) == ()


def test_the_words_that_were_found_are_named() -> None:
    (note,) = check_wording("How safe and welcome do you feel here?")
    assert note.found == "and"


def test_reading_age_follows_the_formula() -> None:
    # 8 words, 32 letters, 1 sentence: 4.71 · 4 + 0.5 · 8 − 21.43 = 1.41, a grade of 2 and an age of 7.
    assert reading_age("This text will have four word unit here.") == 7
    simple = "The cat sat on the mat. It was a big red cat."
    hard = (
        "Notwithstanding organisational responsibilities, representatives characterise "
        "interdepartmental communication arrangements unsatisfactory."
    )
    assert (reading_age(simple) or 99) < 8
    assert reading_age(hard) == 25
    assert reading_age("Too short to say") is None


def test_two_sentences_are_easier_than_one() -> None:
    one = "We ask what people think because we want to know what should be done about theft in the City"
    two = "We ask what people think. We want to know what should be done about theft in the City"
    assert (reading_age(two) or 0) < (reading_age(one) or 0)


def test_few_good_questions_are_pointed_out() -> None:
    """Questions written for another purpose, by somebody who knows how: a hint on many would teach nobody."""
    text = (Path(__file__).parents[2] / "surveys/wording/tuned.tsv").read_text(encoding="utf-8")
    questions = {cell for line in text.splitlines() for cell in line.split("\t") if cell.endswith("?")}
    assert len(questions) > 300
    noted = sorted(question for question in questions if check_wording(question))
    assert len(noted) / len(questions) < 0.03, noted
