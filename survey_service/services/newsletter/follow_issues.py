"""Follow Mailchimp's calendar: which days have an issue, what went out in one, and what missed it.

An invitation that rode in an issue was sent when the issue was: then ticket, rest and ledger move. What was
not in it is given back. Either way its link is taken away: one left standing is a reminder nobody allowed.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from survey_service.db import (
    early_answer,
    invitation,
    ledger_event,
    message,
    newsletter_issue,
    newsletter_link,
    newsletter_ride,
    newsletter_run,
    register,
    survey,
)
from survey_service.db.engine import transaction
from survey_service.db.ledger_event import LedgerEntry
from survey_service.db.message import NewMessage
from survey_service.db.newsletter_issue import Campaign
from survey_service.db.newsletter_ride import Ride
from survey_service.domain.burden import reminder_seconds
from survey_service.domain.contact_gate import Allow
from survey_service.integrations.mailchimp.port import CampaignFacts
from survey_service.services.gate.contact_gate import local_day, may_contact
from survey_service.services.messages.send_invitations import NEWSLETTER, send_ridden
from survey_service.services.newsletter.newsletter_client import Newsletter
from survey_service.services.newsletter.take_newsletter_members import read_moment
from survey_service.settings import Settings

LOOK_BACK = timedelta(days=60)
MOSTLY = 0.5
"""Of the links confirmed: a campaign to fewer of them is not the issue they were meant for."""
ON_THE_CALENDAR = ("schedule", "sending", "sent")
OPEN_RIDES = ("writing", "ready")


async def follow_issues(newsletter: Newsletter, settings: Settings, *, at: datetime | None = None) -> int:
    """Bring calendar, ledger and reservations up to date; return how many issues were counted."""
    at = at or datetime.now(UTC)
    found = newsletter.connection.id
    campaigns = await newsletter.client.list_campaigns(since=(at - LOOK_BACK).isoformat(timespec="seconds"))
    async with transaction():
        await register.lock_register()
        await newsletter_issue.save_campaigns(found, [_to_row(one) for one in campaigns])
        days = {
            local_day(moment, settings)
            for one in campaigns
            if one.status in ON_THE_CALENDAR and (moment := read_moment(one.send_time)) is not None
        }
        await newsletter_issue.follow_calendar(sorted(days), local_day(at - LOOK_BACK, settings))
    counted = 0
    for campaign in reversed(await newsletter_issue.list_campaigns(found, only_uncounted=True)):
        recipients = await newsletter.client.list_recipients(campaign.campaign)
        rides = await newsletter_ride.list_rides(found, states=OPEN_RIDES)
        # Sent early or late, the links in it are out; without the block in it, nobody saw one.
        tag = newsletter.connection.merge_tag
        is_ridden = bool(rides) and await newsletter.client.carries_tag(campaign.campaign, tag)
        async with transaction():
            await register.lock_register()
            await _count_issue(found, campaign, recipients, settings)
            if is_ridden:
                await _settle_rides(found, campaign, recipients, settings)
            await newsletter_issue.note_counted(campaign.id)
        counted += 1
    await give_back_missed(found, settings, at=at)
    return counted


def _to_row(one: CampaignFacts) -> dict[str, object]:
    return {
        "campaign": one.id,
        "title": one.title,
        "subject": one.subject,
        "status": one.status,
        "send_at": one.send_time or None,
        "emails_sent": one.emails_sent,
        "archive_url": one.archive_url,
    }


async def _count_issue(found: int, campaign: Campaign, recipients: Sequence[str], settings: Settings) -> None:
    """The newsletter is counted in everybody's ledger, and costs nothing."""
    assert campaign.send_at is not None
    people = await newsletter_issue.list_recipients(found, recipients)
    decisions = await may_contact([one.contact for one in people], "newsletter", campaign.send_at, settings)
    entries = [
        LedgerEntry(pseudonym=one.pseudonym, seconds=0, planned_seconds=0, receipt=given.receipt)
        for one, given in zip(people, decisions, strict=True)
        if isinstance(given, Allow)
    ]
    await ledger_event.copy_entries(entries, kind="newsletter", survey_slug="", at=campaign.send_at)


async def _settle_rides(
    found: int, campaign: Campaign, recipients: Sequence[str], settings: Settings
) -> None:
    assert campaign.send_at is not None
    for ride in await newsletter_ride.list_rides(found, states=OPEN_RIDES):
        rode = await newsletter_link.mark_ridden(ride.id, recipients, campaign.send_at)
        await _send(ride, rode, campaign.send_at, settings)
        if len(rode) >= MOSTLY * ride.confirmed and rode:
            late = await early_answer.mark_answered_early(ride.id, campaign.send_at)
            await _send(ride, late, campaign.send_at, settings)
            await _close(ride, "sent", campaign=campaign.campaign)
    await early_answer.settle_early_answers()


async def _send(ride: Ride, rode: dict[int, int], at: datetime, settings: Settings) -> None:
    asked = await survey.find_survey(ride.survey_slug)
    assert asked is not None, "a foreign key holds it"
    if ride.kind == "invitation":
        await send_ridden(asked, ride.wave, rode, settings, at=at)
        return
    people = await newsletter_issue.list_reminded(list(rode))
    pairs = [(people[one], one, receipt) for one, receipt in rode.items() if one in people]
    entries = [
        LedgerEntry(pseudonym=one.pseudonym, seconds=reminder_seconds, planned_seconds=0, receipt=receipt)
        for one, _, receipt in pairs
    ]
    await ledger_event.copy_entries(entries, kind="reminder", survey_slug=ride.survey_slug, at=at)
    messages = [
        NewMessage(receipt=receipt, contact=one.contact, invitation=number, channel=NEWSLETTER)
        for one, number, receipt in pairs
    ]
    await message.note_sent(messages, kind="reminder", at=at)


async def _close(ride: Ride, state: str, *, campaign: str | None = None) -> None:
    """Take the links away, and give back what did not go out: nobody was asked, so nobody's place moved."""
    returned = await newsletter_link.return_links(ride.id)
    if ride.kind == "invitation":
        await invitation.cancel_each(returned, ["missed_issue"] * len(returned), datetime.now(UTC))
    await newsletter_link.clear_ride(ride.id)
    await newsletter_ride.set_ride(ride.id, state, campaign=campaign)


async def give_back_missed(found: int, settings: Settings, *, at: datetime) -> int:
    """Give back what was to ride in an issue whose day is over; return of how many rides."""
    if any(one.status == "sending" for one in await newsletter_issue.list_campaigns(found, limit=20)):
        return 0  # begun before midnight, say: what is in it is known once it is out
    missed = 0
    async with transaction():
        await register.lock_register()
        for ride in await newsletter_ride.list_rides(found, states=OPEN_RIDES):
            if ride.issue_on < local_day(at, settings):
                await _close(ride, "sent" if ride.sent else "missed")
                missed += 1
        # Sent by mail meanwhile, say.
        await early_answer.settle_early_answers()
        dropped = await early_answer.drop_early_answers()
    if dropped:
        await newsletter_run.raise_alarm(
            found, "early_answers",
            f"{dropped} answers came by links of an issue that did not go out, from a preview say."
            " They are not counted.",
        )  # fmt: skip
    return missed
