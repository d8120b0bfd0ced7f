"""Response likelihood follows what people do: judged and trained again once a wave has ended."""

from procrastinate import Blueprint, JobContext

from survey_service.services.likelihood.follow_waves import follow_waves
from survey_service.services.likelihood.order_training import train_as_ordered

EVERY_NIGHT = "20 3 * * *"

LIKELIHOOD = Blueprint()


@LIKELIHOOD.periodic(cron=EVERY_NIGHT)
@LIKELIHOOD.task(name="follow_waves", queueing_lock="follow_waves", pass_context=True)
async def follow_ended_waves(context: JobContext, timestamp: int) -> None:
    """Judge the model on waves that ended, and train a new one where there were any."""
    await follow_waves(zone=context.additional_context["settings"].time_zone)


@LIKELIHOOD.task(name="train_ordered", pass_context=True)
async def train_ordered(context: JobContext) -> None:
    """Train because staff asked for it."""
    await train_as_ordered(zone=context.additional_context["settings"].time_zone)
