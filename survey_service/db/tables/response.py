"""Responses: the raw submission kept whole, and one row per answer for what is counted."""

from piccolo.columns import (
    JSONB,
    BigSerial,
    Bytea,
    Date,
    DoublePrecision,
    ForeignKey,
    Integer,
    Text,
    Timestamptz,
    Varchar,
)
from piccolo.columns.base import OnDelete
from piccolo.columns.defaults import TimestamptzNow
from piccolo.constraints import Unique
from piccolo.table import Table

from survey_service.db.tables.draw import Draw
from survey_service.db.tables.invitation import Invitation
from survey_service.db.tables.staff import Staff
from survey_service.db.tables.survey import Form, QuestionnaireVersion, Stratum, Survey
from survey_service.db.tables.tablet import Tablet


class Response(Table):
    """One submitted form. `invitation` is empty for the open link, which is never pooled with the sample, and
    in an anonymous survey, whose answers of the sample have a `weight` instead."""

    id = BigSerial(primary_key=True)
    survey = ForeignKey(Survey, on_delete=OnDelete.restrict, null=False, index=True)
    questionnaire_version = ForeignKey(QuestionnaireVersion, on_delete=OnDelete.restrict, null=False)
    form = ForeignKey(Form, on_delete=OnDelete.restrict, null=False)
    origin = Varchar(length=10, help_text="sample or open")
    invitation = ForeignKey(Invitation, on_delete=OnDelete.restrict, null=True, default=None, unique=True)
    submission_hash = Bytea(
        null=True,
        default=None,
        unique=True,
        help_text="of an open form's page, so a double click counts once",
    )
    channel = Varchar(length=40, null=True, default=None)
    language = Varchar(length=20)
    disposition = Varchar(length=20, help_text="complete, partial or break_off (AAPOR)")
    privacy_notice_version = Varchar(length=20)
    active_seconds = Integer(null=True, default=None, help_text="measured by the page's script")
    charged_seconds = Integer(
        null=True, default=None, help_text="what the ledger was charged; empty: nobody known"
    )
    submission = JSONB(help_text="the form as it was posted, kept whole")
    flags = Varchar(
        length=80, default="", help_text="doubts about an open answer (domain/flood.py), separated by spaces"
    )
    submitted_at = Timestamptz(default=TimestamptzNow())
    resume_hash = Bytea(null=True, default=None, help_text="of the key that lets the same device change it")
    changed_at = Timestamptz(null=True, default=None, help_text="when the person last changed an answer")
    mode = Varchar(length=10, default="web", help_text="web, tablet, paper, interview or phone")
    entered_by = ForeignKey(
        Staff, on_delete=OnDelete.restrict, null=True, default=None, help_text="who typed it in"
    )
    tablet = ForeignKey(Tablet, on_delete=OnDelete.restrict, null=True, default=None)
    received_on = Date(null=True, default=None, help_text="the day a form typed in by staff was received")
    # Instead of an invitation, in an anonymous survey: what estimates need, and nothing else of the person.
    draw = ForeignKey(Draw, on_delete=OnDelete.restrict, null=True, default=None)
    stratum = ForeignKey(
        Stratum, on_delete=OnDelete.restrict, null=True, default=None, help_text="empty: too few answered"
    )
    weight = DoublePrecision(null=True, default=None, help_text="of the design, or the mean of ten or more")


class Answer(Table):
    """One answer, or one chosen option of a multiple choice."""

    id = BigSerial(primary_key=True)
    # Found by the unique index, which begins with it.
    response = ForeignKey(Response, on_delete=OnDelete.restrict, null=False)
    question = Varchar(length=80)
    option = Varchar(length=80, null=True, default=None)
    text_value = Text(null=True, default=None)
    number_value = DoublePrecision(null=True, default=None)

    answer_response_question_option_unique = Unique([response, question, option], nulls_distinct=False)
