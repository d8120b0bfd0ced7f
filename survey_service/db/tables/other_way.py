"""Other ways to answer that the customer offers: for everything, or for one survey."""

from piccolo.columns import BigSerial, ForeignKey, Varchar
from piccolo.columns.base import OnDelete
from piccolo.constraints import Unique
from piccolo.table import Table

from survey_service.db.tables.survey import Survey


class OtherWay(Table):
    """One way; `survey` is empty for what holds wherever a survey says nothing else."""

    id = BigSerial(primary_key=True)
    survey = ForeignKey(Survey, on_delete=OnDelete.restrict, null=True, default=None)
    kind = Varchar(length=20, help_text="phone, easy_read, bsl, interpreter")
    value = Varchar(length=300, help_text="a number or an https address; empty: not offered here")

    other_way_survey_kind_unique = Unique([survey, kind], nulls_distinct=False)
