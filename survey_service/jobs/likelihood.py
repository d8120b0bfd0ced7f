"""Response likelihood follows what people do: judged and trained again once a wave has ended."""

from procrastinate import Blueprint

from survey_service.services.follow_waves import follow_waves

EVERY_NIGHT = "20 3 * * *"

LIKELIHOOD = Blueprint()


@LIKELIHOOD.periodic(cron=EVERY_NIGHT)
@LIKELIHOOD.task(name="follow_waves", queueing_lock="follow_waves")
async def follow_ended_waves(timestamp: int) -> None:
    """Judge the model on waves that ended, and train a new one where there were any."""
    await follow_waves()
