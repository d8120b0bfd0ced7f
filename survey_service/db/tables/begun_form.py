"""Answers on their way: what was typed so far, kept page by page, and the codes that prove an address."""

from piccolo.columns import JSONB, BigSerial, Bytea, ForeignKey, SmallInt, Timestamptz, Varchar
from piccolo.columns.base import OnDelete
from piccolo.columns.defaults import TimestamptzNow
from piccolo.table import Table

from survey_service.db.tables.invitation import Invitation


class BegunForm(Table):
    """One copy of a form that was begun under a personal link. Gone once the form is sent or given up."""

    id = BigSerial(primary_key=True)
    invitation = ForeignKey(Invitation, on_delete=OnDelete.restrict, null=False, index=True)
    key_hash = Bytea(unique=True, help_text="of the resume key: whoever has it sees what was typed")
    language = Varchar(length=20)
    page = SmallInt(help_text="the page to go on with, from 1")
    privacy_notice_version = Varchar(length=20)
    submission = JSONB(help_text="every field so far, as it was posted")
    started_at = Timestamptz(default=TimestamptzNow())
    updated_at = Timestamptz(default=TimestamptzNow())


class OneTimeCode(Table):
    """A code sent to a person's own address. It opens what was typed under one invitation, once."""

    id = BigSerial(primary_key=True)
    invitation = ForeignKey(Invitation, on_delete=OnDelete.restrict, null=False, index=True)
    code_hash = Bytea(help_text="keyed")
    attempts = SmallInt(default=0, help_text="wrong ones")
    created_at = Timestamptz(default=TimestamptzNow())
    expires_at = Timestamptz(default=None)
    used_at = Timestamptz(null=True, default=None)
