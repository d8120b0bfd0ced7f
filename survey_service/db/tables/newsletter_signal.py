"""Signals from the newsletter, of people who opted in to that alone."""

from piccolo.columns import BigSerial, ForeignKey, Integer, Timestamptz
from piccolo.columns.base import OnDelete
from piccolo.columns.defaults import TimestamptzNow
from piccolo.constraints import Unique
from piccolo.table import Table

from survey_service.db.tables.newsletter import NewsletterCampaign
from survey_service.db.tables.unit import Contact


class NewsletterSignal(Table):
    """What one person did with one issue."""

    id = BigSerial(primary_key=True)
    contact = ForeignKey(Contact, on_delete=OnDelete.restrict, null=False)
    campaign = ForeignKey(NewsletterCampaign, on_delete=OnDelete.restrict, null=False, index=True)
    sent_at = Timestamptz(default=None)
    opens = Integer(default=0, help_text="by a person")
    machine_opens = Integer(default=0, help_text="within half a minute of sending")
    clicks = Integer(default=0)
    first_click_at = Timestamptz(null=True, default=None)
    known_at = Timestamptz(
        default=TimestamptzNow(), help_text="first read then: a model of before knows nothing of it"
    )
    click_known_at = Timestamptz(null=True, default=None, help_text="when the click was first read")

    newsletter_signal_contact_campaign_unique = Unique([contact, campaign])
