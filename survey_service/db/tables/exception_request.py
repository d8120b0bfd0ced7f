"""Requests for more invitations than a department's share, until somebody else decides."""

from piccolo.columns import BigSerial, Date, ForeignKey, Integer, Timestamptz, Varchar
from piccolo.columns.base import OnDelete
from piccolo.columns.defaults import TimestamptzNow
from piccolo.table import Table

from survey_service.db.tables.budget import BudgetException
from survey_service.db.tables.department import Department
from survey_service.db.tables.staff import Staff


class ExceptionRequest(Table):
    """One request. Granted, it names the exception; the two people differ (a rule of the table)."""

    id = BigSerial(primary_key=True)
    department = ForeignKey(Department, on_delete=OnDelete.restrict, null=False, index=True)
    invitations = Integer()
    reason = Varchar(length=400)
    ends_on = Date()
    state = Varchar(length=20, default="waiting", help_text="waiting, granted, refused or withdrawn")
    requested_by = ForeignKey(Staff, on_delete=OnDelete.restrict, null=False)
    requested_at = Timestamptz(default=TimestamptzNow())
    decided_by = ForeignKey(Staff, on_delete=OnDelete.restrict, null=True, default=None)
    decided_at = Timestamptz(null=True, default=None)
    budget_exception = ForeignKey(
        BudgetException, on_delete=OnDelete.restrict, null=True, default=None, unique=True
    )
