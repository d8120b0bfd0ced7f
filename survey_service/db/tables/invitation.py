"""Receipts, invitations and the ledger of burden."""

from piccolo.columns import UUID, BigSerial, Bytea, ForeignKey, Integer, SmallInt, Timestamptz, Varchar
from piccolo.columns.base import OnDelete
from piccolo.columns.defaults import TimestamptzNow
from piccolo.constraints import Unique
from piccolo.table import Table

from survey_service.db.tables.draw import DrawMember, Wave
from survey_service.db.tables.newcomer import Newcomer
from survey_service.db.tables.survey import Form, Survey
from survey_service.db.tables.unit import Contact


class Receipt(Table):
    """The record that the contact gate allowed one message. Nothing is sent without one."""

    id = BigSerial(primary_key=True)
    contact = ForeignKey(Contact, on_delete=OnDelete.restrict, null=True, default=None, index=True)
    newcomer = ForeignKey(
        Newcomer, on_delete=OnDelete.restrict, null=True, default=None, index=True,
        help_text="instead of a contact, for service messages",
    )  # fmt: skip
    kind = Varchar(length=20, help_text="invitation, reminder, newsletter, keep_warm, outcome, service")
    survey = ForeignKey(Survey, on_delete=OnDelete.restrict, null=True, default=None, index=True)
    at = Timestamptz(default=TimestamptzNow())


class Invitation(Table):
    """One invitation to one person for one wave; the link is known only by its hash."""

    id = BigSerial(primary_key=True)
    wave = ForeignKey(Wave, on_delete=OnDelete.restrict, null=False)
    contact = ForeignKey(Contact, on_delete=OnDelete.restrict, null=False, index=True)
    draw_member = ForeignKey(DrawMember, on_delete=OnDelete.restrict, null=False, unique=True)
    form = ForeignKey(Form, on_delete=OnDelete.restrict, null=False)
    receipt = ForeignKey(
        Receipt, on_delete=OnDelete.restrict, null=True, default=None, unique=True,
        help_text="empty while only reserved",
    )  # fmt: skip
    token_hash = Bytea(unique=True)
    key_version = SmallInt(default=1)
    language = Varchar(length=20)
    state = Varchar(length=20, default="sent")
    reserved_at = Timestamptz(default=TimestamptzNow())
    sent_at = Timestamptz(null=True, default=None)
    cancelled_at = Timestamptz(null=True, default=None)
    cancelled_for = Varchar(
        length=20, null=True, default=None, help_text="the gate's reason, or who cancelled: staff, person"
    )
    expires_at = Timestamptz(default=None)
    answered_at = Timestamptz(null=True, default=None)
    undelivered_at = Timestamptz(null=True, default=None, help_text="it came back: the address takes no mail")

    invitation_wave_contact_unique = Unique([wave, contact])


class LedgerEvent(Table):
    """One contact event and the seconds it asked of a person. Append-only (a trigger holds it)."""

    id = BigSerial(primary_key=True)
    pseudonym = UUID(help_text="of the contact; outlives erasure")
    kind = Varchar(length=20, help_text="invitation, reminder, newsletter, answer, ...")
    seconds = Integer(default=0, help_text="charged to the person")
    planned_seconds = Integer(default=0, help_text="of the form, counted against the cap when sent")
    survey_slug = Varchar(length=60, help_text="kept as a word: deleting a survey lowers nobody's burden")
    receipt = ForeignKey(Receipt, on_delete=OnDelete.restrict, null=True, default=None, index=True)
    at = Timestamptz(default=TimestamptzNow(), index=True)
