"""Work on stored events: each is only a hint that something changed, and Mailchimp is asked what.

What it says of a person is taken from a read made after the event; so the order in which events come, and
whether one comes twice or not at all, does not matter.
"""

from contextlib import suppress
from datetime import UTC, datetime

from survey_service.db import (
    newsletter_event,
    newsletter_identity,
    newsletter_link,
    newsletter_member,
    newsletter_run,
)
from survey_service.db.newsletter_event import Waiting
from survey_service.domain.errors import Conflict
from survey_service.domain.newsletter_event import Event, read_event
from survey_service.integrations.mailchimp.errors import KeyRefused, MailchimpError, Misconfigured
from survey_service.integrations.mailchimp.port import md5_of
from survey_service.services.newsletter.apply_newsletter import apply_newsletter
from survey_service.services.newsletter.follow_issues import follow_issues
from survey_service.services.newsletter.newsletter_client import Newsletter, open_newsletter
from survey_service.services.newsletter.refresh_member import refresh_member
from survey_service.services.newsletter.sync_newsletter import pull_members
from survey_service.services.newsletter.work_links import work_links
from survey_service.settings import Settings

AT_ONCE = 200
"""More than so many wait: one pull brings what all of them hint at."""
WORKING = 1


async def work_newsletter_events(settings: Settings) -> int:
    """Work on what is due; return how many events were done."""
    done = 0
    async with open_newsletter(settings) as newsletter:
        found = newsletter.connection
        async with newsletter_run.working_alone(found.id, WORKING) as is_alone:
            if not is_alone:
                return 0
            while waiting := await newsletter_event.list_waiting(found.id, datetime.now(UTC), AT_ONCE):
                done += await _work_on(newsletter, waiting, settings)
    await apply_newsletter(settings)
    await newsletter_link.clear_unfit(found.id)
    return done


async def _work_on(newsletter: Newsletter, waiting: list[Waiting], settings: Settings) -> int:
    done, has_campaign = 0, False
    is_flood = len(waiting) >= AT_ONCE
    if is_flood:
        with suppress(Conflict):  # somebody pulls already, and brings what these hint at
            await pull_members(newsletter, settings)
    for one in waiting:
        event = read_event(one.body)
        has_campaign |= event.kind == "campaign"
        try:
            await _follow(newsletter, event, settings, is_flood=is_flood)
        except (KeyRefused, Misconfigured):
            raise
        except MailchimpError as error:
            if not await newsletter_event.postpone_event(one.id, datetime.now(UTC), str(error)):
                await newsletter_run.raise_alarm(
                    newsletter.connection.id, "event_failed", "An event could not be followed; pulls will."
                )
            continue
        await newsletter_event.finish_event(one.id)
        done += 1
    if has_campaign:
        await follow_issues(newsletter, settings)
        await work_links(newsletter, settings)
    return done


async def _follow(newsletter: Newsletter, event: Event, settings: Settings, *, is_flood: bool) -> None:
    found, client = newsletter.connection, newsletter.client
    if event.kind == "campaign" or not event.email:
        return
    # A member that is gone is not in any pull: only asking for it shows that.
    if not is_flood or event.is_restricting or event.kind == "upemail":
        await refresh_member(
            client, found, settings, md5=md5_of(event.email), unique_email_id=event.unique_email_id
        )
    if event.is_abuse and found.sealed_signing is not None:
        # Only whom Mailchimp shows as not subscribed: the address may be somebody else's by now.
        await newsletter_member.suppress_for_good(found.id, md5_of(event.email), "abuse")
    # Late or out of order, "old is new now" may speak of two people: whom we hold under the old address
    # is asked for by the id that stays.
    old = md5_of(event.old_email) if event.old_email else ""
    if old and await newsletter_identity.find_mailchimp_id(found.id, old) is not None:
        await refresh_member(client, found, settings, md5=old)
