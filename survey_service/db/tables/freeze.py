"""Freezes: times in which nothing may be sent."""

from piccolo.columns import BigSerial, ForeignKey, Timestamptz, Varchar
from piccolo.columns.base import OnDelete
from piccolo.columns.defaults import TimestamptzNow
from piccolo.table import Table

from survey_service.db.tables.staff import Staff


class Freeze(Table, tablename="contact_freeze"):
    """One freeze, of everything, of one kind of message, or of the surveys of one purpose.

    `freeze` alone is a word of SQL's own.
    """

    id = BigSerial(primary_key=True)
    kind = Varchar(length=20, null=True, default=None, help_text="kind of message; empty: all of them")
    purpose = Varchar(length=40, default="", help_text="of surveys; empty: whatever their purpose")
    reason = Varchar(length=200)
    starts_at = Timestamptz(default=TimestamptzNow())
    ends_at = Timestamptz(null=True, default=None)
    started_by = ForeignKey(Staff, on_delete=OnDelete.restrict, null=True, default=None)
    ended_by = ForeignKey(Staff, on_delete=OnDelete.restrict, null=True, default=None)
