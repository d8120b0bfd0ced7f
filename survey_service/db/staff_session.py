"""Sessions of staff, found by the hash of the cookie's value."""

from datetime import datetime, timedelta

from survey_service.db import engine
from survey_service.db.staff import STAFF_COLUMNS, StaffMember

_TOUCH_AFTER = timedelta(minutes=1)
"""How exact `last_seen_at` is: a page with ten requests writes once."""


async def add_session(*, key_hash: bytes, staff: int, now: datetime, expires_at: datetime) -> None:
    """Store a session."""
    async with engine.connection() as connection:
        await connection.execute(
            """INSERT INTO staff_session (key_hash, staff, created_at, last_seen_at, expires_at)
               VALUES ($1, $2, $3, $3, $4)""",
            key_hash,
            staff,
            now,
            expires_at,
        )


async def find_session_staff(key_hash: bytes, *, now: datetime, idle: timedelta) -> StaffMember | None:
    """Whose session this is, if it is neither over nor idle for too long; notes that it is in use."""
    async with engine.connection() as connection:
        row = await connection.fetchrow(
            f"""SELECT {STAFF_COLUMNS}, session.last_seen_at
                FROM staff_session session
                JOIN staff ON staff.id = session.staff AND staff.is_active
                JOIN department ON department.id = staff.department
                WHERE session.key_hash = $1 AND session.expires_at > $2 AND session.last_seen_at > $3""",  # noqa: S608
            key_hash,
            now,
            now - idle,
        )
        if row is None:
            return None
        values = dict(row)
        if now - values.pop("last_seen_at") >= _TOUCH_AFTER:
            await connection.execute(
                "UPDATE staff_session SET last_seen_at = $2 WHERE key_hash = $1", key_hash, now
            )
    return StaffMember(**values)


async def delete_session(key_hash: bytes) -> None:
    """End one session."""
    async with engine.connection() as connection:
        await connection.execute("DELETE FROM staff_session WHERE key_hash = $1", key_hash)


async def delete_sessions_of(staff: int) -> None:
    """End every session of a member of staff."""
    async with engine.connection() as connection:
        await connection.execute("DELETE FROM staff_session WHERE staff = $1", staff)


async def delete_expired(now: datetime) -> None:
    """Delete every session that is over."""
    async with engine.connection() as connection:
        await connection.execute("DELETE FROM staff_session WHERE expires_at <= $1", now)
