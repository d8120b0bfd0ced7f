"""The contact budget: shares of departments, approved plans, and named exceptions."""

from piccolo.columns import (
    JSONB,
    BigSerial,
    Date,
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

from survey_service.db.tables.department import Department
from survey_service.db.tables.draw import Draw
from survey_service.db.tables.staff import Staff
from survey_service.db.tables.survey import Survey


class DepartmentShare(Table):
    """Which part of a year's capacity is a department's."""

    id = BigSerial(primary_key=True)
    department = ForeignKey(Department, on_delete=OnDelete.restrict, null=False, index=True)
    year = SmallInt()
    share = DoublePrecision(help_text="0 to 1")

    department_share_department_year_unique = Unique([department, year])


class Approval(Table):
    """A survey's plan with its price, approved: so much of the year's capacity is kept for it."""

    id = BigSerial(primary_key=True)
    survey = ForeignKey(Survey, on_delete=OnDelete.restrict, null=False, index=True)
    state = Varchar(length=20, default="approved", help_text="approved, spent or withdrawn")
    invitations = Integer(help_text="most that may be sent under it")
    planned_seconds = Integer(help_text="of the longest form, for each invitation")
    plan = JSONB(help_text="per stratum: asked precision, answers, response, invitations")
    approver = Varchar(length=254, help_text="name or address of who approved it")
    approved_by = ForeignKey(Staff, on_delete=OnDelete.restrict, null=True, default=None)
    approved_at = Timestamptz(default=TimestamptzNow())
    draw = ForeignKey(
        Draw, on_delete=OnDelete.restrict, null=True, default=None, unique=True, help_text="that spent it"
    )


class BudgetException(Table):
    """More invitations for a department than its share, by name; never for a person."""

    id = BigSerial(primary_key=True)
    department = ForeignKey(Department, on_delete=OnDelete.restrict, null=False, index=True)
    invitations = Integer()
    reason = Varchar(length=400)
    requested_by = Varchar(length=254)
    approver = Varchar(length=254, help_text="somebody else, by name or address")
    approved_by = ForeignKey(Staff, on_delete=OnDelete.restrict, null=True, default=None)
    at = Timestamptz(default=TimestamptzNow())
    ends_on = Date()
