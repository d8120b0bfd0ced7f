"""The repeats of a survey as plain rows, for the command line and other programs."""

from datetime import date

import msgspec

from survey_service.domain.repeats import RepeatKind
from survey_service.services.questionnaires.find_repeats import find_repeats, newest_version_of, today_in_utc
from survey_service.services.questionnaires.manage_survey import get_survey


class RepeatRow(msgspec.Struct, frozen=True, kw_only=True):
    """One question and the earlier one that it repeats."""

    question: str
    other_survey: str
    other_question: str
    department: str
    shared: tuple[str, ...]
    """Audiences that both ask."""
    kind: RepeatKind
    score: float
    valid_until: date
    decision: str | None
    reason: str


async def list_repeats(slug: str) -> list[RepeatRow]:
    """Return what a survey repeats."""
    survey = await get_survey(slug)
    version = await newest_version_of(survey.id)
    found = await find_repeats(survey.id, version.questionnaire, today=today_in_utc())
    return [
        RepeatRow(
            question=one.found.question.name,
            other_survey=one.survey.slug,
            other_question=one.found.other.name,
            department=one.survey.department,
            shared=one.survey.shared,
            kind=one.found.kind,
            score=round(one.found.score, 2),
            valid_until=one.found.valid_until,
            decision=one.decision.decision if one.decision else None,
            reason=one.decision.reason if one.decision else "",
        )
        for one in found
    ]
