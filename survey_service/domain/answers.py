"""From what a browser posts to answers that count: checked, typed, and without what was not asked.

Names of the fields in the HTML form: a question's field has the question's name; the text that goes with
a choice such as "other – please say" is `<name>--other`. Element ids are `<name>` for the first input and
`<name>-2`, `<name>-3` for the following ones. Names of questions hold no hyphen, so none of these collide.

Nothing that is posted can raise: a stranger may send any field any number of times with any signs in it.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence

import msgspec

from survey_service.domain.expressions import parse_expression
from survey_service.domain.questionnaire import Form, Question, Questionnaire, Texts
from survey_service.domain.routing import is_relevant

text_limit = 2_000
other_text_limit = 500
most_digits = 15
"""A double holds every whole number of fifteen digits exactly."""

message_keys = (
    "answer.required.select_one",
    "answer.required.select_multiple",
    "answer.required.integer",
    "answer.required.text",
    "answer.only_one",
    "answer.not_listed",
    "answer.not_a_whole_number",
    "answer.number_too_long",
    "answer.constraint",
    "answer.text_too_long",
    "answer.other_text_too_long",
)
"""Every key an `AnswerError` can have; the web has a sentence for each."""

_unstorable = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
"""PostgreSQL's text holds no NUL and no lone surrogate; other control signs mean nothing in an answer."""
_newline = re.compile(r"\r\n?")
_number_noise = re.compile(r"[\s\u200e\u200f\u061c\u2066-\u2069\u066c]")
"""Spaces that group digits (thin and unbroken ones too), marks of direction, the Arabic thousands mark."""


class Answer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One row for the database: one per question, or one per chosen option."""

    question: str
    option: str | None = None
    text: str | None = None
    number: float | None = None


class AnswerError(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Why one question must be looked at again, as a key that the web puts into words."""

    question: str
    field: str
    """Name of the field the error belongs to, also the id of its first input."""
    key: str
    """One of `message_keys`."""
    parameters: dict[str, int] = {}
    own_message: Texts = {}
    """The author's own words for this error, per language; empty where there are none."""


class Answers(msgspec.Struct, frozen=True, kw_only=True):
    """What was posted, read with a questionnaire and a form."""

    rows: tuple[Answer, ...]
    errors: tuple[AnswerError, ...]
    applicable: tuple[str, ...]
    """Questions of the form that applied to this person, in order, without notes."""
    answered: tuple[str, ...]
    """Those of them that have an answer."""


FormValues = Mapping[str, Sequence[str]]


def read_answers(form_values: FormValues, questionnaire: Questionnaire, form: Form) -> Answers:
    """Read one posted form. With errors there may still be rows: those of the questions that were right.

    Fields that belong to no question of the form, and answers to questions that do not apply, are dropped.
    """
    rows: list[Answer] = []
    errors: list[AnswerError] = []
    applicable: list[str] = []
    values: dict[str, str] = {}
    for question in form.questions_of(questionnaire):
        if not question.takes_answer or not is_relevant(question, values):
            continue
        applicable.append(question.name)
        reading = _readers[question.type](question, form_values)
        if reading.error is None:
            reading = _check_answer(question, reading, values)
        if reading.error is not None:
            errors.append(reading.error)
        elif reading.rows:
            rows.extend(reading.rows)
            values[question.name] = reading.value
    answered = tuple(name for name in applicable if name in values)
    return Answers(rows=tuple(rows), errors=tuple(errors), applicable=tuple(applicable), answered=answered)


def clean_text(text: str) -> str:
    """The text as it can be stored: one kind of line end, no control characters, no space around it."""
    return _unstorable.sub("", _newline.sub("\n", text)).strip()


def read_whole_number(text: str) -> int | None:
    """A whole number typed in the digits of any script, or None."""
    typed = _number_noise.sub("", text)
    sign = -1 if typed[:1] in ("-", "\u2212") else 1
    digits = typed[1:] if typed[:1] in ("-", "\u2212", "+") else typed
    if not digits.isdecimal():
        return None
    number = 0
    for digit in digits:
        number = number * 10 + unicodedata.decimal(digit)
    return sign * number


class _Reading(msgspec.Struct, frozen=True):
    """What one question's fields say: rows, the value that conditions read, or an error."""

    rows: tuple[Answer, ...] = ()
    value: str = ""
    error: AnswerError | None = None


def _check_answer(question: Question, reading: _Reading, values: Mapping[str, str]) -> _Reading:
    """The author's own rules: required, and the constraint, which an empty answer never breaks."""
    if not reading.rows:
        if not question.is_required:
            return reading
        key = f"answer.required.{question.type}"
        return _refuse(question, key, own_message=question.required_message)
    if question.constraint and not parse_expression(question.constraint).is_true(values, reading.value):
        return _refuse(question, "answer.constraint", own_message=question.constraint_message)
    return reading


def _refuse(
    question: Question,
    key: str,
    *,
    field: str = "",
    limit: int | None = None,
    own_message: Texts | None = None,
) -> _Reading:
    error = AnswerError(
        question=question.name,
        field=field or question.name,
        key=key,
        parameters={} if limit is None else {"limit": limit},
        own_message=own_message or {},
    )
    return _Reading(error=error)


def _posted(form_values: FormValues, field: str) -> list[str]:
    """The texts posted under one name. A single text counts as a list of one; an uploaded file as nothing."""
    posted = form_values.get(field, ())
    texts = [posted] if isinstance(posted, str) else posted
    return [text for text in texts if isinstance(text, str) and text]


def _read_select(question: Question, form_values: FormValues) -> _Reading:
    names = set(_posted(form_values, question.name))
    chosen = [choice for choice in question.choices if choice.name in names]
    if len(chosen) < len(names):
        return _refuse(question, "answer.not_listed")
    if question.type == "select_one" and len(chosen) > 1:
        return _refuse(question, "answer.only_one")
    rows: list[Answer] = []
    for choice in chosen:
        text = _first_text(form_values, f"{question.name}--other") if choice.takes_text else ""
        if len(text) > other_text_limit:
            field = f"{question.name}--other"
            return _refuse(question, "answer.other_text_too_long", field=field, limit=other_text_limit)
        rows.append(Answer(question=question.name, option=choice.name, text=text or None))
    return _Reading(rows=tuple(rows), value=" ".join(choice.name for choice in chosen))


def _first_text(form_values: FormValues, field: str) -> str:
    """The first text under this name that says anything."""
    return next(filter(None, map(clean_text, _posted(form_values, field))), "")


def _read_integer(question: Question, form_values: FormValues) -> _Reading:
    text = _first_text(form_values, question.name)
    if not text:
        return _Reading()
    number = read_whole_number(text[: 4 * most_digits])
    if number is None:
        return _refuse(question, "answer.not_a_whole_number")
    if abs(number) >= 10**most_digits:
        return _refuse(question, "answer.number_too_long", limit=most_digits)
    return _Reading(rows=(Answer(question=question.name, number=float(number)),), value=str(number))


def _read_text(question: Question, form_values: FormValues) -> _Reading:
    text = _first_text(form_values, question.name)
    if not text:
        return _Reading()
    if len(text) > text_limit:
        return _refuse(question, "answer.text_too_long", limit=text_limit)
    return _Reading(rows=(Answer(question=question.name, text=text),), value=text)


_readers = {
    "select_one": _read_select,
    "select_multiple": _read_select,
    "integer": _read_integer,
    "text": _read_text,
}
