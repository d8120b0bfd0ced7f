"""What is done for the newsletter while nobody looks: each piece alone, so that a failure stops no other."""

from datetime import UTC, datetime, timedelta

from survey_service.db import (
    newsletter_connection,
    newsletter_event,
    newsletter_link,
    newsletter_member,
    newsletter_ride,
    newsletter_run,
)
from survey_service.db.engine import transaction
from survey_service.db.newsletter_connection import Connection
from survey_service.db.register import lock_register
from survey_service.services.newsletter.connect_newsletter import check_hook
from survey_service.services.newsletter.follow_issues import follow_issues
from survey_service.services.newsletter.newsletter_client import Newsletter, open_newsletter
from survey_service.services.newsletter.sync_newsletter import sync_newsletter
from survey_service.services.newsletter.verify_links import NOT_WRITTEN, check_field, verify_ride
from survey_service.services.newsletter.work_links import work_links
from survey_service.services.newsletter.work_newsletter_events import work_newsletter_events
from survey_service.settings import Settings

SILENT_AFTER = timedelta(hours=24)
CLEARED_LATELY = timedelta(days=20)
"""Longer than from one issue to the next."""
NONE_STANDS = "Its links were taken away: a freeze, a closed survey, or everybody left. Write them again."


async def is_connected() -> bool:
    """Tell whether there is a newsletter to tend; a stopped connection waits for somebody."""
    found = await newsletter_connection.find_connection()
    return found is not None and found.state == "ok"


async def pull_changes(settings: Settings) -> None:
    """Pull what changed, and look whether the webhook should have told of it."""
    if not await is_connected():
        return
    result = await sync_newsletter(settings)
    found = await newsletter_connection.find_connection()
    if found is not None:
        await _judge_silence(found, result.changed, datetime.now(UTC))


async def _judge_silence(found: Connection, changed: int, at: datetime) -> None:
    """A webhook that is there and says nothing, while pulls find changes, is broken somewhere."""
    health = await newsletter_event.get_health(found.id, at)
    is_silent = health.last_at is None or at - health.last_at > SILENT_AFTER
    if found.hook_state == "live" and changed and is_silent:
        await newsletter_run.raise_alarm(
            found.id, "hook_silent", "No event came for a day, though the pull found changes."
        )
    elif not is_silent:
        await newsletter_run.end_alarm(found.id, "hook_silent")


async def work_events(settings: Settings) -> None:
    """Work on events that wait."""
    if await is_connected():
        await work_newsletter_events(settings)


async def tend_links(settings: Settings) -> None:
    """Follow the calendar, then write and take away what is due."""
    if await is_connected():
        async with open_newsletter(settings) as newsletter:
            await follow_issues(newsletter, settings)
            await work_links(newsletter, settings)
            await _judge_rides(newsletter, settings)


async def _judge_rides(newsletter: Newsletter, settings: Settings) -> None:
    """Tell editors ready once the last link is written, and take the word back when none stands any more."""
    for ride in await newsletter_ride.list_rides(newsletter.connection.id, states=["writing", "ready"]):
        if ride.state == "writing" and NOT_WRITTEN in ride.problem and not ride.wanted:
            await verify_ride(newsletter, ride.id, settings)
        elif ride.state == "ready" and not ride.confirmed:
            await newsletter_ride.set_ride(ride.id, "writing", problem=NONE_STANDS)


async def check_webhook(settings: Settings) -> None:
    """Look whether the webhook is there; make it anew where it is not."""
    if await is_connected():
        await check_hook(settings)


async def compare_nightly(settings: Settings) -> None:
    """Compare everybody, let erased people go from the mirror, and look that no link stands too long."""
    if not await is_connected():
        return
    await sync_newsletter(settings, kind="full")
    async with open_newsletter(settings) as newsletter:
        found = newsletter.connection.id
        for md5 in await newsletter_member.list_of_erased(found):
            async with transaction():
                await lock_register()
                await newsletter_member.remove_member(found, md5)
        await newsletter_link.clear_used(found)
        await work_links(newsletter, settings)
        problem = await check_field(newsletter)
        if problem:
            await newsletter_link.clear_again(found, datetime.now(UTC) - CLEARED_LATELY)
            await work_links(newsletter, settings)
            problem = await check_field(newsletter)
        if problem:
            await newsletter_run.raise_alarm(found, "links_standing", problem)
        else:
            await newsletter_run.end_alarm(found, "links_standing")
    await newsletter_event.forget_bodies(datetime.now(UTC))
