"""Give a question, its rows or its choices other names, as long as nobody has answered under the old ones."""

import msgspec

from survey_service.db import question_bank
from survey_service.db.engine import transaction
from survey_service.db.result import ReviewedSurvey
from survey_service.db.staff import StaffMember
from survey_service.domain.draft_changes import find_question, get_question
from survey_service.domain.drafts import Draft, keep_languages
from survey_service.domain.errors import Conflict
from survey_service.domain.question_check import Problem
from survey_service.domain.questionnaire_check import check_questionnaire
from survey_service.domain.renaming import Renames, rename_question
from survey_service.services.questionnaires.edit_draft import CurrentDraft, Step, change_draft


class Renaming(msgspec.Struct, frozen=True, kw_only=True):
    """What a renaming would do."""

    draft: Draft
    problems: tuple[Problem, ...]
    """Of the question renamed, and what stands wrong elsewhere only since then."""


def check_renaming(survey: ReviewedSurvey) -> None:
    """Refuse while answers are kept under the names; raises `Conflict`."""
    if survey.state == "open":
        raise Conflict(
            "The survey is open: answers are kept under these names, so they stay.",
            hint="Words can be changed: the name stays the same. To ask something else, tick “Ask this as a "
            "new question” where the question is edited. A copy of the survey can have other names.",
        )


def try_renaming(draft: Draft, question: str, renames: Renames) -> Renaming:
    """Rename and say what is wrong then; raises `Conflict` where a condition cannot follow."""
    changed = rename_question(draft, question, renames)
    place = [one.name for one in draft.questionnaire.questions()].index(question)
    before = {_key(one) for one in _check(draft)}
    problems = tuple(one for one in _check(changed) if one.question == place or _key(one) not in before)
    return Renaming(draft=changed, problems=problems)


async def rename_for(
    staff: StaffMember, survey: ReviewedSurvey, question: str, renames: Renames, *, base: int
) -> CurrentDraft:
    """Do it; what was decided about repeating the question (ask once) goes with it."""
    check_renaming(survey)
    step = Step(
        change="question_renamed",
        subject=question if renames.name == question else f"{question} → {renames.name}",
        apply=lambda draft: rename_question(draft, question, renames),
        seen=lambda draft: get_question(draft.questionnaire, question),
    )
    async with transaction():
        current = await change_draft(staff, survey, step, base=base)
        if renames.name != question and find_question(current.draft.questionnaire, renames.name):
            await question_bank.rename_decisions(survey.id, question, renames.name)
        return current


def _check(draft: Draft) -> tuple[Problem, ...]:
    """Translations come later, so only the base language is looked at."""
    questionnaire = draft.questionnaire
    return check_questionnaire(keep_languages(questionnaire, [questionnaire.default_language]))


def _key(problem: Problem) -> tuple[object, ...]:
    """A problem by its place: its words may name what was renamed."""
    return problem.field, problem.block, problem.question, problem.choice, problem.row
