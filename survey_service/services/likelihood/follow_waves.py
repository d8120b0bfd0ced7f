"""What is done when waves have ended: the model is judged on them, then a new one learns from them, too.

So the level is set anew with every wave: rates drift.
"""

from datetime import UTC, datetime

from survey_service.db import likelihood, likelihood_history
from survey_service.domain.errors import SurveyServiceError
from survey_service.services.likelihood.judge_likelihood import judge_likelihood
from survey_service.services.likelihood.train_likelihood import Trained, train_likelihood


async def follow_waves(*, zone: str = "Europe/London", at: datetime | None = None) -> Trained | None:
    """Judge and train if a wave has ended since the newest model was trained; return the new model."""
    now = at or datetime.now(UTC)
    newest = await likelihood.list_models(1)
    since = newest[0].trained_at if newest else None
    if not await likelihood_history.has_wave_ended(since, now):
        return None
    await judge_likelihood(at=now)
    try:
        return await train_likelihood(at=now, zone=zone)
    except SurveyServiceError:
        return None  # too few answers yet: strata are expected to answer as they did
