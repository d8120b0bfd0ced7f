"""Which questions of a draft repeat what was asked before, and whether that is still as good as new.

A question repeats another when both are of one concept, when both say the same, or when they ask the same in
other words. The last is a guess (`wording_match`) and says so; it is made in English only.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Literal

import msgspec

from survey_service.domain.questionnaire import Question, Questionnaire
from survey_service.domain.wording_match import Likeness

DEFAULT_VALIDITY_DAYS = 365
COMPARED_LANGUAGE = "en"

RepeatKind = Literal["concept", "same_words", "other_words"]


class LikelySame(msgspec.Struct, frozen=True, kw_only=True):
    """That two wordings ask the same, as a guess."""

    score: float
    likenesses: tuple[Likeness, ...]
    """What they have in common."""


LikelyPairs = Mapping[tuple[str, str], LikelySame]
"""By the wording of a draft's question and of an earlier one; pairs that are not in it ask other things."""


class RepeatedQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """One question of a draft and the earlier one that it repeats."""

    question: Question
    other: Question
    kind: RepeatKind
    score: float
    """1 for a concept and for the same words, else how likely the wordings ask the same."""
    likenesses: tuple[Likeness, ...] = ()
    """What other words have in common."""
    valid_until: date
    """The last day on which the earlier answers are as good as new ones."""

    @property
    def is_certain(self) -> bool:
        """Of one concept or in the same words; other words are only a guess."""
        return self.kind != "other_words"


def find_repeated_questions(
    draft: Questionnaire,
    earlier: Questionnaire,
    *,
    asked_on: date,
    today: date,
    validity: Mapping[str, int],
    likely: LikelyPairs,
) -> Iterator[RepeatedQuestion]:
    """Yield each question of the draft with the earlier question it repeats most, while that is still valid.

    `validity` has the days of each concept of the bank. Facts about people are left out: they are not asked
    again person by person, so a survey may well ask for them.
    """
    candidates = [other for other in earlier.questions() if _is_comparable(other)]
    for question in draft.questions():
        if not _is_comparable(question):
            continue
        found = [
            repeat
            for other in candidates
            if (repeat := _compare(question, other, asked_on, validity, likely))
            and repeat.valid_until >= today
        ]
        if found:
            yield max(found, key=lambda repeat: (repeat.kind == "concept", repeat.score))


def _is_comparable(question: Question) -> bool:
    return question.takes_answer and not question.remember_as and question.type != "consent"


def _compare(
    question: Question,
    other: Question,
    asked_on: date,
    validity: Mapping[str, int],
    likely: LikelyPairs,
) -> RepeatedQuestion | None:
    judged = _judge(question, other, likely)
    if not judged:
        return None
    kind, guess = judged
    concept = other.concept or question.concept
    days = validity.get(concept, DEFAULT_VALIDITY_DAYS)
    return RepeatedQuestion(
        question=question,
        other=other,
        kind=kind,
        score=guess.score if guess else 1.0,
        likenesses=guess.likenesses if guess else (),
        valid_until=asked_on + timedelta(days=days - 1),
    )


def _judge(
    question: Question, other: Question, likely: LikelyPairs
) -> tuple[RepeatKind, LikelySame | None] | None:
    if question.concept and other.concept:
        # Who named both concepts has thought about it: different ones are no repeat, whatever the words.
        return ("concept", None) if question.concept == other.concept else None
    for language, text in question.label.items():
        if _fold(text) and _fold(text) == _fold(other.label.get(language, "")):
            return "same_words", None
    guess = likely.get((question.label.get(COMPARED_LANGUAGE, ""), other.label.get(COMPARED_LANGUAGE, "")))
    return ("other_words", guess) if guess else None


def list_compared_wordings(questionnaire: Questionnaire) -> Iterator[str]:
    """Yield the wordings of questions that can repeat others or be repeated, in the language compared."""
    for question in questionnaire.questions():
        if _is_comparable(question) and question.label.get(COMPARED_LANGUAGE):
            yield question.label[COMPARED_LANGUAGE]


def _fold(text: str) -> str:
    return " ".join("".join(sign if sign.isalnum() else " " for sign in text.casefold()).split())
