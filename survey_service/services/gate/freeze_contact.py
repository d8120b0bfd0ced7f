"""Freeze: nothing is sent, at once, of everything, one kind of message or the surveys of one purpose.

Thaw: what waited goes in the order in which it was queued.
"""

from datetime import UTC, datetime

from survey_service.db import audit_event, contact_freeze, register
from survey_service.db.contact_freeze import ActiveFreeze
from survey_service.db.engine import transaction
from survey_service.domain.contact_gate import check_kind
from survey_service.domain.contact_limit import check_purpose
from survey_service.domain.errors import Conflict

LONGEST_REASON = 200


async def freeze_contact(
    reason: str, kind: str | None = None, *, purpose: str = "", staff: int | None = None
) -> int:
    """Begin a freeze; return its id. After this no transaction that sends can commit."""
    if kind is not None:
        check_kind(kind)
    if purpose:
        check_purpose(purpose)
    reason = " ".join(reason.split())
    if not 0 < len(reason) <= LONGEST_REASON:
        raise Conflict(
            "A freeze needs a reason.",
            expected=f"1 to {LONGEST_REASON} characters",
            hint="Name the incident or the period.",
        )
    async with transaction():
        # Whoever is sending holds the lock until the commit: it is waited for, the next one sees the freeze.
        await register.lock_register()
        freeze = await contact_freeze.add_freeze(kind, purpose, reason, datetime.now(UTC), staff)
        await audit_event.add_audit_event(
            staff=staff, action="contact.freeze", object_kind="freeze", object_id=str(freeze),
            detail={"kind": kind, "purpose": purpose, "reason": reason},
        )  # fmt: skip
    return freeze


async def thaw_contact(kind: str | None = None, *, purpose: str = "", staff: int | None = None) -> int:
    """End the freezes that were begun for exactly this kind (None: all) and purpose; return how many."""
    async with transaction():
        await register.lock_register()
        ended = await contact_freeze.end_freezes(kind, purpose, datetime.now(UTC), staff)
        if not ended:
            active = [describe_scope(one.kind, one.purpose) for one in await contact_freeze.list_active()]
            raise Conflict(
                "There is no such freeze.",
                expected=f"a freeze of {', '.join(active)}" if active else "nothing is frozen",
                hint="For one of them add: --kind KIND, --purpose PURPOSE" if active else None,
            )
        await audit_event.add_audit_event(
            staff=staff, action="contact.thaw", object_kind="freeze", object_id=describe_scope(kind, purpose)
        )
    return ended


def describe_scope(kind: str | None, purpose: str) -> str:
    """Say what a freeze holds."""
    what = kind or "everything"
    return f"{what} for {purpose}" if purpose else what


async def list_freezes() -> list[ActiveFreeze]:
    """Return what is frozen now."""
    return await contact_freeze.list_active()
