"""Questionnaires being written: each edit kept whole, so that any of them can be gone back to."""

from piccolo.columns import JSONB, BigSerial, ForeignKey, Integer, Timestamptz, Varchar
from piccolo.columns.base import OnDelete
from piccolo.columns.defaults import TimestamptzNow
from piccolo.constraints import Unique
from piccolo.table import Table

from survey_service.db.tables.staff import Staff
from survey_service.db.tables.survey import Survey


class DraftEdit(Table):
    """The questionnaire of a survey after one edit; the newest is the draft."""

    id = BigSerial(primary_key=True)
    survey = ForeignKey(Survey, on_delete=OnDelete.restrict, null=False)
    number = Integer()
    definition = JSONB(help_text="domain.drafts.Draft as JSON")
    change = Varchar(length=40, help_text="what was done, in one word")
    subject = Varchar(length=200, default="", help_text="what it was done to")
    restores = Integer(null=True, default=None, help_text="number of the edit that was gone back to")
    staff = ForeignKey(
        Staff, on_delete=OnDelete.restrict, null=True, default=None, help_text="empty: command line"
    )
    made_at = Timestamptz(default=TimestamptzNow())

    draft_edit_survey_number_unique = Unique([survey, number])
