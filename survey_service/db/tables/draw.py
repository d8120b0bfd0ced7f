"""Waves and draws: what was selected, from which frame, with which probabilities."""

from piccolo.columns import (
    JSONB,
    BigSerial,
    Bytea,
    Date,
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
from survey_service.db.tables.staff import Staff
from survey_service.db.tables.survey import Form, Stratum, Survey
from survey_service.db.tables.unit import Contact, Unit


class Wave(Table):
    """One round of a survey."""

    id = BigSerial(primary_key=True)
    survey = ForeignKey(Survey, on_delete=OnDelete.restrict, null=False, index=True)
    number = Integer()
    created_at = Timestamptz(default=TimestamptzNow())

    wave_survey_number_unique = Unique([survey, number])


class Draw(Table):
    """One selection of contacts for a wave; replays from its seed and its frozen frame."""

    id = BigSerial(primary_key=True)
    wave = ForeignKey(Wave, on_delete=OnDelete.restrict, null=False, unique=True)
    on_day = Date(help_text="the day the draw counts for")
    seed = Varchar(length=200)
    algorithm = Varchar(length=40)
    frame_hash = Bytea()
    frame = Bytea(help_text="the frozen frame, compressed arrays without personal data")
    rules = JSONB()
    staff = ForeignKey(Staff, on_delete=OnDelete.restrict, null=True, default=None)
    created_at = Timestamptz(default=TimestamptzNow())


class DrawStratum(Table):
    """What was asked of and drawn from one stratum."""

    id = BigSerial(primary_key=True)
    draw = ForeignKey(Draw, on_delete=OnDelete.restrict, null=False, index=True)
    stratum = ForeignKey(Stratum, on_delete=OnDelete.restrict, null=False, index=True)
    population = Integer(help_text="N_h, resting members included")
    asked = Integer()
    drawn = Integer()
    shortfall = Integer()

    draw_stratum_draw_stratum_unique = Unique([draw, stratum])


class Replicate(Table):
    """A random part of a draw, released as one."""

    id = BigSerial(primary_key=True)
    draw = ForeignKey(Draw, on_delete=OnDelete.restrict, null=False, index=True)
    number = Integer()
    released_at = Timestamptz(null=True, default=None)

    replicate_draw_number_unique = Unique([draw, number])


class DrawMember(Table):
    """One drawn unit and the member of it who is asked."""

    id = BigSerial(primary_key=True)
    draw = ForeignKey(Draw, on_delete=OnDelete.restrict, null=False)
    position = Integer(help_text="order of selection inside the cell, from 1")
    unit = ForeignKey(Unit, on_delete=OnDelete.restrict, null=False, index=True)
    contact = ForeignKey(Contact, on_delete=OnDelete.restrict, null=False, index=True)
    cell = ForeignKey(Cell, on_delete=OnDelete.restrict, null=False)
    stratum = ForeignKey(Stratum, on_delete=OnDelete.restrict, null=False)
    replicate = ForeignKey(Replicate, on_delete=OnDelete.restrict, null=False, index=True)
    form = ForeignKey(Form, on_delete=OnDelete.restrict, null=False)
    ticket_before = DoublePrecision()
    inclusion_probability = DoublePrecision()
    weight = DoublePrecision()

    draw_member_draw_unit_unique = Unique([draw, unit])
