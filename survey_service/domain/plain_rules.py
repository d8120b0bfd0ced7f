"""The rules of a question that can be set without a formula: when it is shown, and within what limits.

They are written as, and read back from, the conditions of XLSForm. A condition of another shape is none of
these and stays as its author wrote it.
"""

import re
from collections.abc import Sequence

from survey_service.domain.draft_changes import block_of
from survey_service.domain.questionnaire import Question, Questionnaire

Chosen = tuple[str, str]
"""A question and one of its choices."""

_equals = re.compile(r"\$\{(\w+)\} ?= ?'([^']+)'")
_selected = re.compile(r"selected\(\$\{(\w+)\}, ?'([^']+)'\)")
_range = re.compile(r"\. ?>= ?(-?\d+(?:\.\d+)?) and \. ?<= ?(-?\d+(?:\.\d+)?)")
_least = re.compile(r"\. ?>= ?(-?\d+(?:\.\d+)?)")
_most = re.compile(r"\. ?<= ?(-?\d+(?:\.\d+)?)")


def write_any_of(chosen: Sequence[Chosen], questionnaire: Questionnaire) -> str:
    """The condition that is met where any of these was chosen; empty when there is none."""
    by_name = {question.name: question for question in questionnaire.questions()}
    return " or ".join(
        f"selected(${{{name}}}, '{choice}')"
        if name in by_name and by_name[name].type == "select_multiple"
        else f"${{{name}}} = '{choice}'"
        for name, choice in chosen
    )


def read_any_of(condition: str) -> tuple[Chosen, ...] | None:
    """What was chosen; None for a condition of another shape."""
    if not condition:
        return ()
    found: list[Chosen] = []
    for part in condition.split(" or "):
        match = _equals.fullmatch(part.strip()) or _selected.fullmatch(part.strip())
        if match is None:
            return None
        found.append((match.group(1), match.group(2)))
    return tuple(found)


def questions_to_depend_on(questionnaire: Questionnaire, *, block: str, before: str = "") -> list[Question]:
    """Questions with choices that a question of this block can depend on: those asked before it."""
    found: list[Question] = []
    for question in questionnaire.questions():
        if question.name == before:
            break
        home = block_of(questionnaire, question.name).name
        is_readable = home in (questionnaire.core.name, block)
        if is_readable and question.type in ("select_one", "select_multiple", "scale"):
            found.append(question)
    return found


def write_limits(least: str, most: str) -> str:
    """The condition on a number that keeps to these limits; either may be empty."""
    parts = [f". >= {least}" if least else "", f". <= {most}" if most else ""]
    return " and ".join(filter(None, parts))


def read_limits(condition: str) -> tuple[str, str] | None:
    """The two limits; None for a condition of another shape."""
    if not condition:
        return "", ""
    if both := _range.fullmatch(condition):
        return both.group(1), both.group(2)
    if least := _least.fullmatch(condition):
        return least.group(1), ""
    if most := _most.fullmatch(condition):
        return "", most.group(1)
    return None
