"""The audit log. Rows are added and never changed: a trigger holds that."""

from collections.abc import Mapping

import msgspec

from survey_service.db import engine


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
