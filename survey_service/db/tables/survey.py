"""Surveys, versions of their questionnaire, the forms served, and their strata."""

from piccolo.columns import (
    JSONB,
    BigSerial,
    Boolean,
    Bytea,
    DoublePrecision,
    ForeignKey,
    Integer,
    Timestamptz,
    Varchar,
)
from piccolo.columns.base import OnDelete
from piccolo.columns.defaults import TimestamptzNow
from piccolo.constraints import Unique
from piccolo.table import Table

from survey_service.db.tables.cell import Cell
from survey_service.db.tables.department import Department


class Survey(Table):
    """One survey of one department."""

    id = BigSerial(primary_key=True)
    slug = Varchar(length=60, unique=True, help_text="its name in addresses and on the command line")
    department = ForeignKey(Department, on_delete=OnDelete.restrict, null=False, index=True)
    title = JSONB(help_text="title per language")
    state = Varchar(length=20, default="draft")
    purpose = Varchar(length=40, default="", help_text="for the limits that count by purpose; empty: none")
    has_open_link = Boolean(default=False)
    is_anonymous = Boolean(default=False, help_text="no link is kept from a person to an answer")
    has_own_strata = Boolean(default=False, help_text="set by name; otherwise each audience is a stratum")
    created_at = Timestamptz(default=TimestamptzNow())
    opened_at = Timestamptz(null=True, default=None)
    closed_at = Timestamptz(null=True, default=None)


class QuestionnaireVersion(Table):
    """A questionnaire as it was answered; never changed once used."""

    id = BigSerial(primary_key=True)
    survey = ForeignKey(Survey, on_delete=OnDelete.restrict, null=False, index=True)
    number = Integer()
    definition = JSONB(help_text="domain.questionnaire.Questionnaire as JSON")
    content_hash = Bytea()
    created_at = Timestamptz(default=TimestamptzNow())

    questionnaire_version_survey_number_unique = Unique([survey, number])


class Form(Table):
    """A short set of blocks that one respondent gets."""

    id = BigSerial(primary_key=True)
    questionnaire_version = ForeignKey(
        QuestionnaireVersion, on_delete=OnDelete.restrict, null=False, index=True
    )
    key = Varchar(length=200)
    block_names = JSONB()
    share = DoublePrecision()
    points = Integer()
    planned_seconds = Integer()
    measured_seconds = Integer(
        null=True, default=None, help_text="75th percentile of thirty or more timed completes; told to people"
    )

    form_questionnaire_version_key_unique = Unique([questionnaire_version, key])


class Stratum(Table):
    """A survey's stratum: a union of whole cells."""

    id = BigSerial(primary_key=True)
    survey = ForeignKey(Survey, on_delete=OnDelete.restrict, null=False, index=True)
    name = Varchar(length=200)

    stratum_survey_name_unique = Unique([survey, name])


class StratumCell(Table):
    """Which cells make up a stratum; a cell is in one stratum of a survey."""

    id = BigSerial(primary_key=True)
    survey = ForeignKey(Survey, on_delete=OnDelete.restrict, null=False)
    stratum = ForeignKey(Stratum, on_delete=OnDelete.restrict, null=False, index=True)
    cell = ForeignKey(Cell, on_delete=OnDelete.restrict, null=False, index=True)

    stratum_cell_survey_cell_unique = Unique([survey, cell])
