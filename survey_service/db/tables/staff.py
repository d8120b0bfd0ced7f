"""Staff, their sessions and their attempts to sign in."""

from piccolo.columns import BigSerial, Boolean, Bytea, ForeignKey, Timestamptz, Varchar
from piccolo.columns.base import OnDelete
from piccolo.columns.defaults import TimestamptzNow
from piccolo.table import Table

from survey_service.db.tables.department import Department


class Staff(Table):
    """A member of staff who may sign in."""

    id = BigSerial(primary_key=True)
    email = Varchar(length=254, unique=True, help_text="lower case")
    name = Varchar(length=120, default="")
    password_hash = Varchar(length=200, help_text="argon2id")
    role = Varchar(length=20)
    department = ForeignKey(Department, on_delete=OnDelete.restrict, null=False, index=True)
    is_active = Boolean(default=True)
    created_at = Timestamptz(default=TimestamptzNow())


class StaffSession(Table):
    """One sign-in. Only the hash of the cookie's value is stored."""

    id = BigSerial(primary_key=True)
    key_hash = Bytea(unique=True)
    staff = ForeignKey(Staff, on_delete=OnDelete.restrict, null=False, index=True)
    created_at = Timestamptz(default=TimestamptzNow())
    last_seen_at = Timestamptz(default=TimestamptzNow())
    expires_at = Timestamptz(index=True, default=None)


class SignInAttempt(Table):
    """One failed attempt, by account and network (both keyed hashes), for the lock-out."""

    id = BigSerial(primary_key=True)
    account_hash = Bytea(index=True)
    network_hash = Bytea(index=True)
    at = Timestamptz(default=TimestamptzNow(), index=True)
