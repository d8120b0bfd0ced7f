"""The length that is told corrects itself: after thirty timed completes it is what three in four needed."""

from survey_service.db import form_length
from survey_service.db.form_length import QuestionSeconds
from survey_service.domain.length import fewest_timed, told_share
from survey_service.services.questionnaires.manage_survey import get_survey


async def measure_length() -> int:
    """Bring the told length of forms in the field up to date; return how many changed."""
    return await form_length.update_measured(fewest=fewest_timed, share=told_share)


async def list_question_seconds(slug: str, *, small_cell: int) -> list[QuestionSeconds]:
    """Return how long each question of a survey takes people, where enough were measured to say so."""
    return await form_length.list_question_seconds((await get_survey(slug)).id, fewest=small_cell)
