"""The outbox, looked at every minute and whenever something was put into it."""

from datetime import UTC, datetime

from procrastinate import Blueprint, JobContext

from survey_service.services.messages.read_bounces import read_bounces
from survey_service.services.messages.send_mails import send_mails

EVERY_MINUTE = "* * * * *"
EVERY_TEN_MINUTES = "*/10 * * * *"

MAIL = Blueprint()


@MAIL.periodic(cron=EVERY_MINUTE)
@MAIL.task(name="send_outbox", pass_context=True)
async def send_outbox(context: JobContext, timestamp: int = 0) -> None:
    """Send what waits. Ordered twice at once, one of them has nothing to do."""
    await send_mails(context.additional_context["settings"], should_stop=context.should_abort)


@MAIL.periodic(cron=EVERY_TEN_MINUTES)
@MAIL.task(name="read_bounces", pass_context=True, queueing_lock="read_bounces")
async def read_returned_mails(context: JobContext, timestamp: int) -> None:
    """Read what came back; an address that takes no mail is not written to again."""
    await read_bounces(context.additional_context["settings"], datetime.now(UTC))
