"""Named limits: how often people may be asked for one purpose, or people of one kind for any."""

from piccolo.columns import BigSerial, ForeignKey, SmallInt, Timestamptz, Varchar
from piccolo.columns.base import OnDelete
from piccolo.columns.defaults import TimestamptzNow
from piccolo.table import Table

from survey_service.db.tables.staff import Staff


class ContactLimit(Table):
    """One limit, kept after its end: draws made under it name it."""

    id = BigSerial(primary_key=True)
    name = Varchar(length=80)
    purpose = Varchar(length=40, default="", help_text="of the surveys it counts; empty: of any")
    attribute = Varchar(length=80, default="", help_text="of the people it protects; empty: everybody")
    value = Varchar(length=200, default="", help_text="of that attribute")
    invitations = SmallInt(help_text="most in the window")
    window_days = SmallInt()
    reason = Varchar(length=400)
    starts_at = Timestamptz(default=TimestamptzNow())
    started_by = ForeignKey(Staff, on_delete=OnDelete.restrict, null=True, default=None)
    ends_at = Timestamptz(null=True, default=None)
    ended_by = ForeignKey(Staff, on_delete=OnDelete.restrict, null=True, default=None)
