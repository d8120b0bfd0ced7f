"""The connection to the newsletter's list at Mailchimp, what it ran, and what it raises an alarm about."""

from piccolo.columns import (
    JSONB,
    BigInt,
    BigSerial,
    Boolean,
    Bytea,
    ForeignKey,
    Integer,
    Timestamptz,
    Varchar,
)
from piccolo.columns.base import OnDelete
from piccolo.columns.defaults import TimestamptzNow
from piccolo.table import Table


class NewsletterConnection(Table):
    """One list of one account. Key and secrets are sealed (`integrations/sealing.py`)."""

    id = BigSerial(primary_key=True)
    list_id = Varchar(length=40, unique=True)
    list_name = Varchar(length=200, default="")
    api_base = Varchar(length=200, default="")
    sealed_key = Bytea(null=True, default=None)
    merge_tag = Varchar(length=10, default="SURVEYURL")
    has_double_optin = Boolean(default=False)
    path_hash = Bytea(null=True, default=None, unique=True, help_text="of the secret in the webhook's path")
    sealed_path = Bytea(null=True, default=None)
    sealed_signing = Bytea(null=True, default=None)
    hook = Varchar(length=40, null=True, default=None)
    hook_state = Varchar(length=20, default="none", help_text="none, live, missing")
    hook_checked_at = Timestamptz(null=True, default=None)
    field_segment = BigInt(null=True, default=None, help_text="of everybody whose field is not blank")
    state = Varchar(length=20, default="ok", help_text="ok, unauthorised, paused, misconfigured")
    state_reason = Varchar(length=300, default="")
    mapping = JSONB(default="{}", help_text="domain.newsletter_mapping.Mapping")
    offered = JSONB(default="{}", help_text="services.newsletter.offered_fields.Offered, as last seen")
    offered_at = Timestamptz(null=True, default=None)
    cursor = Varchar(length=40, null=True, default=None, help_text="their last_changed, never our clock")
    synced_at = Timestamptz(null=True, default=None)
    compared_at = Timestamptz(null=True, default=None)
    created_at = Timestamptz(default=TimestamptzNow())


class NewsletterRun(Table):
    """One pull of members; its place is saved with each page, so that a killed one goes on."""

    id = BigSerial(primary_key=True)
    connection = ForeignKey(NewsletterConnection, on_delete=OnDelete.restrict, null=False, index=True)
    kind = Varchar(length=20, help_text="full, increment")
    since = Varchar(length=40, null=True, default=None)
    page_offset = Integer(default=0)
    pages = Integer(default=0)
    seen = Integer(default=0)
    changed = Integer(default=0)
    vanished = Integer(default=0)
    started_at = Timestamptz(default=TimestamptzNow())
    ended_at = Timestamptz(null=True, default=None)
    error = Varchar(length=300, default="")


class NewsletterAlarm(Table):
    """Something somebody must look at; at most one of a kind is open."""

    id = BigSerial(primary_key=True)
    connection = ForeignKey(NewsletterConnection, on_delete=OnDelete.restrict, null=False, index=True)
    kind = Varchar(length=40)
    message = Varchar(length=300)
    times = Integer(default=1)
    first_at = Timestamptz(default=TimestamptzNow())
    last_at = Timestamptz(default=TimestamptzNow())
    ended_at = Timestamptz(null=True, default=None)


class NewsletterEvent(Table):
    """One event a webhook brought: stored first, worked on later, raw text gone after thirty days."""

    id = BigSerial(primary_key=True)
    connection = ForeignKey(NewsletterConnection, on_delete=OnDelete.restrict, null=False)
    key = Bytea(unique=True, help_text="events have no id: a hash of what they say")
    kind = Varchar(length=20)
    body = Bytea(null=True, default=None)
    state = Varchar(length=20, default="new", help_text="new, done, ignored, failed")
    tries = Integer(default=0)
    next_try_at = Timestamptz(default=TimestamptzNow())
    error = Varchar(length=200, default="")
    fired_at = Timestamptz(null=True, default=None)
    received_at = Timestamptz(default=TimestamptzNow(), index=True)
