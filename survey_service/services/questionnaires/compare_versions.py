"""What publishing would change about a survey that takes answers, held against everything it has asked."""

from collections.abc import Sequence

from survey_service.db import questionnaire_version
from survey_service.db.result import ReviewedSurvey
from survey_service.domain.asked_questions import AskedQuestions, gather_asked
from survey_service.domain.errors import Conflict
from survey_service.domain.questionnaire import Questionnaire
from survey_service.domain.version_changes import VersionChange, find_changes

CHANGES_MEANING = "changes_meaning"
"""Code of a refusal that a confirmation lifts."""


async def load_asked(survey: ReviewedSurvey) -> AskedQuestions | None:
    """Everything the survey has asked; None while nobody can have answered."""
    if survey.state != "open":
        return None
    versions = await questionnaire_version.list_questionnaires(survey.id)
    return gather_asked(versions) if versions else None


async def review_changes(survey: ReviewedSurvey, coming: Questionnaire) -> tuple[VersionChange, ...]:
    """What would change; nothing for a survey that is not open."""
    asked = await load_asked(survey)
    return () if asked is None else find_changes(asked, coming)


def check_changes(changes: Sequence[VersionChange], *, is_confirmed: bool) -> None:
    """Refuse what mixes meanings, and without a confirmation what may."""
    refused = list(dict.fromkeys(change.question for change in changes if change.is_refused))
    if refused:
        raise Conflict(
            "Answers given so far would get another meaning.",
            got=", ".join(refused),
            hint="Edit the question and tick “Ask this as a new question”, or undo the change.",
        )
    if not is_confirmed and any(change.needs_confirmation for change in changes):
        raise Conflict(
            "Look at what changes, and confirm that other words mean what they meant.", code=CHANGES_MEANING
        )
