"""Opens and clicks of issues, one, three and fourteen days after: of people who agreed to that alone.

Mail programs and scanners open within seconds of sending: such opens are set apart and mean nothing.
"""

from datetime import UTC, datetime, timedelta

from survey_service.db import audit_event, newsletter_issue, newsletter_signal
from survey_service.db.contact import find_contact
from survey_service.db.engine import transaction
from survey_service.db.newsletter_signal import Signal
from survey_service.domain.errors import NotFound
from survey_service.domain.newsletter_signal import count_events
from survey_service.integrations.mailchimp.port import Activity
from survey_service.services.newsletter.newsletter_client import open_newsletter
from survey_service.services.newsletter.take_newsletter_members import read_moment
from survey_service.settings import Settings

DAYS = (1, 3, 14)


async def collect_signals(settings: Settings, *, at: datetime | None = None) -> int:
    """Read what is due, each campaign from its beginning; return of how many people something was kept."""
    at = at or datetime.now(UTC)
    kept = 0
    async with open_newsletter(settings) as newsletter:
        found = newsletter.connection.id
        for campaign in await newsletter_issue.list_for_activity(found, at, DAYS):
            activity = await newsletter.client.list_activity(campaign.campaign)
            assert campaign.send_at is not None
            signals = [_to_signal(one, campaign.send_at) for one in activity]
            async with transaction():
                kept += await newsletter_signal.replace_signals(found, campaign.id, signals, at)
                await newsletter_issue.note_activity(campaign.id, at, DAYS)
    return kept


def _to_signal(one: Activity, sent_at: datetime) -> Signal:
    moments = [(action, moment) for action, text in one.events if (moment := read_moment(text)) is not None]
    counted = count_events(moments, sent_at)
    return Signal(
        md5=one.email_id,
        opens=counted.opens,
        machine_opens=counted.machine_opens,
        clicks=counted.clicks,
        first_click_at=counted.first_click_at,
    )


async def remove_signals(reference: str, *, source: str = "staff", staff: int | None = None) -> int:
    """Withdraw a person's agreement and delete what was kept; return of how many issues."""
    found = await find_contact(reference)
    if found is None or found.state == "erased":
        raise NotFound(f"There is no contact {reference!r}.")
    async with transaction():
        count = await newsletter_signal.remove_signals(found.id, source, datetime.now(UTC))
        await audit_event.add_audit_event(
            staff=staff, action="signals.remove", object_kind="contact", object_id=str(found.id)
        )
    return count


async def forget_old(at: datetime) -> None:
    """Keep two years."""
    await newsletter_signal.forget_before(at - timedelta(days=730))
