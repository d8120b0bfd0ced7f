"""Departments: who asks."""

from piccolo.columns import BigSerial, Timestamptz, Varchar
from piccolo.columns.defaults import TimestamptzNow
from piccolo.table import Table


class Department(Table):
    """A department of the force or of the corporation."""

    id = BigSerial(primary_key=True)
    name = Varchar(length=120, unique=True)
    created_at = Timestamptz(default=TimestamptzNow())
