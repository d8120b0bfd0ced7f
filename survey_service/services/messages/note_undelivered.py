"""A mail came back for good: the person cannot be reached at this address, and the invitation says so."""

import re
from datetime import datetime

from survey_service.db import undelivered
from survey_service.db.engine import transaction

_enhanced = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")


def is_hard(code: int | None, text: str) -> bool:
    """Tell whether a reply says that the address takes no mail, and not that it dislikes this one.

    By the enhanced status (RFC 3463) where there is one: 5.1.x is about the address, 5.2.1 a mailbox that
    is disabled; a full box (5.2.2) or a policy (5.7.x) is no word about the address.
    """
    found = _enhanced.search(text)
    if found is not None:
        kind, subject, detail = found.groups()
        return kind == "5" and (subject == "1" or (subject, detail) == ("2", "1"))
    return code in (550, 551, 553)


async def note_undelivered(message: int, *, status: str, at: datetime) -> bool:
    """Mark the address and the invitation; True when that said something new."""
    async with transaction():
        return await undelivered.mark_undelivered(message, status=status, at=at)
