"""Free text is looked through every minute, and named officers are told."""

from datetime import UTC, datetime

import structlog
from procrastinate import Blueprint, JobContext

from survey_service.services.safeguarding.notify_officers import notify_officers
from survey_service.services.safeguarding.scan_danger import scan_danger

EVERY_MINUTE = "* * * * *"

SAFEGUARDING = Blueprint()


@SAFEGUARDING.periodic(cron=EVERY_MINUTE)
@SAFEGUARDING.task(name="scan_danger", queueing_lock="scan_danger", pass_context=True)
async def scan_for_danger(context: JobContext, timestamp: int) -> None:
    """Look through what was written, then tell the officers."""
    at = datetime.now(UTC)
    await scan_danger(at)
    notified = await notify_officers(context.additional_context["settings"], at)
    if notified.unheard:
        structlog.get_logger().warning("notices unheard", count=notified.unheard)
