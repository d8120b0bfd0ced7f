"""From what a browser posts to answers that count: checked, typed, and without what was not asked."""

from collections.abc import Mapping
from datetime import date

import msgspec

from survey_service.domain.answer_fields import (
    Answer,
    AnswerError,
    FormValues,
    Reading,
    clean_text,
    other_text_limit,
    read_fields,
    refuse,
    short_text_limit,
    text_limit,
)
from survey_service.domain.expressions import parse_expression
from survey_service.domain.questionnaire import Form, Question, Questionnaire
from survey_service.domain.routing import is_relevant

__all__ = [
    "Answer",
    "AnswerError",
    "Answers",
    "FormValues",
    "clean_text",
    "message_keys",
    "other_text_limit",
    "read_answers",
    "short_text_limit",
    "text_limit",
]

message_keys = (
    "answer.required.select_one",
    "answer.required.select_multiple",
    "answer.required.scale",
    "answer.required.rank",
    "answer.required.integer",
    "answer.required.decimal",
    "answer.required.date",
    "answer.required.text",
    "answer.required.postcode",
    "answer.required.consent",
    "answer.only_one",
    "answer.not_listed",
    "answer.not_together",
    "answer.declined_and_answered",
    "answer.same_place",
    "answer.not_a_whole_number",
    "answer.not_a_number",
    "answer.number_too_long",
    "answer.date_incomplete",
    "answer.no_such_date",
    "answer.not_a_postcode",
    "answer.not_an_area",
    "answer.constraint",
    "answer.text_too_long",
    "answer.other_text_too_long",
)
"""Every key an `AnswerError` can have; the web has a sentence for each."""


class Answers(msgspec.Struct, frozen=True, kw_only=True):
    """What was posted, read with a questionnaire and a form."""

    rows: tuple[Answer, ...]
    errors: tuple[AnswerError, ...]
    applicable: tuple[str, ...]
    """Questions of the form that applied to this person, in order, without notes.

    The rows of a grid stand here one by one.
    """
    answered: tuple[str, ...]
    """Those of them that have an answer."""


def read_answers(
    form_values: FormValues,
    questionnaire: Questionnaire,
    form: Form,
    *,
    today: date | None,
) -> Answers:
    """Read one posted form. With errors there may still be rows: those of the questions that were right.

    Fields that belong to no question of the form, and answers to questions that do not apply, are dropped.
    `today` is the day that conditions read as today(); None where no answer is kept on the strength of it.
    """
    rows: list[Answer] = []
    errors: list[AnswerError] = []
    applicable: list[str] = []
    answered: list[str] = []
    day = today.isoformat() if today else ""
    values: dict[str, str] = {}
    for question in form.questions_of(questionnaire):
        if not question.takes_answer or not is_relevant(question, values, today=day):
            continue
        for part in question.parts:
            applicable.append(part.name)
            reading = read_fields(part, form_values)
            if reading.error is None:
                reading = _check_answer(part, reading, values, day)
            if reading.error is not None:
                row = part.label if question.type == "grid" else {}
                errors.append(msgspec.structs.replace(reading.error, row=row))
            elif reading.rows:
                rows.extend(reading.rows)
                answered.append(part.name)
                values[part.name] = reading.value
    return Answers(
        rows=tuple(rows), errors=tuple(errors), applicable=tuple(applicable), answered=tuple(answered)
    )


def _check_answer(question: Question, reading: Reading, values: Mapping[str, str], today: str) -> Reading:
    """The author's own rules: required, and the constraint, which an empty answer never breaks."""
    if not reading.rows:
        if not question.is_required:
            return reading
        key = f"answer.required.{question.type}"
        return refuse(question, key, own_message=question.required_message)
    if not question.constraint or not reading.value:
        return reading
    if not parse_expression(question.constraint).is_true(values, reading.value, today=today):
        return refuse(question, "answer.constraint", own_message=question.constraint_message)
    return reading
