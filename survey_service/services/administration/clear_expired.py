"""Delete what has run out.

Ended sessions of staff, attempts that no lock-out looks at any more, addresses of people who did not join,
what attributes were longer ago than any model looks.
"""

from datetime import datetime, timedelta

from survey_service.db import contact, join_request, newcomer, one_time_code, sign_in_attempt, staff_session
from survey_service.domain.lockout import MEMORY

CODES_ARE_COUNTED = timedelta(days=1)
"""Kept as long as their number limits the next ones."""

ATTRIBUTES_ARE_KEPT = timedelta(days=3 * 365 + 1)
"""Invitations of three years teach (`train_likelihood`)."""


async def clear_expired(now: datetime) -> None:
    """Clear all; running it twice does no harm."""
    await staff_session.delete_expired(now)
    await sign_in_attempt.delete_attempts_before(now - MEMORY)
    await join_request.delete_expired(now)
    await newcomer.empty_expired(now)
    await one_time_code.delete_codes(now - CODES_ARE_COUNTED)
    await contact.forget_past_attributes(now - ATTRIBUTES_ARE_KEPT)
