"""The audit log. Rows are added and never changed: a trigger holds that."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from survey_service.db import engine

LOOKS_BACK = timedelta(days=90)


class AuditEvent(msgspec.Struct, frozen=True, kw_only=True):
    """What was done, and when."""

    at: datetime
    action: str
    detail: dict[str, Any]


async def find_last_event(actions: Sequence[str]) -> AuditEvent | None:
    """Return the newest event with one of these actions, of the last three months."""
    async with engine.connection() as connection:
        row = await connection.fetchrow(
            """SELECT at, action, detail FROM audit_event
               WHERE action = ANY ($1) AND at > now() - $2::interval ORDER BY at DESC, id DESC LIMIT 1""",
            actions,
            LOOKS_BACK,
        )
    if row is None:
        return None
    return AuditEvent(at=row["at"], action=row["action"], detail=msgspec.json.decode(row["detail"]))


async def add_audit_event(
    *,
    staff: int | None,
    action: str,
    object_kind: str,
    object_id: str,
    detail: Mapping[str, str | int | None] | None = None,
) -> None:
    """Note who did or saw what. `staff` is None for the command line and for strangers."""
    async with engine.connection() as connection:
        await connection.execute(
            """INSERT INTO audit_event (staff, action, object_kind, object_id, detail)
               VALUES ($1, $2, $3, $4, $5)""",
            staff,
            action,
            object_kind,
            object_id,
            msgspec.json.encode(detail or {}).decode(),
        )
