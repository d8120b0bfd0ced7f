"""The members of the newsletter's list as last seen, and those who must never be taken in again."""

from piccolo.columns import (
    JSONB,
    BigInt,
    BigSerial,
    Boolean,
    Bytea,
    ForeignKey,
    SmallInt,
    Timestamptz,
    Varchar,
)
from piccolo.columns.base import OnDelete
from piccolo.columns.defaults import TimestamptzNow
from piccolo.constraints import Unique
from piccolo.table import Table

from survey_service.db.tables.newsletter_connection import NewsletterConnection
from survey_service.db.tables.unit import Contact


class NewsletterMember(Table):
    """One member. Mailchimp owns all of it; of the merge fields only those on the list are kept."""

    id = BigSerial(primary_key=True)
    connection = ForeignKey(NewsletterConnection, on_delete=OnDelete.restrict, null=False)
    contact = ForeignKey(Contact, on_delete=OnDelete.restrict, null=True, default=None, index=True)
    email = Varchar(length=254, default="")
    email_key = Varchar(length=254, default="", index=True, help_text="folded as in the register")
    md5 = Varchar(length=32)
    unique_email_id = Varchar(length=20, default="", index=True, help_text="changes with the address")
    mailchimp_id = Varchar(length=40, default="", index=True, help_text="their contact_id; stays")
    web_id = BigInt(default=0, help_text="number in their own pages")
    status = Varchar(length=20)
    status_at = Timestamptz(null=True, default=None)
    status_source = Varchar(length=20, default="pull", help_text="pull, event, read")
    language = Varchar(length=20, default="")
    merge_fields = JSONB(default="{}")
    interests = JSONB(default="[]", help_text="ids of those that are ticked")
    permissions = JSONB(default="[]", help_text="ids of those that are given")
    rating = SmallInt(default=0)
    opted_at = Timestamptz(null=True, default=None)
    last_changed = Timestamptz(null=True, default=None)
    seen_run = BigInt(null=True, default=None)
    is_fresh = Boolean(default=True, help_text="to be brought into the register")
    suppressed_at = Timestamptz(null=True, default=None)
    suppressed_for = Varchar(length=20, null=True, default=None)
    refused_for = Varchar(length=200, default="", help_text="why the register did not take what it says")

    newsletter_member_connection_md5_unique = Unique([connection, md5])


class NewsletterTombstone(Table):
    """Keyed hash of an address that is gone: nothing of it comes back by a pull."""

    id = BigSerial(primary_key=True)
    connection = ForeignKey(NewsletterConnection, on_delete=OnDelete.restrict, null=False)
    address_hash = Bytea()
    reason = Varchar(length=20, help_text="gone, erased, abuse")
    at = Timestamptz(default=TimestamptzNow())

    newsletter_tombstone_connection_hash_unique = Unique([connection, address_hash])
