"""The audit log: append-only (a trigger holds it)."""

from piccolo.columns import JSONB, BigSerial, ForeignKey, Timestamptz, Varchar
from piccolo.columns.base import OnDelete
from piccolo.columns.defaults import TimestamptzNow
from piccolo.table import Table

from survey_service.db.tables.staff import Staff


class AuditEvent(Table):
    """Who did or saw what; `staff` is empty for the command line."""

    id = BigSerial(primary_key=True)
    at = Timestamptz(default=TimestamptzNow(), index=True)
    staff = ForeignKey(Staff, on_delete=OnDelete.restrict, null=True, default=None, index=True)
    action = Varchar(length=60)
    object_kind = Varchar(length=40)
    object_id = Varchar(length=80)
    detail = JSONB(default="{}")
