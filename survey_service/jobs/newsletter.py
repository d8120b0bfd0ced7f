"""The newsletter: pulled every quarter of an hour, compared every night, events worked on as they come."""

from datetime import UTC, datetime

from procrastinate import Blueprint, JobContext

from survey_service.services.newsletter import tend_newsletter
from survey_service.services.newsletter.collect_signals import collect_signals, forget_old

NEWSLETTER = Blueprint()


@NEWSLETTER.periodic(cron="*/15 * * * *")
@NEWSLETTER.task(name="pull_changes", queueing_lock="newsletter_pull", pass_context=True)
async def pull_changes(context: JobContext, timestamp: int = 0) -> None:
    """Pull members that changed."""
    await tend_newsletter.pull_changes(context.additional_context["settings"])


@NEWSLETTER.periodic(cron="* * * * *")
@NEWSLETTER.task(name="work_events", pass_context=True)
async def work_events(context: JobContext, timestamp: int = 0) -> None:
    """Work on events of the webhook; ordered by each event, and every minute for those that wait."""
    await tend_newsletter.work_events(context.additional_context["settings"])


@NEWSLETTER.periodic(cron="* * * * *")
@NEWSLETTER.task(name="tend_links", queueing_lock="newsletter_links", pass_context=True)
async def tend_links(context: JobContext, timestamp: int) -> None:
    """Follow issues; write and take away links."""
    await tend_newsletter.tend_links(context.additional_context["settings"])


@NEWSLETTER.periodic(cron="7 * * * *")
@NEWSLETTER.task(name="check_webhook", queueing_lock="newsletter_webhook", pass_context=True)
async def check_webhook(context: JobContext, timestamp: int) -> None:
    """Look whether the webhook is there."""
    await tend_newsletter.check_webhook(context.additional_context["settings"])


@NEWSLETTER.periodic(cron="20 3 * * *")
@NEWSLETTER.task(name="compare_nightly", queueing_lock="newsletter_nightly", pass_context=True)
async def compare_nightly(context: JobContext, timestamp: int) -> None:
    """Compare the whole list; read what opens and clicks are due."""
    settings = context.additional_context["settings"]
    await tend_newsletter.compare_nightly(settings)
    if await tend_newsletter.is_connected():
        await collect_signals(settings)
    await forget_old(datetime.now(UTC))
