"""The question bank as staff see it: what is measured, in which words, who asked it, how long that holds."""

from datetime import UTC, date, datetime, timedelta

import msgspec

from survey_service.db import question_bank
from survey_service.db.audit_event import add_audit_event
from survey_service.db.engine import transaction
from survey_service.db.question_bank import AskedSurvey, BankQuestion
from survey_service.db.staff import StaffMember
from survey_service.domain.questionnaire import Question
from survey_service.domain.repeats import COMPARED_LANGUAGE, DEFAULT_VALIDITY_DAYS
from survey_service.domain.roles import check_may
from survey_service.services.questionnaires.find_repeats import (
    LONGEST_VALIDITY,
    search_wordings,
    set_validity,
)

MOST_FOUND = 20
LEAST_ALIKE = 0.3
"""Below it nothing that is found has to do with what was looked for."""


class AskedQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """A question of a survey that was opened."""

    question: Question
    survey: AskedSurvey
    valid_until: date
    score: float = 1.0
    """How likely it asks what was looked for."""


class BankEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A concept with the surveys that asked for it, the newest first."""

    entry: BankQuestion
    asked: list[AskedQuestion]


class QuestionBank(msgspec.Struct, frozen=True, kw_only=True):
    """All concepts, and what a search found among the questions of every department."""

    entries: list[BankEntry]
    found: list[AskedQuestion]


async def review_question_bank(staff: StaffMember, *, wanted: str, today: date) -> QuestionBank:
    """Show the bank; with words, also the questions most like them. Wordings are no secret, answers are."""
    check_may(staff.role, "plan")
    async with transaction():
        entries = await question_bank.list_bank_questions()
        since = datetime.combine(today - timedelta(days=LONGEST_VALIDITY), datetime.min.time(), UTC)
        surveys = await question_bank.list_asked_surveys(since, sharing_with=None)
        await add_audit_event(
            staff=staff.id, action="question_bank_viewed", object_kind="concept", object_id=""
        )
    validity = {one.concept: one.validity_days for one in entries}
    asked = [
        AskedQuestion(question=question, survey=survey, valid_until=_valid_until(question, survey, validity))
        for survey in surveys
        for question in survey.questionnaire.questions()
        if question.takes_answer
    ]
    return QuestionBank(
        entries=[
            BankEntry(entry=entry, asked=[one for one in asked if one.question.concept == entry.concept])
            for entry in entries
        ],
        found=_search(asked, wanted) if wanted else [],
    )


async def set_validity_for(staff: StaffMember, concept: str, days: int) -> None:
    """Say for how long answers to a concept hold. This concerns every department."""
    check_may(staff.role, "plan")
    await set_validity(concept, days, staff=staff.id)


def _search(asked: list[AskedQuestion], wanted: str) -> list[AskedQuestion]:
    worded = [(one, one.question.label.get(COMPARED_LANGUAGE, "")) for one in asked]
    scores = search_wordings(
        wanted, sorted({text for _, text in worded if text}), at_least=LEAST_ALIKE, most=MOST_FOUND
    )
    alike = [msgspec.structs.replace(one, score=scores[text]) for one, text in worded if text in scores]
    return sorted(alike, key=lambda one: -one.score)[:MOST_FOUND]


def _valid_until(question: Question, survey: AskedSurvey, validity: dict[str, int]) -> date:
    days = validity.get(question.concept, DEFAULT_VALIDITY_DAYS)
    return survey.opened_at.date() + timedelta(days=days - 1)
