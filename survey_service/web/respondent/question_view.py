"""A question as the template draws it: texts in one language, what was typed, its number, its error."""

from collections.abc import Mapping, Sequence

import msgspec
from markupsafe import Markup

from survey_service.domain.answer_fields import date_fields, declined_field, other_field, rank_field
from survey_service.domain.answers import AnswerError, FormValues
from survey_service.domain.questionnaire import Appearance, Question, QuestionType, declined_option
from survey_service.web.messages import describe_error
from survey_service.web.respondent.piped_text import PipedTexts
from survey_service.web.respondent.relevance import exclusive_choices, is_never_shown, shown_if


class ChoiceView(msgspec.Struct, frozen=True, kw_only=True):
    """One option of a question."""

    name: str
    label: str
    is_chosen: bool
    is_exclusive: bool
    other_field: str
    """Id of the text that goes with it, empty where there is none."""
    point: int | None
    """Of a scale."""
    place: str
    """Of a ranking: what was chosen."""
    place_field: str


class RowView(msgspec.Struct, frozen=True, kw_only=True):
    """One row of a grid."""

    name: str
    label: str
    choices: tuple[ChoiceView, ...]
    is_declined: bool
    error: str


class QuestionView(msgspec.Struct, frozen=True, kw_only=True):
    """One question or note."""

    name: str
    type: QuestionType
    appearance: Appearance
    label: Markup
    hint: Markup
    number: int
    """Its place among the questions everybody gets; 0 for a follow-up and for a note."""
    is_required: bool
    may_decline: bool
    is_declined: bool
    choices: tuple[ChoiceView, ...]
    rows: tuple[RowView, ...]
    text: str
    """What was typed: in the field itself, or beside the choice that takes a text."""
    date: tuple[str, ...]
    """Day, month and year as they were typed."""
    error: str
    """What is wrong with the answer, empty when nothing is."""
    error_field: str
    """The field the error is about, where it is not the first."""
    other_error: str
    """What is wrong with the text beside a choice."""
    is_follow_up: bool
    shown_if: str
    """For the script: show it when this condition is met; empty when it always stays."""
    is_certain: bool = False
    """A follow-up that applies, by what was answered on an earlier page."""

    @property
    def other_field(self) -> str:
        return other_field(self.name)

    @property
    def declined_field(self) -> str:
        return declined_field(self.name)

    @property
    def date_fields(self) -> tuple[str, str, str]:
        return date_fields(self.name)

    @property
    def is_yes_or_no(self) -> bool:
        """Two short answers stand side by side."""
        return [choice.name for choice in self.choices] == ["yes", "no"] and not self.may_decline


class ErrorView(msgspec.Struct, frozen=True):
    """One line of the error summary."""

    field: str
    text: str


def view_questions(
    questions: Sequence[Question],
    locale: str,
    values: FormValues,
    errors: Sequence[AnswerError],
    *,
    facts: Mapping[str, str] | None = None,
) -> tuple[QuestionView, ...]:
    """All questions of a form in one language; the current language must be the same one.

    `facts` are the masked facts of the person, by name.
    """
    shown = [question for question in questions if not is_never_shown(question, questions)]
    numbers = _number(shown)
    texts = PipedTexts(questions, locale, values, numbers, facts or {})
    viewer = _Viewer(questions, locale, values, errors, texts)
    return tuple(viewer.view(question, numbers.get(question.name, 0)) for question in shown)


def view_errors(errors: Sequence[AnswerError]) -> tuple[ErrorView, ...]:
    return tuple(ErrorView(error.field, describe_error(error)) for error in errors)


def _number(questions: Sequence[Question]) -> dict[str, int]:
    """The numbers of the questions that everybody gets."""
    numbered = [question.name for question in questions if question.takes_answer and not question.relevant]
    return {name: number for number, name in enumerate(numbered, start=1)}


class _Viewer:
    """Everything that the views of one page's questions share."""

    def __init__(
        self,
        questions: Sequence[Question],
        locale: str,
        values: FormValues,
        errors: Sequence[AnswerError],
        texts: PipedTexts,
    ) -> None:
        self.questions = questions
        self.locale = locale
        self.values = values
        self.texts = texts
        self.errors = {error.field: describe_error(error) for error in errors}
        self.fields = {error.question: error.field for error in errors}

    def view(self, question: Question, number: int) -> QuestionView:
        name = question.name
        field = self.fields.get(name, name)
        other_error = self.errors.get(other_field(name), "")
        return QuestionView(
            name=name,
            type=question.type,
            appearance=question.appearance,
            label=self.texts.fill(question.label[self.locale]),
            hint=self.texts.fill(question.hint.get(self.locale, "")),
            number=number,
            is_required=question.is_required,
            may_decline=question.may_decline,
            is_declined=self.is_declined(name),
            choices=self.view_choices(question, name),
            rows=tuple(self.view_row(question, part) for part in question.parts) if question.rows else (),
            text=_typed(self.values, other_field(name) if question.takes_choices else name),
            date=tuple(_typed(self.values, part) for part in date_fields(name)),
            error="" if other_error else self.errors.get(field, ""),
            error_field=field,
            other_error=other_error,
            is_follow_up=bool(question.relevant),
            shown_if=shown_if(question, self.questions),
        )

    def view_row(self, question: Question, part: Question) -> RowView:
        return RowView(
            name=part.name,
            label=part.label[self.locale],
            choices=self.view_choices(question, part.name),
            is_declined=self.is_declined(part.name),
            error=self.errors.get(part.name, ""),
        )

    def view_choices(self, question: Question, field: str) -> tuple[ChoiceView, ...]:
        chosen = set(_texts(self.values, field))
        exclusive = exclusive_choices(question)
        takes_text = [choice.name for choice in question.choices if choice.takes_text]
        return tuple(
            ChoiceView(
                name=choice.name,
                label=choice.label[self.locale],
                is_chosen=choice.name in chosen,
                is_exclusive=choice.name in exclusive,
                other_field=_other_id(field, takes_text.index(choice.name)) if choice.takes_text else "",
                point=choice.point,
                place=_typed(self.values, rank_field(field, position)),
                place_field=rank_field(field, position),
            )
            for position, choice in enumerate(question.choices)
        )

    def is_declined(self, name: str) -> bool:
        return declined_option in _texts(self.values, name) or bool(_typed(self.values, declined_field(name)))


def _other_id(name: str, place: int) -> str:
    return other_field(name) if place == 0 else f"{other_field(name)}-{place + 1}"


def _texts(values: Mapping[str, Sequence[str]], field: str) -> list[str]:
    posted = values.get(field, ())
    return [posted] if isinstance(posted, str) else [text for text in posted if isinstance(text, str)]


def _typed(values: Mapping[str, Sequence[str]], field: str) -> str:
    """The first text under this name that says anything, as it was typed."""
    return next((text for text in _texts(values, field) if text.strip()), "")
