"""A question as the template draws it: texts in one language, what was typed, its number, its error."""

from collections.abc import Mapping, Sequence

import msgspec

from survey_service.domain.answers import AnswerError, FormValues
from survey_service.domain.questionnaire import Question, QuestionType
from survey_service.web.messages import describe_error
from survey_service.web.respondent.relevance import ShownWhen, exclusive_choices, is_never_shown, shown_when


class ChoiceView(msgspec.Struct, frozen=True, kw_only=True):
    """One option of a question."""

    name: str
    label: str
    is_chosen: bool
    is_exclusive: bool
    other_field: str
    """Id of the text that goes with it, empty where there is none."""


class QuestionView(msgspec.Struct, frozen=True, kw_only=True):
    """One question or note."""

    name: str
    type: QuestionType
    label: str
    hint: str
    number: int
    """Its place among the questions everybody gets; 0 for a follow-up and for a note."""
    is_required: bool
    choices: tuple[ChoiceView, ...]
    text: str
    """What was typed: in the field itself, or beside the choice that takes a text."""
    error: str
    """What is wrong with the answer, empty when nothing is."""
    other_error: str
    """What is wrong with the text beside a choice."""
    is_follow_up: bool
    shown_by: str
    shown_when: tuple[str, ...]
    """For the script: show it when this question has one of these choices; empty when it always stays."""

    @property
    def other_field(self) -> str:
        return f"{self.name}--other"


class ErrorView(msgspec.Struct, frozen=True):
    """One line of the error summary."""

    field: str
    text: str


def view_questions(
    questions: Sequence[Question], locale: str, values: FormValues, errors: Sequence[AnswerError]
) -> tuple[QuestionView, ...]:
    """All questions of a form in one language; the current language must be the same one."""
    messages = {error.field: describe_error(error) for error in errors}
    views: list[QuestionView] = []
    number = 0
    for question in questions:
        if is_never_shown(question, questions):
            continue
        is_numbered = question.takes_answer and not question.relevant
        number += is_numbered
        rule = shown_when(question, questions) or ShownWhen("", ())
        views.append(
            QuestionView(
                name=question.name,
                type=question.type,
                label=question.label[locale],
                hint=question.hint.get(locale, ""),
                number=number if is_numbered else 0,
                is_required=question.is_required,
                choices=_view_choices(question, locale, values),
                text=_typed(values, f"{question.name}--other" if question.takes_choices else question.name),
                error=messages.get(question.name, ""),
                other_error=messages.get(f"{question.name}--other", ""),
                is_follow_up=bool(question.relevant),
                shown_by=rule.question,
                shown_when=rule.choices,
            )
        )
    return tuple(views)


def view_errors(errors: Sequence[AnswerError]) -> tuple[ErrorView, ...]:
    return tuple(ErrorView(error.field, describe_error(error)) for error in errors)


def _view_choices(question: Question, locale: str, values: FormValues) -> tuple[ChoiceView, ...]:
    chosen = set(_texts(values, question.name))
    exclusive = exclusive_choices(question)
    takes_text = [choice.name for choice in question.choices if choice.takes_text]
    return tuple(
        ChoiceView(
            name=choice.name,
            label=choice.label[locale],
            is_chosen=choice.name in chosen,
            is_exclusive=choice.name in exclusive,
            other_field=_other_id(question.name, takes_text.index(choice.name)) if choice.takes_text else "",
        )
        for choice in question.choices
    )


def _other_id(name: str, place: int) -> str:
    return f"{name}--other" if place == 0 else f"{name}--other-{place + 1}"


def _texts(values: Mapping[str, Sequence[str]], field: str) -> list[str]:
    posted = values.get(field, ())
    return [posted] if isinstance(posted, str) else [text for text in posted if isinstance(text, str)]


def _typed(values: Mapping[str, Sequence[str]], field: str) -> str:
    """The first text under this name that says anything, as it was typed."""
    return next((text for text in _texts(values, field) if text.strip()), "")
