"""Delete what has run out: ended sign-ins of staff and the attempts that no lock-out looks at any more."""

from datetime import datetime, timedelta

from survey_service.db import housekeeping

ATTEMPTS_KEPT = timedelta(days=1)
"""Far longer than a lock-out looks back, short enough that nobody's habits can be read from them."""


async def clear_expired(now: datetime) -> None:
    """Clear both; running it twice does no harm."""
    await housekeeping.delete_expired_sessions(now)
    await housekeeping.delete_sign_in_attempts(now - ATTEMPTS_KEPT)
