"""The bank of questions of all departments, and what was decided where a draft repeats one."""

from piccolo.columns import JSONB, BigSerial, ForeignKey, Integer, Text, Timestamptz, Varchar
from piccolo.columns.base import OnDelete
from piccolo.columns.defaults import TimestamptzNow
from piccolo.constraints import Unique
from piccolo.table import Table

from survey_service.db.tables.department import Department
from survey_service.db.tables.staff import Staff
from survey_service.db.tables.survey import Survey


class BankQuestion(Table):
    """What is measured (a concept), in the words that all departments use for it."""

    id = BigSerial(primary_key=True)
    concept = Varchar(length=60, unique=True)
    question = JSONB(help_text="domain.questionnaire.Question as JSON")
    validity_days = Integer(default=365, help_text="how long an answer to it is as good as a new one")
    department = ForeignKey(Department, on_delete=OnDelete.restrict, null=False, index=True)
    created_at = Timestamptz(default=TimestamptzNow())


class RepeatDecision(Table):
    """Why a draft asks again what another survey asked the same people, or that it uses that result."""

    id = BigSerial(primary_key=True)
    survey = ForeignKey(Survey, on_delete=OnDelete.restrict, null=False)
    question = Varchar(length=60)
    other_survey = ForeignKey(Survey, on_delete=OnDelete.restrict, null=False, index=True)
    other_question = Varchar(length=60)
    decision = Varchar(length=10, help_text="ask or reuse")
    reason = Text(default="", help_text="why it is asked again")
    staff = ForeignKey(Staff, on_delete=OnDelete.restrict, null=True, default=None, index=True)
    at = Timestamptz(default=TimestamptzNow())

    repeat_decision_pair_unique = Unique([survey, question, other_survey, other_question])
