"""The words of the contact gate: kinds of message, and what it decides.

The rules themselves are judged over columns, for one person as for a million:
`services/gate/unit_standing.py` for invitations, `services/gate/contact_gate.py` for the others.
"""

from datetime import date
from typing import Literal, get_args

import msgspec

from survey_service.domain.errors import NotAllowed

Kind = Literal["invitation", "reminder", "newsletter", "keep_warm", "outcome", "service"]
kinds: tuple[str, ...] = get_args(Kind)

most_reminders = 2
"""Of one invitation, whatever the setting says."""

most_service_messages = 20
"""To one person in a day: codes and confirmations are asked for, by whoever holds a link."""

most_service_messages_to_newcomer = 3
"""To one address that is not in the register in a day: anybody can type in somebody else's."""

reminder_reasons = ("not_invited", "answered", "cancelled", "expired", "enough_reminders")
other_reasons = ("frozen", "unknown", "near_issue", "no_newsletter_consent", "not_quiet", "too_many")
"""Reasons beside those of `unit_standing.REASONS`."""


class Allow(msgspec.Struct, frozen=True, kw_only=True):
    """One message may go, under this receipt."""

    receipt: int


class Deny(msgspec.Struct, frozen=True, kw_only=True):
    """Nothing may go; `until` is the first day it may, where that is known."""

    reason: str
    until: date | None = None


Decision = Allow | Deny


def check_kind(kind: str) -> None:
    """Refuse what is no kind of message that passes here."""
    if kind not in kinds:
        raise NotAllowed(
            "The contact gate does not know this kind of message.",
            expected=f"one of {', '.join(kinds)}",
            got=repr(kind),
            hint="A critical alert is no such message: this service neither sends nor holds it up.",
        )


def is_near_issue(day: date, issues: list[date], distance: int) -> bool:
    """True when the newsletter goes out on the day or within so many days of it: one contact, not two."""
    return any(abs((day - issue).days) <= distance for issue in issues)
