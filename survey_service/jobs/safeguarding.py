"""Free text is looked through every minute, and named officers are told."""

from datetime import UTC, datetime

import structlog
from procrastinate import Blueprint, JobContext

from survey_service.services.safeguarding.notify_officers import notify_officers
from survey_service.services.safeguarding.scan_again import scan_again
from survey_service.services.safeguarding.scan_danger import scan_danger
from survey_service.services.safeguarding.scan_sealed import scan_sealed
from survey_service.settings import load_secret_key

EVERY_MINUTE = "* * * * *"

SAFEGUARDING = Blueprint()


@SAFEGUARDING.periodic(cron=EVERY_MINUTE)
@SAFEGUARDING.task(name="scan_danger", queueing_lock="scan_danger", pass_context=True)
async def scan_for_danger(context: JobContext, timestamp: int) -> None:
    """Look through what was written, then tell the officers."""
    at = datetime.now(UTC)
    settings = context.additional_context["settings"]
    await scan_danger(at)
    if await scan_again(at):
        await scan_danger(at)
    sealed = await scan_sealed(load_secret_key(settings), at)
    if sealed.unreadable:
        structlog.get_logger().warning("sealed answers unreadable", count=sealed.unreadable)
    notified = await notify_officers(settings, at)
    if notified.unheard:
        structlog.get_logger().warning("notices unheard", count=notified.unheard)
