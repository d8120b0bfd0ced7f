"""Which questions of a draft repeat what was asked before, and whether that is still as good as new.

A question repeats another when both are of one concept, when both say the same, or when they ask the same in
other words. The last is a guess (`wording_match`) and says so; it is made in English only.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from typing import Literal

import msgspec

from survey_service.domain.questionnaire import Question, Questionnaire

DEFAULT_VALIDITY_DAYS = 365
COMPARED_LANGUAGE = "en"

RepeatKind = Literal["concept", "same_words", "other_words"]
Score = Callable[[str, str], float]


class RepeatedQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """One question of a draft and the earlier one that it repeats."""

    question: Question
    other: Question
    kind: RepeatKind
    score: float
    """1 for a concept and for the same words, else how much the wordings agree."""
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
    score: Score,
    similar: float,
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
            if (repeat := _compare(question, other, asked_on, validity, score, similar))
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
    score: Score,
    similar: float,
) -> RepeatedQuestion | None:
    kind, points = _judge(question, other, score)
    if points < similar:
        return None
    concept = other.concept or question.concept
    days = validity.get(concept, DEFAULT_VALIDITY_DAYS)
    return RepeatedQuestion(
        question=question,
        other=other,
        kind=kind,
        score=points,
        valid_until=asked_on + timedelta(days=days - 1),
    )


def _judge(question: Question, other: Question, score: Score) -> tuple[RepeatKind, float]:
    if question.concept and other.concept:
        # Who named both concepts has thought about it: different ones are no repeat, whatever the words.
        return "concept", float(question.concept == other.concept)
    for language, text in question.label.items():
        if _fold(text) and _fold(text) == _fold(other.label.get(language, "")):
            return "same_words", 1.0
    one, two = question.label.get(COMPARED_LANGUAGE, ""), other.label.get(COMPARED_LANGUAGE, "")
    return "other_words", score(one, two) if one and two else 0.0


def _fold(text: str) -> str:
    return " ".join("".join(sign if sign.isalnum() else " " for sign in text.casefold()).split())
