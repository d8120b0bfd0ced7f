"""What keeps the house in order while nobody looks."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from procrastinate import Blueprint, JobContext

from survey_service.db.engine import database_url
from survey_service.services.administration.clear_expired import clear_expired
from survey_service.services.answers.mix_answers import mix_answers
from survey_service.services.answers.settle_begun_forms import settle_begun_forms
from survey_service.services.questionnaires.measure_length import measure_length

EVERY_TEN_MINUTES = "*/10 * * * *"
"""A worker that starts also makes up for the last missed run, if that is at most ten minutes old."""

HOUSEKEEPING = Blueprint()


@HOUSEKEEPING.periodic(cron=EVERY_TEN_MINUTES)
@HOUSEKEEPING.task(name="clear_expired", queueing_lock="clear_expired")
async def clear_expired_rows(timestamp: int) -> None:
    """Delete what has run out: sign-ins of staff, old attempts to sign in."""
    await clear_expired(datetime.now(UTC))


@HOUSEKEEPING.periodic(cron=EVERY_TEN_MINUTES)
@HOUSEKEEPING.task(name="settle_begun_forms", queueing_lock="settle_begun_forms", pass_context=True)
async def settle_left_forms(context: JobContext, timestamp: int) -> None:
    """Count what was begun and not sent, once its time is over."""
    settings = context.additional_context["settings"]
    await settle_begun_forms(database_url(settings), datetime.now(ZoneInfo(settings.time_zone)))


@HOUSEKEEPING.periodic(cron="40 2 * * *")
@HOUSEKEEPING.task(name="mix_answers", queueing_lock="mix_answers", pass_context=True)
async def mix_nightly(context: JobContext, timestamp: int) -> None:
    """Open the boxes of anonymous surveys as far as that tells nothing of anybody."""
    settings = context.additional_context["settings"]
    await mix_answers(settings, at=datetime.now(ZoneInfo(settings.time_zone)))


@HOUSEKEEPING.periodic(cron=EVERY_TEN_MINUTES)
@HOUSEKEEPING.task(name="mix_closed", queueing_lock="mix_closed", pass_context=True)
async def mix_closed(context: JobContext, timestamp: int) -> None:
    """Open what is left of anonymous surveys that have closed."""
    settings = context.additional_context["settings"]
    await mix_answers(settings, at=datetime.now(ZoneInfo(settings.time_zone)), only_over=True)


@HOUSEKEEPING.periodic(cron=EVERY_TEN_MINUTES)
@HOUSEKEEPING.task(name="measure_length", queueing_lock="measure_length")
async def measure_length_of_forms(timestamp: int) -> None:
    """Tell people how long a form takes, by those who have answered it."""
    await measure_length()


@HOUSEKEEPING.periodic(cron=EVERY_TEN_MINUTES)
@HOUSEKEEPING.task(name="take_up_stalled", queueing_lock="take_up_stalled", pass_context=True)
async def take_up_stalled_jobs(context: JobContext, timestamp: int) -> None:
    """Queue again the jobs of a worker that was killed: it could not give them back itself."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs():
        await manager.retry_job(job)
