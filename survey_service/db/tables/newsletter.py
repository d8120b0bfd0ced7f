"""The newsletter: the days of its issues, around which nothing else is sent, and the campaigns behind."""

from piccolo.columns import BigSerial, Boolean, Date, ForeignKey, Integer, SmallInt, Timestamptz, Varchar
from piccolo.columns.base import OnDelete
from piccolo.constraints import Unique
from piccolo.table import Table

from survey_service.db.tables.newsletter_connection import NewsletterConnection


class NewsletterIssue(Table):
    """One issue, past or planned."""

    id = BigSerial(primary_key=True)
    sent_on = Date(unique=True)
    source = Varchar(length=20, default="staff", help_text="staff, mailchimp")


class NewsletterCampaign(Table):
    """One campaign to the list, as Mailchimp's calendar has it."""

    id = BigSerial(primary_key=True)
    connection = ForeignKey(NewsletterConnection, on_delete=OnDelete.restrict, null=False)
    campaign = Varchar(length=40)
    title = Varchar(length=200, default="")
    subject = Varchar(length=200, default="")
    status = Varchar(length=20, default="save")
    send_at = Timestamptz(null=True, default=None)
    emails_sent = Integer(default=0)
    archive_url = Varchar(length=300, default="")
    is_counted = Boolean(default=False, help_text="in the ledger, for everybody who got it")
    activity_rounds = SmallInt(default=0, help_text="how often opens and clicks were read")

    newsletter_campaign_connection_campaign_unique = Unique([connection, campaign])
