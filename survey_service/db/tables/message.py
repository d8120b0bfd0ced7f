"""The outbox: what is to leave the house, each row with the receipt that allowed it."""

from piccolo.columns import JSONB, BigInt, BigSerial, ForeignKey, SmallInt, Timestamptz, Varchar
from piccolo.columns.base import OnDelete
from piccolo.columns.defaults import TimestamptzNow
from piccolo.table import Table

from survey_service.db.tables.invitation import Invitation, Receipt
from survey_service.db.tables.newcomer import Newcomer
from survey_service.db.tables.unit import Contact


class Message(Table):
    """One message to one person over one channel. A sending integration takes its work from here alone."""

    id = BigSerial(primary_key=True)
    receipt = ForeignKey(Receipt, on_delete=OnDelete.restrict, null=False, unique=True)
    contact = ForeignKey(Contact, on_delete=OnDelete.restrict, null=True, default=None, index=True)
    newcomer = ForeignKey(
        Newcomer, on_delete=OnDelete.restrict, null=True, default=None, index=True,
        help_text="instead of a contact",
    )  # fmt: skip
    invitation = ForeignKey(Invitation, on_delete=OnDelete.restrict, null=True, default=None, index=True)
    kind = Varchar(length=20, help_text="as its receipt")
    channel = Varchar(length=20)
    template = Varchar(
        length=40, null=True, default=None, help_text="of templates/mail; empty: the one named as the kind"
    )
    details = JSONB(default="{}", help_text="what the template needs; never a code or token itself")
    state = Varchar(
        length=20, default="queued", help_text="queued, sending, sent, failed, cancelled, uncertain"
    )
    queued_at = Timestamptz(default=TimestamptzNow())
    sent_at = Timestamptz(null=True, default=None)
    expires_at = Timestamptz(null=True, default=None, help_text="pointless afterwards, so not sent")
    attempts = SmallInt(default=0)
    next_attempt_at = Timestamptz(null=True, default=None, help_text="not before, after a failed attempt")
    mail_run = BigInt(null=True, default=None, help_text="the turn of sending that has it in hand")
    mail_id = Varchar(
        length=32, null=True, default=None, unique=True, help_text="random part of its Message-ID"
    )
    problem = Varchar(length=40, null=True, default=None, help_text="why it failed or was cancelled")
    bounced_at = Timestamptz(null=True, default=None, help_text="when its return was read")
