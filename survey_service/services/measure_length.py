"""The length that is told corrects itself: after thirty timed completes it is what three in four needed."""

from survey_service.db import form_length
from survey_service.domain.length import fewest_timed, told_share


async def measure_length() -> int:
    """Bring the told length of forms in the field up to date; return how many changed."""
    return await form_length.update_measured(fewest=fewest_timed, share=told_share)
