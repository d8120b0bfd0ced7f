"""What a survey being written repeats, and what is done about it: ask again, or use the other result."""

from collections.abc import Sequence
from datetime import date, datetime

import msgspec

from survey_service.db import question_bank
from survey_service.db.audit_event import add_audit_event
from survey_service.db.engine import transaction
from survey_service.db.result import ReviewedSurvey, find_survey
from survey_service.db.staff import StaffMember
from survey_service.domain.draft_changes import get_question, remove_question
from survey_service.domain.drafts import Draft, change_questionnaire
from survey_service.domain.errors import NotFound
from survey_service.domain.results import QuestionResult
from survey_service.domain.roles import check_may
from survey_service.services.questionnaires.edit_draft import CurrentDraft, Step, change_draft, load_draft
from survey_service.services.questionnaires.find_repeats import (
    Repeat,
    ask_again,
    find_repeats,
    get_repeat,
    use_other_result,
)
from survey_service.services.results.summarise_results import summarise_results


class UsedResult(msgspec.Struct, frozen=True, kw_only=True):
    """A question that was taken out because another survey's result is used."""

    question: str
    other: ReviewedSurvey
    other_question: str
    at: datetime


class RepeatsShown(msgspec.Struct, frozen=True, kw_only=True):
    """The draft, its repeats, and the results it uses in place of asking."""

    current: CurrentDraft
    repeats: list[Repeat]
    used: list[UsedResult]


async def review_repeats(staff: StaffMember, survey: ReviewedSurvey, *, today: date) -> RepeatsShown:
    """Compare the draft with what was asked."""
    check_may(staff.role, "author")
    async with transaction():
        current = await load_draft(survey)
        repeats = await find_repeats(survey.id, current.draft.questionnaire, today=today)
        return RepeatsShown(current=current, repeats=repeats, used=await list_used_results(survey))


async def list_used_results(survey: ReviewedSurvey) -> list[UsedResult]:
    """The questions whose answer another survey has, by decision of who wrote this one."""
    found = []
    for one in await question_bank.list_decisions(survey.id):
        if one.decision == "reuse":
            other = await find_survey(one.other_slug)
            assert other is not None, "a foreign key holds it"
            found.append(
                UsedResult(question=one.question, other=other, other_question=one.other_question, at=one.at)
            )
    return found


async def ask_again_for(
    staff: StaffMember, survey: ReviewedSurvey, keys: Sequence[str], *, reason: str, today: date
) -> None:
    """Note why questions are asked again."""
    shown = await review_repeats(staff, survey, today=today)
    chosen = [get_repeat(shown.repeats, key) for key in keys]
    await ask_again(survey.id, survey.slug, chosen, reason=reason, staff=staff.id)


async def use_result_for(
    staff: StaffMember, survey: ReviewedSurvey, key: str, *, base: int, today: date
) -> None:
    """Take a question out of the draft and note whose result is used. Like every step it can be undone."""
    async with transaction():
        shown = await review_repeats(staff, survey, today=today)
        repeat = get_repeat(shown.repeats, key)
        name = repeat.found.question.name
        await change_draft(staff, survey, _taking_out(name, repeat), base=base)
        await use_other_result(survey.id, survey.slug, repeat, staff=staff.id)


async def review_other_result(
    staff: StaffMember,
    survey: ReviewedSurvey,
    other_slug: str,
    other_question: str,
    *,
    small_cell: int,
    language: str,
    today: date,
) -> QuestionResult:
    """The result of the one question that this survey repeats or uses; nothing else of the other survey.

    Disclosure control is the other survey's own. Raises NotFound for any other question.
    """
    shown = await review_repeats(staff, survey, today=today)
    allowed = {(one.survey.slug, one.found.other.name) for one in shown.repeats}
    allowed |= {(one.other.slug, one.other_question) for one in shown.used}
    other = await find_survey(other_slug) if (other_slug, other_question) in allowed else None
    if other is None:
        raise NotFound("The survey does not repeat this question.")
    results = await summarise_results(other, small_cell=small_cell, language=language)
    await add_audit_event(
        staff=staff.id,
        action="repeated_result_viewed",
        object_kind="survey",
        object_id=other.slug,
        detail={"question": other_question, "for": survey.slug},
    )
    for question in results.questions:
        if question.name == other_question:
            return question
    raise NotFound("The question has no result.")


def _taking_out(name: str, repeat: Repeat) -> Step:
    def apply(draft: Draft) -> Draft:
        return change_questionnaire(draft, remove_question(draft.questionnaire, name))

    label = repeat.found.question.label
    return Step(
        change="question_removed",
        subject=next(iter(label.values()), name),
        apply=apply,
        seen=lambda draft: get_question(draft.questionnaire, name),
    )
