"""The outbox: what is to leave the house, each row with the receipt that allowed it."""

from piccolo.columns import BigSerial, ForeignKey, Timestamptz, Varchar
from piccolo.columns.base import OnDelete
from piccolo.columns.defaults import TimestamptzNow
from piccolo.table import Table

from survey_service.db.tables.invitation import Invitation, Receipt
from survey_service.db.tables.unit import Contact


class Message(Table):
    """One message to one person over one channel. A sending integration takes its work from here alone."""

    id = BigSerial(primary_key=True)
    receipt = ForeignKey(Receipt, on_delete=OnDelete.restrict, null=False, unique=True)
    contact = ForeignKey(Contact, on_delete=OnDelete.restrict, null=False, index=True)
    invitation = ForeignKey(Invitation, on_delete=OnDelete.restrict, null=True, default=None, index=True)
    kind = Varchar(length=20, help_text="as its receipt")
    channel = Varchar(length=20)
    state = Varchar(length=20, default="queued", help_text="queued, sent, failed, cancelled")
    queued_at = Timestamptz(default=TimestamptzNow())
    sent_at = Timestamptz(null=True, default=None)
