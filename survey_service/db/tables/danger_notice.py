"""Free text that may tell of danger: what waits to be looked through, what was found, who reads it."""

from piccolo.columns import BigSerial, Bytea, ForeignKey, Text, Timestamptz, Varchar
from piccolo.columns.base import OnDelete
from piccolo.columns.defaults import TimestamptzNow
from piccolo.constraints import Unique
from piccolo.table import Table

from survey_service.db.tables.department import Department
from survey_service.db.tables.response import Response
from survey_service.db.tables.staff import Staff
from survey_service.db.tables.survey import Survey


class TextToScan(Table):
    """A response whose free text was written or changed and was not looked through since (by a trigger).

    One may stand here twice: whoever writes an answer never waits for whoever looks through it.
    """

    id = BigSerial(primary_key=True)
    response = ForeignKey(Response, on_delete=OnDelete.restrict, null=False)
    at = Timestamptz(default=TimestamptzNow())


class DangerNotice(Table):
    """One answer to be read by an officer. The text stays where it is, in the answer alone; only that of an
    anonymous survey is kept here, sealed, as nothing leads from here to the answer."""

    id = BigSerial(primary_key=True)
    response = ForeignKey(Response, on_delete=OnDelete.restrict, null=True, default=None)
    sealed_text = Bytea(null=True, default=None)
    question = Varchar(length=80)
    survey = ForeignKey(Survey, on_delete=OnDelete.restrict, null=False, index=True)
    kinds = Varchar(length=120, help_text="what the words may tell of, separated by spaces")
    text_hash = Bytea(help_text="of the text it was found in; another text is another case")
    rule_version = Varchar(length=20)
    state = Varchar(length=20, default="new", help_text="new, seen, acted, not_needed")
    answered_at = Timestamptz(default=None)
    found_at = Timestamptz(default=TimestamptzNow())
    mailed_at = Timestamptz(null=True, default=None)
    seen_at = Timestamptz(null=True, default=None)
    seen_by = ForeignKey(Staff, on_delete=OnDelete.restrict, null=True, default=None)
    decided_at = Timestamptz(null=True, default=None)
    decided_by = ForeignKey(Staff, on_delete=OnDelete.restrict, null=True, default=None)

    identified_at = Timestamptz(null=True, default=None, help_text="when an officer asked who wrote it")
    identified_by = ForeignKey(Staff, on_delete=OnDelete.restrict, null=True, default=None)
    identified_for = Text(null=True, default=None, help_text="the officer's reason")

    danger_notice_response_question_unique = Unique([response, question])


class SafeguardingOfficer(Table):
    """Who reads the notices of a department, named by an administrator."""

    id = BigSerial(primary_key=True)
    department = ForeignKey(Department, on_delete=OnDelete.restrict, null=False)
    staff = ForeignKey(Staff, on_delete=OnDelete.restrict, null=False, index=True)
    named_by = ForeignKey(Staff, on_delete=OnDelete.restrict, null=True, default=None)
    at = Timestamptz(default=TimestamptzNow())

    safeguarding_officer_department_staff_unique = Unique([department, staff])
