"""What a new version changes about an open survey, and what of it would mix the meanings of answers.

Results count all versions together by the names of questions and the codes of answers. So a code keeps its
meaning: what would give it another is refused, what may is confirmed by whoever publishes it.
"""

from collections.abc import Iterator
from typing import Literal

import msgspec

from survey_service.domain.asked_questions import AskedQuestions
from survey_service.domain.question_kinds import is_scale
from survey_service.domain.questionnaire import Choice, Question, Questionnaire

ChangeKind = Literal[
    "question_added",
    "question_removed",
    "question_reworded",
    "type_changed",
    "row_added",
    "row_removed",
    "row_reworded",
    "choice_added",
    "choice_removed",
    "choice_reworded",
    "code_moved",
    "scale_changed",
]
refused_kinds: frozenset[ChangeKind] = frozenset({"type_changed", "code_moved", "scale_changed"})
"""After these the same code would stand for different things: such a question is asked as a new one."""
confirmed_kinds: frozenset[ChangeKind] = frozenset(
    {
        "question_removed",
        "question_reworded",
        "row_removed",
        "row_reworded",
        "choice_removed",
        "choice_reworded",
    }
)
"""Only a person can tell whether other words mean the same."""


class VersionChange(msgspec.Struct, frozen=True, kw_only=True):
    """One difference between what was asked and what would be."""

    kind: ChangeKind
    question: str
    label: str
    """The question as it is asked now, in the base language."""
    code: str = ""
    """Of the answer or the statement concerned."""
    before: str = ""
    after: str = ""

    @property
    def is_refused(self) -> bool:
        return self.kind in refused_kinds

    @property
    def needs_confirmation(self) -> bool:
        return self.kind in confirmed_kinds


def find_changes(asked: AskedQuestions, coming: Questionnaire) -> tuple[VersionChange, ...]:
    """Every change, in the order of the coming questionnaire; what is taken out comes last.

    A question or choice that comes back after it was taken out is held to what it meant then.
    """
    language = coming.default_language
    found: list[VersionChange] = []
    for question in coming.questions():
        if not question.takes_answer:
            continue
        before = asked.find(question.name)
        if before is None or not before.takes_answer:
            text = question.label.get(language, "")
            found.append(VersionChange(kind="question_added", question=question.name, label=text, after=text))
        else:
            found += compare_question(before, question, asked, language)
    names = {question.name for question in coming.questions()}
    for question in asked.questionnaire.questions():
        is_gone = question.takes_answer and question.name not in names
        if is_gone and question.name not in asked.retired_questions:
            text = question.label.get(language, "")
            found.append(
                VersionChange(kind="question_removed", question=question.name, label=text, before=text)
            )
    return tuple(found)


def compare_question(
    before: Question, after: Question, asked: AskedQuestions, language: str
) -> list[VersionChange]:
    """What changes about one question; `before` from `AskedQuestions.find`."""
    return [
        VersionChange(
            kind=kind,
            question=after.name,
            label=after.label.get(language, ""),
            code=code,
            before=old,
            after=new,
        )
        for kind, code, old, new in _compare(before, after, asked, language)
    ]


Line = tuple[ChangeKind, str, str, str]
"""Kind, code, before, after."""


def _compare(before: Question, after: Question, asked: AskedQuestions, language: str) -> Iterator[Line]:
    if _shape(before) != _shape(after):
        yield "type_changed", "", "", ""
        return
    old, new = before.label.get(language, ""), after.label.get(language, "")
    if fold_text(old) != fold_text(new):
        yield "question_reworded", "", old, new
    yield from _compare_rows(before, after, asked, language)
    gone = {code for name, code in asked.retired_choices if name in {part.name for part in after.parts}}
    yield from _compare_choices(before, after, gone, language)


def _shape(question: Question) -> tuple[str, bool]:
    return question.type, is_scale(question.type, question.appearance)


def _compare_rows(before: Question, after: Question, asked: AskedQuestions, language: str) -> Iterator[Line]:
    old = {row.name: row.label.get(language, "") for row in before.rows}
    for row in after.rows:
        text = row.label.get(language, "")
        if row.name not in old:
            yield "row_added", row.name, "", text
        elif fold_text(old[row.name]) != fold_text(text):
            yield "row_reworded", row.name, old[row.name], text
    names = {row.name for row in after.rows}
    for name, text in old.items():
        if name not in names and name not in asked.retired_questions:
            yield "row_removed", name, text, ""


def _compare_choices(before: Question, after: Question, gone: set[str], language: str) -> Iterator[Line]:
    """`gone` are codes that were taken out by an earlier version."""
    old = {one.name: one.label.get(language, "") for one in before.choices}
    new = {one.name: one.label.get(language, "") for one in after.choices}
    if is_scale(after.type, after.appearance) and _points(before, gone) != _points(after, set()):
        yield from _explain_scale(before, after, gone, language)
        return
    code_of = {fold_text(text): code for code, text in old.items()}
    for code, text in new.items():
        if code in old and fold_text(old[code]) == fold_text(text):
            continue
        if fold_text(text) in code_of:
            yield "code_moved", code, code_of[fold_text(text)], text
        elif code in old:
            yield "choice_reworded", code, old[code], text
        else:
            yield "choice_added", code, "", text
    for code, text in old.items():
        if code not in new and code not in gone:
            yield "choice_removed", code, text, ""


def _points(question: Question, gone: set[str]) -> list[str]:
    return [one.name for one in question.choices if one.point is not None and one.name not in gone]


def _explain_scale(before: Question, after: Question, gone: set[str], language: str) -> Iterator[Line]:
    """A scale with other points, or turned round: its numbers would stand for other places on it."""

    def say(choices: tuple[Choice, ...], left_out: set[str]) -> str:
        return ", ".join(
            f"{one.name} {one.label.get(language, '')}".strip()
            for one in choices
            if one.point is not None and one.name not in left_out
        )

    yield "scale_changed", "", say(before.choices, gone), say(after.choices, set())


def fold_text(text: str) -> str:
    """Capitals, spaces and signs around a text do not change what it says."""
    return " ".join("".join(sign if sign.isalnum() else " " for sign in text.casefold()).split()) or text
