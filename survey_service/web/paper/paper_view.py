"""A form as it is printed: every question with a number, what to do with it, and when to leave it out."""

import msgspec

from survey_service.domain.length import judge_length
from survey_service.domain.piping import fill_text
from survey_service.domain.questionnaire import Form, Question, Questionnaire
from survey_service.i18n.formatting import format_number
from survey_service.i18n.translate import gettext
from survey_service.web.respondent.relevance import is_never_shown

BLANK = "………………"
"""Stands where a page would repeat an earlier answer."""


class PaperChoice(msgspec.Struct, frozen=True, kw_only=True):
    """One box to tick."""

    label: str
    takes_text: bool = False


class PaperQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """One question or note."""

    kind: str
    """The way it is drawn: note, boxes, grid, rank, cells (for digits), date, line, lines."""
    label: str
    number: int = 0
    hint: str = ""
    instruction: str = ""
    may_not_apply: bool = False
    choices: tuple[PaperChoice, ...] = ()
    rows: tuple[str, ...] = ()
    is_required: bool = False


class PaperForm(msgspec.Struct, frozen=True, kw_only=True):
    """A whole form."""

    title: str
    minutes: int
    questions: tuple[PaperQuestion, ...]
    is_anonymous: bool = False


_kinds = {
    "select_one": "boxes",
    "select_multiple": "boxes",
    "scale": "boxes",
    "consent": "boxes",
    "grid": "grid",
    "rank": "rank",
    "integer": "cells",
    "decimal": "cells",
    "postcode": "cells",
    "date": "date",
    "note": "note",
}


def view_paper_form(questionnaire: Questionnaire, form: Form, locale: str) -> PaperForm:
    """The form in one language, which must also be the current one."""
    questions = form.questions_of(questionnaire)
    views: list[PaperQuestion] = []
    number = 0
    for question in questions:
        if is_never_shown(question, questions):
            continue
        number += question.takes_answer
        views.append(_view_question(question, number if question.takes_answer else 0, locale))
    return PaperForm(
        title=questionnaire.title[locale],
        minutes=judge_length(form.planned_seconds).planned_minutes,
        questions=tuple(views),
        is_anonymous=questionnaire.is_anonymous,
    )


def _view_question(question: Question, number: int, locale: str) -> PaperQuestion:
    return PaperQuestion(
        kind=_kinds.get(question.type, "lines" if question.appearance == "multiline" else "line"),
        label=_print(question.label[locale]),
        number=number,
        hint=_print(question.hint.get(locale, "")),
        instruction=_instruction(question),
        may_not_apply=bool(question.relevant),
        choices=_boxes(question, locale),
        rows=tuple(_print(row.label[locale]) for row in question.rows),
        is_required=question.is_required,
    )


def _boxes(question: Question, locale: str) -> tuple[PaperChoice, ...]:
    if question.type == "consent":
        return (PaperChoice(label=gettext("I agree")),)
    boxes = [
        PaperChoice(label=choice.label[locale], takes_text=choice.takes_text) for choice in question.choices
    ]
    if question.may_decline:
        boxes.append(PaperChoice(label=gettext("Prefer not to say")))
    return tuple(boxes)


def _instruction(question: Question) -> str:
    if question.type in ("select_one", "scale"):
        return gettext("Tick one box.")
    if question.type == "select_multiple":
        return gettext("Tick all that apply.")
    if question.type == "grid":
        return gettext("Tick one box in each row.")
    if question.type == "rank":
        last = format_number(len(question.choices))
        return gettext("Write a number in each box: 1 for the most important, %(last)s for the least.") % {
            "last": last
        }
    if question.type == "date":
        return gettext("Write the day, the month and the year.")
    return ""


def _print(text: str) -> str:
    return fill_text(text, lambda _: BLANK)
