"""How a wave is worked: what it is to reach, and who is not reminded so that one knows what reminders do."""

from piccolo.columns import (
    JSONB,
    BigSerial,
    Boolean,
    DoublePrecision,
    ForeignKey,
    Integer,
    SmallInt,
    Timestamptz,
    Varchar,
)
from piccolo.columns.base import OnDelete
from piccolo.columns.defaults import TimestamptzNow
from piccolo.constraints import Unique
from piccolo.table import Table

from survey_service.db.tables.draw import Wave
from survey_service.db.tables.invitation import Invitation
from survey_service.db.tables.staff import Staff


class Fieldwork(Table):
    """The fieldwork of one wave, which the worker carries on by itself until it is over."""

    id = BigSerial(primary_key=True)
    wave = ForeignKey(Wave, on_delete=OnDelete.restrict, null=False, unique=True)
    margin = DoublePrecision(help_text="of each reported group, as a share")
    confidence = DoublePrecision(default=0.95)
    groups = JSONB(help_text="names of the strata of each reported group")
    days_between = Integer(help_text="between two replicates, and before a reminder")
    state = Varchar(length=20, default="running", help_text="running, enough (all reached), ended")
    started_by = ForeignKey(Staff, on_delete=OnDelete.restrict, null=True, default=None, index=True)
    started_at = Timestamptz(default=TimestamptzNow())
    ended_at = Timestamptz(null=True, default=None)


class ReminderChoice(Table):
    """Whether somebody who had not answered is reminded, or held out by lot."""

    id = BigSerial(primary_key=True)
    invitation = ForeignKey(Invitation, on_delete=OnDelete.restrict, null=False)
    number = SmallInt(help_text="first or second reminder")
    is_held_out = Boolean(default=False)
    is_sent = Boolean(default=False)
    decided_at = Timestamptz(default=TimestamptzNow())

    reminder_choice_invitation_number_unique = Unique([invitation, number])
