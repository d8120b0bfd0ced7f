"""People who are not in the register, or not yet: whom service messages may reach all the same."""

from piccolo.columns import BigSerial, Timestamptz, Varchar
from piccolo.columns.defaults import TimestamptzNow
from piccolo.table import Table


class Newcomer(Table):
    """An address somebody gave to join. It is emptied when it is taken in, or when its time is over."""

    id = BigSerial(primary_key=True)
    email = Varchar(length=254, null=True, default=None, help_text="as typed; empty once its time is over")
    language = Varchar(length=20)
    created_at = Timestamptz(default=TimestamptzNow())
    expires_at = Timestamptz(default=None, help_text="nothing is sent later, and the address goes")
