"""Who asked to join and has not confirmed the address yet: kept for two days, then deleted."""

from piccolo.columns import BigSerial, Boolean, Bytea, SmallInt, Timestamptz, Varchar
from piccolo.columns.defaults import TimestamptzNow
from piccolo.table import Table


class JoinRequest(Table):
    """What somebody wished when asking to join. At confirmation the address goes to the register alone."""

    id = BigSerial(primary_key=True)
    token_hash = Bytea(null=True, default=None, unique=True, help_text="of the link in the mail")
    email = Varchar(length=254, help_text="empty once confirmed")
    email_key = Varchar(length=254, index=True, help_text="folded; empty once confirmed")
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
    mailed_at = Timestamptz(null=True, default=None)
    confirmed_at = Timestamptz(null=True, default=None)
