"""Which doubts about answers of the open link staff have decided to overlook, survey by survey."""

from piccolo.columns import BigSerial, ForeignKey, Timestamptz, Varchar
from piccolo.columns.base import OnDelete
from piccolo.columns.defaults import TimestamptzNow
from piccolo.constraints import Unique
from piccolo.table import Table

from survey_service.db.tables.staff import Staff
from survey_service.db.tables.survey import Survey


class CountedFlag(Table):
    """Answers of a survey that were flagged for this reason are counted all the same."""

    id = BigSerial(primary_key=True)
    survey = ForeignKey(Survey, on_delete=OnDelete.restrict, null=False)
    reason = Varchar(length=20)
    staff = ForeignKey(Staff, on_delete=OnDelete.restrict, null=False)
    at = Timestamptz(default=TimestamptzNow())

    counted_flag_survey_reason_unique = Unique([survey, reason])
