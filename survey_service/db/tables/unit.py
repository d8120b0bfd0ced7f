"""Units hold the ticket; contacts are the people in them."""

from piccolo.columns import (
    JSONB,
    UUID,
    BigSerial,
    Boolean,
    Bytea,
    Date,
    DoublePrecision,
    ForeignKey,
    SmallInt,
    Timestamptz,
    Varchar,
)
from piccolo.columns.base import OnDelete
from piccolo.columns.defaults import TimestamptzNow
from piccolo.columns.defaults.uuid import UUID4
from piccolo.constraints import Unique
from piccolo.table import Table

from survey_service.db.tables.cell import Cell


class Unit(Table):
    """A household, a business, or a person alone: what the rotation draws."""

    id = BigSerial(primary_key=True)
    reference = Varchar(length=80, unique=True)
    kind = Varchar(length=20, default="person")
    cell = ForeignKey(Cell, on_delete=OnDelete.restrict, null=False, index=True)
    prn = DoublePrecision(help_text="permanent random number, U(0,1), given once")
    ticket = DoublePrecision(help_text="place in the queue")
    inner_clock = DoublePrecision(default=0.0, help_text="largest inner ticket taken so far")
    is_active = Boolean(default=True)
    last_invited_on = Date(null=True, default=None, help_text="day of the last invitation, any survey")
    promised_from = Date(
        null=True, default=None, help_text="first day anybody of it may be asked again, as was promised"
    )
    joined_at = Timestamptz(default=TimestamptzNow())


class Contact(Table):
    """A person in the register, without anything that names them."""

    id = BigSerial(primary_key=True)
    unit = ForeignKey(Unit, on_delete=OnDelete.restrict, null=False, index=True)
    reference = Varchar(length=80, unique=True)
    pseudonym = UUID(default=UUID4(), unique=True, help_text="the name the ledger knows; unlinked by erasure")
    prn = DoublePrecision(help_text="inner permanent random number")
    inner_ticket = DoublePrecision(help_text="place in the queue inside the unit")
    language = Varchar(length=20)
    channel = Varchar(length=20)
    chose_language = Boolean(default=False, help_text="by the person: no file changes it")
    chose_channel = Boolean(default=False, help_text="by the person: no file changes it")
    attributes = JSONB(default="{}")
    state = Varchar(length=20, default="active")
    last_invited_on = Date(null=True, default=None)
    surveys_a_year = SmallInt(
        null=True, default=None, help_text="chosen by the person, 0 to 4; empty: the default"
    )
    is_in_random_arm = Boolean(default=False, help_text="one of the few whose rests are drawn by lot")
    paused_until = Date(null=True, default=None, help_text="first day after the pause the person asked for")
    topics = JSONB(default="[]", help_text="what the person wants to hear of; never filters a sample")
    own_page_hash = Bytea(null=True, default=None, unique=True, help_text="of the token of the own page")
    has_details = Boolean(default=False, help_text="kept by triggers from contact_detail, as the next two")
    has_email = Boolean(default=False)
    has_mobile = Boolean(default=False)
    consents_to_surveys = Boolean(default=False, help_text="kept by a trigger from consent")
    joined_at = Timestamptz(default=TimestamptzNow())


class ContactDetail(Table):
    """What names a person; the row goes at erasure, the contact's statistics stay."""

    id = BigSerial(primary_key=True)
    contact = ForeignKey(Contact, on_delete=OnDelete.restrict, null=False, unique=True)
    name = Varchar(length=200, default="")
    email = Varchar(length=254, null=True, default=None)
    email_key = Varchar(
        length=254, null=True, default=None, unique=True, help_text="folded, for de-duplication"
    )
    email_changed_at = Timestamptz(
        null=True,
        default=None,
        help_text="by a trigger: a return may be of the old one",
    )
    email_failed_at = Timestamptz(
        null=True, default=None, help_text="a mail came back for good; another address empties it"
    )
    email_failed_for = Varchar(length=20, null=True, default=None, help_text="status of the return: 5.1.1")
    mobile = Varchar(length=32, null=True, default=None)
    mobile_failed_at = Timestamptz(
        null=True, default=None, help_text="the number takes no messages; another one empties it"
    )
    organisation = Varchar(length=200, default="")


class Consent(Table):
    """Consent for one purpose, with where and when it was given or withdrawn."""

    id = BigSerial(primary_key=True)
    contact = ForeignKey(Contact, on_delete=OnDelete.restrict, null=False)
    purpose = Varchar(length=40)
    is_granted = Boolean(default=False)
    source = Varchar(length=200)
    at = Timestamptz(default=None)

    consent_contact_purpose_unique = Unique([contact, purpose])


class Suppression(Table):
    """Keyed hash of an address that must never be taken in again."""

    id = BigSerial(primary_key=True)
    address_hash = Bytea(unique=True)
    reason = Varchar(length=40)
    at = Timestamptz(default=TimestamptzNow())
