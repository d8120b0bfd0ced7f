"""A question being written: what was typed as a question, and the step that puts it in its place."""

from typing import Any

import msgspec

from survey_service.domain.asked_questions import AskedQuestions
from survey_service.domain.draft_changes import (
    add_question,
    block_of,
    find_question,
    get_block,
    get_question,
    make_name,
    name_apart,
    replace_question,
    taken_names,
)
from survey_service.domain.drafts import Draft, change_questionnaire
from survey_service.domain.errors import NotFound
from survey_service.domain.question_kinds import is_scale, number_afresh
from survey_service.domain.questionnaire import Question
from survey_service.domain.renaming import Renames, rename_question
from survey_service.domain.version_changes import VersionChange, compare_question
from survey_service.services.questionnaires.edit_draft import Step
from survey_service.web.staff.question_form import (
    QuestionForm,
    moved_codes,
    moved_rows,
    read_question_form,
    to_question,
)


class Writing(msgspec.Struct, frozen=True, kw_only=True):
    """A question being written: a new one has no name yet."""

    name: str
    block: str
    original: Question
    form: QuestionForm
    asked: AskedQuestions | None = None
    """Everything the survey has asked, once it is open."""

    @property
    def before(self) -> Question | None:
        """The question as it was answered so far."""
        return self.asked.find(self.name) if self.asked is not None and self.name else None

    @property
    def is_replacing(self) -> bool:
        """True where it takes the place of a question whose answers stay under the old name."""
        return self.form.is_new_question and self.before is not None


def read_writing(posted: Any, draft: Draft, name: str, asked: AskedQuestions | None = None) -> Writing:
    """What was typed; raises `NotFound` for a question that is there no more."""
    questionnaire, form = draft.questionnaire, read_question_form(posted)
    original = find_question(questionnaire, name) if name else None
    if original is not None:
        block = block_of(questionnaire, name).name
        return Writing(name=name, block=block, original=original, form=form, asked=asked)
    if name:
        raise NotFound("The question was taken out meanwhile.", got=repr(name))
    block = get_block(questionnaire, str(posted.get("block", questionnaire.core.name))).name
    blank = Question(name="", type=form.type, label={})
    return Writing(name="", block=block, original=blank, form=form, asked=asked)


def make_question(writing: Writing, draft: Draft) -> Question:
    """The question that was typed. Names that answers are kept under are not given to another question."""
    taken = taken_names(draft.questionnaire) | {"core"}
    if writing.asked is not None:
        taken |= writing.asked.names
    question = to_question(
        writing.form,
        draft.questionnaire,
        original=writing.original,
        name=writing.name or make_name(writing.form.label, taken),
        taken=taken - {writing.name},
        asked=writing.before,
    )
    if not writing.is_replacing:
        return question
    apart = name_apart(question, taken)
    if not is_scale(question.type, question.appearance):
        return apart
    return msgspec.structs.replace(apart, choices=number_afresh(apart.choices))


def put_in_place(draft: Draft, writing: Writing, question: Question) -> Draft:
    """The draft with the question; what reads it follows where its name or its points moved.

    Raises `Conflict` where a condition cannot follow.
    """
    if not writing.name:
        return look_at(draft, writing, question)
    rows, choices = moved_rows(writing.form, question), moved_codes(writing.form, question)
    if rows or choices or question.name != writing.name:
        # What was taken out must not stand where another now is.
        free = {old: f"{old}-out" for old in set(choices.values()) - set(choices)}
        draft = rename_question(
            draft, writing.name, Renames(name=question.name, rows=rows, choices=free | choices)
        )
    return look_at(draft, writing, question)


def look_at(draft: Draft, writing: Writing, question: Question) -> Draft:
    """The draft with the question and nothing else changed."""
    if writing.name:
        changed = replace_question(draft.questionnaire, question)
    else:
        changed = add_question(draft.questionnaire, writing.block, question)
    return change_questionnaire(draft, changed, keeps_meaning=writing.form.keeps_meaning)


def saving_step(writing: Writing, question: Question) -> Step:
    """An existing question rests on itself as it was; a new one on nothing but its block."""
    change = "question_added"
    if writing.name:
        change = "question_replaced" if writing.is_replacing else "question_changed"
    return Step(
        change=change,
        subject=writing.form.label,
        apply=lambda draft: put_in_place(draft, writing, question),
        seen=(lambda draft: get_question(draft.questionnaire, writing.name)) if writing.name else None,
    )


def changes_of_meaning(writing: Writing, question: Question, language: str) -> list[VersionChange]:
    """What the survey, being open, cannot take of this change; nothing where it is asked as a new one."""
    if writing.asked is None or writing.before is None or writing.is_replacing:
        return []
    found = compare_question(writing.before, question, writing.asked, language)
    return [change for change in found if change.is_refused]
