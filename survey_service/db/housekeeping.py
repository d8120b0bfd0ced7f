"""Deletes of rows that have run out and are in nobody's log."""

from datetime import datetime

from survey_service.db.engine import connection


async def delete_expired_sessions(now: datetime) -> int:
    """Delete staff sessions that ended; return how many."""
    return await _delete("DELETE FROM staff_session WHERE expires_at <= $1", now)


async def delete_sign_in_attempts(before: datetime) -> int:
    """Delete failed sign-ins older than `before`; return how many."""
    return await _delete("DELETE FROM sign_in_attempt WHERE at < $1", before)


async def _delete(statement: str, at: datetime) -> int:
    async with connection() as lent:
        status: str = await lent.execute(statement, at)
    return int(status.removeprefix("DELETE "))
