"""Tablets at events: a link of its own for each, with which anybody who comes by answers a survey."""

from piccolo.columns import BigSerial, Bytea, Date, ForeignKey, Timestamptz, Varchar
from piccolo.columns.base import OnDelete
from piccolo.columns.defaults import TimestamptzNow
from piccolo.table import Table

from survey_service.db.tables.staff import Staff
from survey_service.db.tables.survey import Survey


class Tablet(Table):
    """One tablet started for one event; its link is known only by its hash."""

    id = BigSerial(primary_key=True)
    survey = ForeignKey(Survey, on_delete=OnDelete.restrict, null=False, index=True)
    event = Varchar(length=80, help_text="what staff call the event")
    place = Varchar(length=80, default="", help_text="where the event is, for staff")
    event_on = Date(null=True, default=None, help_text="the day of the event")
    token_hash = Bytea(unique=True)
    started_by = ForeignKey(Staff, on_delete=OnDelete.restrict, null=False)
    started_at = Timestamptz(default=TimestamptzNow())
    expires_at = Timestamptz(default=None, help_text="the form is shown until then")
    revoked_at = Timestamptz(null=True, default=None, help_text="nothing is taken from it since")
