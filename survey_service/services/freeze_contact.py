"""Freeze: nothing is sent, at once, for everything or one kind of message; thaw: in order, what waited."""

from datetime import UTC, datetime

from survey_service.db import audit_event, contact_freeze, register
from survey_service.db.contact_freeze import ActiveFreeze
from survey_service.db.engine import transaction
from survey_service.domain.contact_gate import check_kind
from survey_service.domain.errors import Conflict


async def freeze_contact(reason: str, kind: str | None = None, *, staff: int | None = None) -> int:
    """Begin a freeze; return its id. After this no transaction that sends can commit."""
    if kind is not None:
        check_kind(kind)
    if not reason.strip():
        raise Conflict("A freeze needs a reason.", hint="Name the incident or the period.")
    async with transaction():
        # Whoever is sending holds the lock until the commit: it is waited for, the next one sees the freeze.
        await register.lock_register()
        freeze = await contact_freeze.add_freeze(kind, reason.strip(), datetime.now(UTC), staff)
        await audit_event.add_audit_event(
            staff=staff, action="contact.freeze", object_kind="freeze", object_id=str(freeze),
            detail={"kind": kind, "reason": reason.strip()},
        )  # fmt: skip
    return freeze


async def thaw_contact(kind: str | None = None, *, staff: int | None = None) -> int:
    """End the freezes of a kind (those of everything: None); return how many."""
    async with transaction():
        await register.lock_register()
        ended = await contact_freeze.end_freezes(kind, datetime.now(UTC), staff)
        if not ended:
            active = [one.kind or "everything" for one in await contact_freeze.list_active()]
            raise Conflict(
                "There is no such freeze.",
                expected=f"a freeze of {', '.join(active)}" if active else "nothing is frozen",
                hint="For one kind add: --kind KIND" if active else None,
            )
        await audit_event.add_audit_event(
            staff=staff, action="contact.thaw", object_kind="freeze", object_id=kind or "everything"
        )
    return ended


async def list_freezes() -> list[ActiveFreeze]:
    """Return what is frozen now."""
    return await contact_freeze.list_active()
