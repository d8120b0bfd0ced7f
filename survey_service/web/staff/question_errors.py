"""What is wrong with a question that is about to be saved, each beside its field; and a half-written one."""

import msgspec

from survey_service.domain.drafts import keep_languages
from survey_service.domain.errors import SurveyServiceError
from survey_service.domain.expressions import parse_expression
from survey_service.domain.question_check import Problem
from survey_service.domain.questionnaire import Choice, GridRow, Question, Questionnaire
from survey_service.domain.questionnaire_check import check_questionnaire
from survey_service.domain.version_changes import VersionChange
from survey_service.web.staff.page import gettext
from survey_service.web.staff.question_words import version_change_words

FIELDS = {
    "label": "label",
    "hint": "hint",
    "choices": "choice-1",
    "takes_text": "choice-1",
    "is_exclusive": "choice-1",
    "rows": "row-1",
    "relevant": "relevant",
    "constraint": "constraint",
    "required_message": "required_message",
    "constraint_message": "constraint_message",
    "appearance": "label",
    "may_decline": "may_decline",
    "is_required": "is_required",
    "concept": "concept",
    "remember_as": "remember_as",
}
"""Field of the struct to the id of its field on the page."""


def find_errors(changed: Questionnaire, question: Question) -> list[dict[str, str]]:
    """Lines of the error summary; only the base language is asked for, translations come later."""
    base = keep_languages(changed, [changed.default_language])
    # A question that was sent twice is not there under its second name, and has nothing wrong with it.
    places = {one.name: place for place, one in enumerate(base.questions())}
    at = places.get(question.name, -1)
    problems = [problem for problem in check_questionnaire(base) if problem.question == at]
    lines = [_line(problem, question) for problem in problems]
    return list({line["text"]: line for line in lines}.values())


def change_errors(changes: list[VersionChange]) -> list[dict[str, str]]:
    """Why answers of an open survey would get another meaning, and what to do instead."""
    if not changes:
        return []
    href = "#is_new_question"
    words = version_change_words()
    lines = [{"text": f"{words[one.kind]}: {one.before} → {say_after(one)}", "href": href} for one in changes]
    lines.append(
        {
            "text": gettext("Tick “Ask this as a new question”, so that answers so far keep their meaning."),
            "href": href,
        }
    )
    return lines


def say_after(change: VersionChange) -> str:
    """What would stand there then; a code says which answer it is."""
    return f"{change.code} “{change.after}”" if change.kind == "code_moved" else change.after


def show_half_written(question: Question, language: str) -> Question:
    """A question good enough to be looked at, whatever is missing or wrong."""
    choices, rows = question.choices, question.rows
    if question.takes_choices and not choices:
        choices = (Choice(name="1", label={language: "…"}), Choice(name="2", label={language: "…"}))
    if question.type == "grid" and not rows:
        rows = (GridRow(name=f"{question.name}_row", label={language: "…"}),)
    return msgspec.structs.replace(
        question,
        choices=choices,
        rows=rows,
        relevant=question.relevant if _can_be_read(question.relevant) else "",
        constraint=question.constraint if _can_be_read(question.constraint) else "",
    )


def _line(problem: Problem, question: Question) -> dict[str, str]:
    field = FIELDS.get(problem.field, "label")
    if problem.choice is not None:
        field = f"choice-{problem.choice + 1}"
    elif problem.row is not None:
        field = f"row-{problem.row + 1}"
    if problem.field == "constraint" and question.type in ("integer", "decimal"):
        field = "least"
    text = problem.reason
    if problem.field == "label" and not question.label and problem.choice is None and problem.row is None:
        text = gettext("Write the question")
    elif problem.field == "choices" and not question.choices:
        text = gettext("Write at least one answer people can choose")
    elif problem.field == "rows" and not question.rows:
        text = gettext("Write at least one row")
    elif field == "least" and question.constraint.startswith((". >= ", ". <= ")):
        text = gettext("Write the smallest and the largest number in digits")
    return {"text": text, "href": f"#{field}"}


def _can_be_read(condition: str) -> bool:
    try:
        parse_expression(condition or "true()")
    except SurveyServiceError:
        return False
    return True
