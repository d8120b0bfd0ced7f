"""Cells: the one organisation-wide division of the register, and the register's seed."""

from piccolo.columns import JSONB, BigSerial, Boolean, DoublePrecision, ForeignKey, Timestamptz, Varchar
from piccolo.columns.base import OnDelete
from piccolo.columns.defaults import TimestamptzNow
from piccolo.constraints import Unique
from piccolo.table import Table


class Register(Table):
    """The shared register itself: a single row with the seed of every permanent random number."""

    id = BigSerial(primary_key=True)
    seed = Varchar(length=64, unique=True)
    created_at = Timestamptz(default=TimestamptzNow())


class CellDefinition(Table):
    """Which attributes divide the register; one definition is current at a time."""

    id = BigSerial(primary_key=True)
    dimensions = JSONB(help_text="list of attribute names, in order")
    is_current = Boolean(default=True)
    created_at = Timestamptz(default=TimestamptzNow())


class Cell(Table):
    """A base cell: one combination of the definition's attributes, with the clock of its queue."""

    id = BigSerial(primary_key=True)
    cell_definition = ForeignKey(CellDefinition, on_delete=OnDelete.restrict, null=False, index=True)
    key = Varchar(length=200, help_text="values joined by '|', in the order of the dimensions")
    clock = DoublePrecision(default=0.0, help_text="largest ticket taken so far")

    cell_cell_definition_key_unique = Unique([cell_definition, key])
