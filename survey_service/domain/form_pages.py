"""The pages of a form: one when it is short, one for each block when it is longer, several for a long block.

Break-off grows with every page (5,752 web surveys: +0.14 points a page), so a short form is one page. On a
long page answers are lost when somebody is called away; each page of a longer form is kept as it is sent.
"""

import itertools
import math
from collections.abc import Collection, Sequence

import msgspec

from survey_service.domain.answers import AnswerError, Answers, FormValues
from survey_service.domain.expressions import parse_expression
from survey_service.domain.length import points_of
from survey_service.domain.questionnaire import Form, Question, Questionnaire
from survey_service.domain.routing import is_relevant

most_questions_on_one_page = 5
"""Numbered questions, those that everybody gets, of a form that is still one page."""

most_points_on_one_page = 9
"""About a minute and a half by plan; a longer block goes onto several pages of about the same length."""
points_for_a_section = 2
"""How far from the middle a page may end so that the next begins where a note begins something new."""

Page = tuple[Question, ...]


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """Where somebody is in a form; pages are counted from 1."""

    page: int
    pages: tuple[Page, ...]

    @property
    def questions(self) -> Page:
        """Those of this page."""
        return self.pages[self.page - 1]

    @property
    def is_first(self) -> bool:
        return self.page == 1

    @property
    def is_last(self) -> bool:
        return self.page == len(self.pages)


def split_pages(questionnaire: Questionnaire, form: Form) -> tuple[Page, ...]:
    """The core and each block of the form on pages of their own, or everything on one."""
    questions = form.questions_of(questionnaire)
    if sum(is_numbered(one) for one in questions) <= most_questions_on_one_page:
        return (questions,)
    chosen = set(form.block_names)
    blocks = [
        questionnaire.core,
        *(block for block in questionnaire.blocks if block.name in chosen),
    ]
    pages: list[Page] = []
    waiting: Page = ()
    for block in blocks:
        waiting += block.questions
        # A page that only says something would be one more page to leave at.
        if any(one.takes_answer for one in waiting):
            pages.append(waiting)
            waiting = ()
    if waiting:
        pages[-1:] = [(pages[-1] if pages else ()) + waiting]
    return tuple(part for page in pages for part in cut_page(page))


def cut_page(page: Page) -> tuple[Page, ...]:
    """A long page as the fewest pages that are not, of about the same planned time.

    It is cut only where nothing belongs together, and rather where a note begins a section.
    """
    runs = keep_together(page)
    points = [sum(map(points_of, run)) for run in runs]
    count = math.ceil(sum(points) / most_points_on_one_page)
    before = [0, *itertools.accumulate(points)]
    cuts = [0]
    for number in range(1, count):
        wanted = sum(points) * number / count
        borders = range(cuts[-1] + 1, len(runs))
        if borders:
            cuts.append(
                min(
                    borders,
                    key=lambda at: (
                        abs(before[at] - wanted) - (0 if runs[at][0].takes_answer else points_for_a_section)
                    ),
                )
            )
    ends = [*cuts[1:], len(runs)]
    return tuple(
        tuple(question for run in runs[start:end] for question in run)
        for start, end in zip(cuts, ends, strict=True)
    )


def keep_together(page: Page) -> list[Page]:
    """The questions of a page in runs: a note with what it introduces, a question with what follows it up.

    A grid is one question, so it is whole anyway. What asks after an answer of an earlier run may stand
    on another page: the server then knows whether it applies.
    """
    runs: list[Page] = []
    for question in page:
        last = runs[-1] if runs else ()
        asked = set(parse_expression(question.relevant).references) if question.relevant else set()
        if last and (not last[-1].takes_answer or asked & part_names(last)):
            runs[-1] = (*last, question)
        else:
            runs.append((question,))
    if len(runs) > 1 and not any(one.takes_answer for one in runs[-1]):
        runs[-2:] = [runs[-2] + runs[-1]]
    return runs


def is_numbered(question: Question) -> bool:
    """True for a question that everybody who gets the form is asked."""
    return question.takes_answer and not question.relevant


def part_names(page: Page) -> frozenset[str]:
    """The names under which a page's answers are given: of its questions, and of the rows of its grids."""
    return frozenset(name for one in page for name in (one.name, *(part.name for part in one.parts)))


def fields_of(page: Page, values: FormValues) -> dict[str, list[str]]:
    """What was posted for a page: `<name>` and everything that begins with `<name>--`."""
    names = part_names(page)
    return {field: list(texts) for field, texts in values.items() if field.partition("--")[0] in names}


def page_of(pages: Sequence[Page], name: str) -> int:
    """The page a question, or a row of a grid, is on."""
    return next((number for number, page in enumerate(pages, start=1) if name in part_names(page)), 1)


def errors_until(errors: Sequence[AnswerError], pages: Sequence[Page], page: int) -> tuple[AnswerError, ...]:
    """The errors on the pages up to this one; what comes later has not been asked yet."""
    return tuple(error for error in errors if page_of(pages, error.question) <= page)


def next_page(pages: Sequence[Page], page: int, applicable: Collection[str]) -> int | None:
    """The next page with a question for this person; None when that was all."""
    return next((n for n in range(page + 1, len(pages) + 1) if _asks(pages[n - 1], applicable)), None)


def previous_page(pages: Sequence[Page], page: int, applicable: Collection[str]) -> int:
    """The page before with a question for this person; the first has none before it."""
    return next((n for n in range(page - 1, 0, -1) if _asks(pages[n - 1], applicable)), 1)


def settle_questions(page: Page, answers: Answers) -> dict[str, bool]:
    """The questions and notes of a page that earlier answers decide about: whether each of them applies.

    Where a condition also reads an answer of the same page, it is decided there.
    """
    names = part_names(page)
    values = _values(answers)
    return {
        one.name: one.name in answers.applicable if one.takes_answer else is_relevant(one, values)
        for one in page
        if one.relevant and not names & set(parse_expression(one.relevant).references)
    }


def _values(answers: Answers) -> dict[str, str]:
    """Answers as conditions read them."""
    values: dict[str, str] = {}
    for row in answers.rows:
        number = "" if row.number is None else f"{row.number:.15g}"
        said = row.option or row.text or number
        values[row.question] = f"{values[row.question]} {said}" if row.question in values else said
    return values


def _asks(page: Page, applicable: Collection[str]) -> bool:
    return any(name in applicable for name in part_names(page))
