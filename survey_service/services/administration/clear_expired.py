"""Delete what has run out: ended sessions of staff, attempts that no lock-out looks at any more, and the
addresses of people who did not join."""

from datetime import datetime, timedelta

from survey_service.db import join_request, newcomer, one_time_code, sign_in_attempt, staff_session
from survey_service.domain.lockout import MEMORY

CODES_ARE_COUNTED = timedelta(days=1)
"""Kept as long as their number limits the next ones."""


async def clear_expired(now: datetime) -> None:
    """Clear all; running it twice does no harm."""
    await staff_session.delete_expired(now)
    await sign_in_attempt.delete_attempts_before(now - MEMORY)
    await join_request.delete_expired(now)
    await newcomer.empty_expired(now)
    await one_time_code.delete_codes(now - CODES_ARE_COUNTED)
