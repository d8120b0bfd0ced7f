"""The pages of a longer form: which comes next, what is on it, and what comes along unseen."""

import re
import secrets
from collections.abc import Sequence
from datetime import date

import msgspec
from litestar.exceptions import ClientException

from survey_service.domain.answers import AnswerError, FormValues, read_answers
from survey_service.domain.form_pages import (
    Page,
    Step,
    errors_until,
    fields_of,
    next_page,
    page_of,
    part_names,
    previous_page,
    settle_questions,
    split_pages,
)
from survey_service.domain.questionnaire import Form, Questionnaire
from survey_service.services.answers.submit_answers import FORM_PAGE_FIELD, GO_FIELD
from survey_service.web.respondent.question_view import QuestionView

BACK = "back"
RESUME = "resume"

COPY_FIELD = "open-submission"
"""Posted by the form of an open link or an anonymous survey: the name of this very copy of the page."""

_copy = re.compile(r"[0-9a-f]{32}")


class Turned(msgspec.Struct, frozen=True, kw_only=True):
    """The page to show next, and what is wrong with the answers on it."""

    page: int
    language: str
    errors: tuple[AnswerError, ...] = ()


def turn_page(
    questionnaire: Questionnaire,
    form: Form,
    posted: FormValues,
    language: str,
    *,
    today: date,
    wanted: str = "",
) -> Turned | None:
    """The page that follows what was posted; None when that was the last, or the whole form at once.

    In the `wanted` language, if there is one, it is the same page once more.
    """
    pages = split_pages(questionnaire, form)
    page = posted_page(posted, pages)
    if wanted:
        return Turned(page=page or 1, language=wanted)
    if page is None:
        return None
    answers = read_answers(posted, questionnaire, form, today=today)
    if posted_word(posted, GO_FIELD) == BACK:
        return Turned(page=previous_page(pages, page, answers.applicable), language=language)
    errors = errors_until(answers.errors, pages, page)
    if errors:
        return show_errors(errors, pages, language)
    following = next_page(pages, page, answers.applicable)
    return None if following is None else Turned(page=following, language=language)


def show_errors(errors: Sequence[AnswerError], pages: Sequence[Page], language: str) -> Turned:
    """The first page on which something is wrong; what is wrong on others is said when it comes to them."""
    page = page_of(pages, errors[0].question)
    on_page = tuple(one for one in errors if page_of(pages, one.question) == page)
    return Turned(page=page, language=language, errors=on_page)


def posted_page(posted: FormValues, pages: Sequence[Page]) -> int | None:
    """The number of the page that was posted; None for a form of one page, or one posted whole."""
    text = posted_word(posted, FORM_PAGE_FIELD)
    if len(pages) == 1 or not (text.isascii() and text.isdigit() and len(text) < 4):
        return None
    return max(1, min(int(text), len(pages)))


def posted_word(posted: FormValues, field: str) -> str:
    """The first text posted under a name."""
    return next(iter(posted.get(field, ())), "")


def make_copy() -> str:
    """A name for one copy of an anonymous survey's page, by chance; it decides what is asked."""
    return secrets.token_hex(16)


def read_copy(posted: FormValues) -> str:
    """Which copy of an anonymous survey's page was posted."""
    copy = posted_word(posted, COPY_FIELD)
    if not _copy.fullmatch(copy):
        raise ClientException("the form is not complete")
    return copy


def show_page(
    views: Sequence[QuestionView],
    step: Step,
    questionnaire: Questionnaire,
    form: Form,
    values: FormValues,
    *,
    today: date | None = None,
) -> tuple[QuestionView, ...]:
    """The questions of a page. Where earlier pages decide whether one applies it is there, or it is not."""
    if len(step.pages) == 1:
        return tuple(views)
    names = part_names(step.questions)
    decided = {} if step.is_first else settle_questions(
        step.questions, read_answers(values, questionnaire, form, today=today)
    )  # fmt: skip
    return tuple(
        msgspec.structs.replace(view, shown_if="", is_certain=True) if view.name in decided else view
        for view in views
        if view.name in names and decided.get(view.name, True)
    )


def carried_fields(step: Step, values: FormValues) -> tuple[tuple[str, str], ...]:
    """What was typed on the other pages, field by field."""
    return tuple(
        (field, text)
        for page in step.pages
        if page is not step.questions
        for field, texts in fields_of(page, values).items()
        for text in texts
    )
