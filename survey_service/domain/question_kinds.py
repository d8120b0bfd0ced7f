"""The kinds of question an author chooses from: a type with its look, and answers to begin with."""

from collections.abc import Mapping, Sequence
from typing import Literal, get_args

import msgspec

from survey_service.domain.questionnaire import Appearance, Choice, GridRow, Question, QuestionType

Kind = Literal[
    "yes_no",
    "one",
    "several",
    "scale",
    "numbers",
    "smileys",
    "grid",
    "rank",
    "integer",
    "decimal",
    "date",
    "short_text",
    "long_text",
    "postcode",
    "area",
    "consent",
    "note",
]
kinds: tuple[Kind, ...] = get_args(Kind)

_SHAPES: dict[Kind, tuple[QuestionType, Appearance]] = {
    "yes_no": ("select_one", ""),
    "one": ("select_one", ""),
    "several": ("select_multiple", ""),
    "scale": ("scale", ""),
    "numbers": ("scale", "numbers"),
    "smileys": ("scale", "smileys"),
    "grid": ("grid", "scale"),
    "rank": ("rank", ""),
    "integer": ("integer", ""),
    "decimal": ("decimal", ""),
    "date": ("date", ""),
    "short_text": ("text", ""),
    "long_text": ("text", "multiline"),
    "postcode": ("postcode", ""),
    "area": ("postcode", "area"),
    "consent": ("consent", ""),
    "note": ("note", ""),
}

_SATISFIED = ("Very unhappy", "Unhappy", "Neither", "Happy", "Very happy")
_AGREE = ("Strongly disagree", "Disagree", "Neither agree nor disagree", "Agree", "Strongly agree")
_BEGINNINGS: dict[Kind, Sequence[str]] = {
    "yes_no": ("Yes", "No"),
    "scale": _AGREE,
    "numbers": tuple(str(point) for point in range(11)),
    "smileys": _SATISFIED,
    "grid": _AGREE,
}
"""Answers in English to begin with."""


def begin_question(kind: Kind, language: str, words: Mapping[str, str]) -> Question:
    """An unnamed question of this kind, as an author finds it.

    `words` are the English answers in the language it is written in; what they lack the author writes.
    """
    kind_type, appearance = _SHAPES[kind]
    begins = _BEGINNINGS.get(kind, ())
    said = {label: label for label in begins} if language == "en" or kind == "numbers" else words
    first = 0 if kind == "numbers" else 1
    choices = tuple(
        Choice(
            name=label.lower() if kind == "yes_no" else str(at),
            label={language: said[label]} if label in said else {},
        )
        for at, label in enumerate(begins, start=first)
    )
    return Question(
        name="",
        type=kind_type,
        appearance=appearance,
        label={},
        choices=choices,
        rows=tuple(GridRow(name="", label={}) for _ in range(3)) if kind == "grid" else (),
    )


def kind_of(question: Question) -> Kind:
    """The kind an author would call this question."""
    shape = (question.type, question.appearance)
    if shape == ("grid", ""):
        return "grid"
    names = {choice.name for choice in question.choices}
    if question.type == "select_one" and names == {"yes", "no"}:
        return "yes_no"
    return next(kind for kind, known in _SHAPES.items() if known == shape and kind != "yes_no")


class Marks(msgspec.Struct, frozen=True):
    """What a choice of a type can be beside an answer."""

    takes_text: bool
    is_exclusive: bool


def marks_of(question_type: QuestionType) -> Marks:
    """Which marks the choices of this type can carry."""
    return Marks(
        takes_text=question_type in ("select_one", "select_multiple"),
        is_exclusive=question_type == "select_multiple",
    )


def is_scale(question_type: QuestionType, appearance: Appearance) -> bool:
    """True where answers are points in a row, named by numbers."""
    return question_type == "scale" or (question_type, appearance) == ("grid", "scale")


def number_points(choices: tuple[Choice, ...]) -> tuple[Choice, ...]:
    """The choices of a scale with its points in the order of their numbers and before the others.

    Points that stand in order keep their numbers, so that answers given before mean what they meant.
    """
    points = [choice for choice in choices if choice.point is not None]
    others = [choice for choice in choices if choice.point is None]
    numbers = [choice.point for choice in points if choice.point is not None]
    if numbers not in (sorted(numbers), sorted(numbers, reverse=True)):
        points = [
            msgspec.structs.replace(choice, name=str(number))
            for choice, number in zip(points, sorted(numbers), strict=True)
        ]
    return (*points, *others)


def number_afresh(choices: tuple[Choice, ...]) -> tuple[Choice, ...]:
    """The points of a scale with the numbers that follow from its smallest, in the order they stand in."""
    numbers = [choice.point for choice in choices if choice.point is not None]
    names = iter(range(min(numbers, default=1), min(numbers, default=1) + len(numbers)))
    return tuple(
        choice if choice.point is None else msgspec.structs.replace(choice, name=str(next(names)))
        for choice in choices
    )
