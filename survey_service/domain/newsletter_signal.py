"""What opens and clicks say, and which of them no person made."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

MACHINE_WITHIN = timedelta(seconds=30)
"""Nobody opens a mail so soon after it was sent to thousands; their mail program does."""


class Counted(msgspec.Struct, frozen=True, kw_only=True):
    """The events of one person and one issue."""

    opens: int
    machine_opens: int
    clicks: int
    first_click_at: datetime | None


def count_events(events: Sequence[tuple[str, datetime]], sent_at: datetime) -> Counted:
    """Count opens by people and by machines, and clicks; a click so soon is a scanner's."""
    soon = sent_at + MACHINE_WITHIN
    opens = [at for action, at in events if action == "open"]
    clicks = sorted(at for action, at in events if action == "click" and at > soon)
    return Counted(
        opens=sum(at > soon for at in opens),
        machine_opens=sum(at <= soon for at in opens),
        clicks=len(clicks),
        first_click_at=clicks[0] if clicks else None,
    )
