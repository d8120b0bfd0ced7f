"""Invitations and reminders that ride inside an issue: the links written into our merge field."""

from piccolo.columns import BigInt, BigSerial, Date, ForeignKey, Integer, Timestamptz, Varchar
from piccolo.columns.base import OnDelete
from piccolo.columns.defaults import TimestamptzNow
from piccolo.table import Table

from survey_service.db.tables.draw import Wave
from survey_service.db.tables.invitation import Invitation, Receipt
from survey_service.db.tables.newsletter_connection import NewsletterConnection
from survey_service.db.tables.newsletter_member import NewsletterMember


class NewsletterRide(Table):
    """A wave's place in one issue: written, verified, ready; then sent, or missed."""

    id = BigSerial(primary_key=True)
    connection = ForeignKey(NewsletterConnection, on_delete=OnDelete.restrict, null=False)
    wave = ForeignKey(Wave, on_delete=OnDelete.restrict, null=False, index=True)
    kind = Varchar(length=20, help_text="invitation, reminder")
    issue_on = Date(help_text="the day of the issue")
    state = Varchar(length=20, default="writing", help_text="writing, ready, sent, missed, stopped")
    segment = BigInt(null=True, default=None)
    problem = Varchar(length=300, default="", help_text="why it is not ready")
    campaign = Varchar(length=40, null=True, default=None, help_text="the issue it went out in")
    made_at = Timestamptz(default=TimestamptzNow())
    ready_at = Timestamptz(null=True, default=None)
    ended_at = Timestamptz(null=True, default=None)


class NewsletterLink(Table):
    """One link in one member's field: the newest wish replaces an older one."""

    id = BigSerial(primary_key=True)
    ride = ForeignKey(NewsletterRide, on_delete=OnDelete.restrict, null=False, index=True)
    member = ForeignKey(NewsletterMember, on_delete=OnDelete.restrict, null=True, default=None, index=True)
    md5 = Varchar(length=32)
    invitation = ForeignKey(Invitation, on_delete=OnDelete.restrict, null=False, index=True)
    receipt = ForeignKey(Receipt, on_delete=OnDelete.restrict, null=False, unique=True)
    state = Varchar(length=20, default="wanted", help_text="wanted, confirmed, clearing, cleared, refused")
    fate = Varchar(length=20, default="open", help_text="open, sent, returned")
    tries = Integer(default=0)
    next_try_at = Timestamptz(default=TimestamptzNow())
    error = Varchar(length=200, default="")
    confirmed_at = Timestamptz(null=True, default=None)
    cleared_at = Timestamptz(null=True, default=None)
