"""Free text that may tell of danger: what waits to be looked through, what was found, who reads it."""

from piccolo.columns import BigInt, BigSerial, Bytea, ForeignKey, Text, Timestamptz, Varchar
from piccolo.columns.base import OnDelete
from piccolo.columns.defaults import TimestamptzNow
from piccolo.constraints import Unique
from piccolo.table import Table

from survey_service.db.tables.department import Department
from survey_service.db.tables.invitation import Invitation
from survey_service.db.tables.response import Response
from survey_service.db.tables.staff import Staff
from survey_service.db.tables.survey import Survey


class TextToScan(Table):
    """A response, or a copy of a begun form, whose text was written or changed and not looked through since.

    Triggers write it and know that what they name is there; rows are gone within a minute.

    One may stand here twice: whoever writes an answer never waits for whoever looks through it.
    """

    id = BigSerial(primary_key=True)
    response = ForeignKey(Response, on_delete=OnDelete.restrict, null=True, default=None)
    begun_form = BigInt(null=True, default=None, help_text="a copy that was begun, instead of a response")
    at = Timestamptz(default=TimestamptzNow())


class DangerNotice(Table):
    """One answer to be read by an officer. The text stays where it is, in the answer alone; only that of an
    anonymous survey is kept here, sealed, as nothing leads from here to the answer."""

    id = BigSerial(primary_key=True)
    response = ForeignKey(Response, on_delete=OnDelete.restrict, null=True, default=None)
    begun_form = BigInt(
        null=True, default=None, help_text="the copy it was found in before it was sent; may be gone"
    )
    invitation = ForeignKey(
        Invitation, on_delete=OnDelete.restrict, null=True, default=None, index=True, help_text="of that copy"
    )
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
    danger_notice_begun_form_question_unique = Unique([begun_form, question])


class RuleScan(Table):
    """A version of the rule, and how far older texts have been put on the list again since it came."""

    id = BigSerial(primary_key=True)
    rule_version = Varchar(length=20, unique=True)
    since = Timestamptz(default=None, help_text="texts sent before this are not looked through again")
    through = BigInt(default=0, help_text="the last response put on the list")
    started_at = Timestamptz(default=TimestamptzNow())
    finished_at = Timestamptz(null=True, default=None)


class SafeguardingOfficer(Table):
    """Who reads the notices of a department, named by an administrator."""

    id = BigSerial(primary_key=True)
    department = ForeignKey(Department, on_delete=OnDelete.restrict, null=False)
    staff = ForeignKey(Staff, on_delete=OnDelete.restrict, null=False, index=True)
    named_by = ForeignKey(Staff, on_delete=OnDelete.restrict, null=True, default=None)
    at = Timestamptz(default=TimestamptzNow())

    safeguarding_officer_department_staff_unique = Unique([department, staff])
