"""Who asked to join and has not confirmed the address yet: kept for two days, then deleted."""

from piccolo.columns import BigSerial, Boolean, Bytea, ForeignKey, SmallInt, Timestamptz, Varchar
from piccolo.columns.base import OnDelete
from piccolo.columns.defaults import TimestamptzNow
from piccolo.table import Table

from survey_service.db.tables.newcomer import Newcomer


class JoinRequest(Table):
    """What somebody wished when asking to join. At confirmation the address goes to the register alone."""

    id = BigSerial(primary_key=True)
    token_hash = Bytea(null=True, default=None, unique=True, help_text="of the link in the mail")
    newcomer = ForeignKey(
        Newcomer, on_delete=OnDelete.restrict, null=False, unique=True, help_text="holds the address"
    )
    mobile = Varchar(length=32, null=True, default=None)
    audience = Varchar(length=60)
    language = Varchar(length=20)
    channel = Varchar(length=20)
    surveys_a_year = SmallInt(null=True, default=None)
    wants_surveys = Boolean(default=False)
    wants_newsletter = Boolean(default=False)
    privacy_notice_version = Varchar(length=20)
    asked_at = Timestamptz(default=TimestamptzNow())
    expires_at = Timestamptz(default=None, index=True)
    confirmed_at = Timestamptz(null=True, default=None)
