"""The outbox for staff: what waits and why."""

import msgspec

from survey_service.db.outbox_overview import (
    LastRun,
    OutboxCount,
    count_messages,
    count_unreachable,
    find_last_run,
)
from survey_service.db.staff import StaffMember
from survey_service.domain.roles import check_may
from survey_service.settings import Settings


class OutboxReview(msgspec.Struct, frozen=True, kw_only=True):
    """Counts by channel, kind and state, and the mail server's last word."""

    counts: list[OutboxCount]
    has_server: bool
    last_run: LastRun | None
    unreachable: int
    """People whose address took no mail."""

    @property
    def waiting(self) -> int:
        """Mails that have not left."""
        return sum(one.count for one in self.counts if one.channel == "email" and one.state == "queued")

    @property
    def advice(self) -> str:
        """What there is to do, in a sentence."""
        if not self.has_server and self.waiting:
            return f"{self.waiting} mails wait: no mail server is set. Set SURVEY_SMTP_HOST, or export them."
        if self.last_run is not None and self.last_run.problem:
            return f"The last attempt to send failed: {self.last_run.problem}"
        if self.waiting:
            return f"{self.waiting} mails wait to be sent."
        return "No mail waits."


async def review_outbox(settings: Settings, staff: StaffMember | None = None) -> OutboxReview:
    """Return how the outbox stands, to the command line or to whoever plans."""
    if staff is not None:
        check_may(staff.role, "plan")
    return OutboxReview(
        counts=await count_messages(),
        has_server=bool(settings.smtp_host),
        last_run=await find_last_run(),
        unreachable=await count_unreachable(),
    )
