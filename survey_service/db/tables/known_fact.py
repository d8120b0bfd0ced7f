"""Facts that people gave about themselves and allowed to be used again."""

from piccolo.columns import JSONB, BigSerial, Date, ForeignKey, Timestamptz, Varchar
from piccolo.columns.base import OnDelete
from piccolo.columns.defaults import TimestamptzNow
from piccolo.constraints import Unique
from piccolo.table import Table

from survey_service.db.tables.survey import Survey
from survey_service.db.tables.unit import Contact


class KnownFact(Table):
    """One fact about one person. The row is the consent to use it again; withdrawing deletes it."""

    id = BigSerial(primary_key=True)
    contact = ForeignKey(Contact, on_delete=OnDelete.restrict, null=False)
    fact = Varchar(length=60)
    question = JSONB(help_text="the question as it was asked, to be shown and corrected on the own page")
    answer = JSONB(help_text="domain.answers.Answer as JSON")
    survey = ForeignKey(Survey, on_delete=OnDelete.restrict, null=False, index=True)
    given_at = Timestamptz(default=TimestamptzNow())
    valid_until = Date(help_text="the last day it is used; then it is asked again")

    known_fact_contact_fact_unique = Unique([contact, fact])
