"""How people found a survey: one of two questions after it, in turn."""

from piccolo.columns import BigSerial, ForeignKey, SmallInt, Timestamptz, Varchar
from piccolo.columns.base import OnDelete
from piccolo.columns.defaults import TimestamptzNow
from piccolo.table import Table

from survey_service.db.tables.response import Response


class Experience(Table):
    """One person's word about one survey."""

    id = BigSerial(primary_key=True)
    response = ForeignKey(Response, on_delete=OnDelete.restrict, null=False, unique=True)
    item = Varchar(length=20, help_text="burden or enjoyment")
    score = SmallInt(help_text="1 to 5")
    at = Timestamptz(default=TimestamptzNow())
