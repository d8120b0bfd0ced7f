"""The outbox, looked at every minute and whenever something was put into it."""

from procrastinate import Blueprint, JobContext

from survey_service.services.send_mails import send_mails

EVERY_MINUTE = "* * * * *"

MAIL = Blueprint()


@MAIL.periodic(cron=EVERY_MINUTE)
@MAIL.task(name="send_outbox", pass_context=True)
async def send_outbox(context: JobContext, timestamp: int = 0) -> None:
    """Send what waits. Ordered twice at once, one of them has nothing to do."""
    await send_mails(context.additional_context["settings"], should_stop=context.should_abort)
