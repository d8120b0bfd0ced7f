"""Named limits, the people they protect, and the invitations they count."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from survey_service.db.columns import Columns, read_columns
from survey_service.db.engine import connection
from survey_service.db.frame_history import to_days
from survey_service.domain.contact_limit import ContactLimit

_COUNTED = """
    SELECT c.unit, e.at
    FROM ledger_event e JOIN contact c ON c.pseudonym = e.pseudonym
    WHERE e.kind = 'invitation' AND e.at >= $1::timestamptz
        AND ($2::bigint[] IS NULL OR c.unit = ANY ($2))
        AND ($3::text = '' OR e.survey_slug IN (SELECT slug FROM survey WHERE purpose = $3))
"""

_PROTECTED = """
    SELECT DISTINCT unit FROM contact
    WHERE attributes ->> $2::text = $3::text AND state NOT IN ('left', 'erased')
        AND ($1::bigint[] IS NULL OR unit = ANY ($1))
"""


class LimitFacts(msgspec.Struct, frozen=True, kw_only=True):
    """A limit that holds, with who set it when and why."""

    id: int
    limit: ContactLimit
    reason: str
    starts_at: datetime
    set_by: str | None


async def list_limits() -> list[LimitFacts]:
    """Return the limits that hold now, by name."""
    async with connection() as lent:
        rows = await lent.fetch(
            """SELECT l.id, l.name, l.purpose, l.attribute, l.value, l.invitations, l.window_days, l.reason,
                   l.starts_at, s.name AS set_by
               FROM contact_limit l LEFT JOIN staff s ON s.id = l.started_by
               WHERE l.ends_at IS NULL ORDER BY lower(l.name)"""
        )
    return [
        LimitFacts(
            id=row["id"],
            limit=_to_limit(row),
            reason=row["reason"],
            starts_at=row["starts_at"],
            set_by=row["set_by"],
        )
        for row in rows
    ]


async def list_limits_of(survey: int | None) -> tuple[ContactLimit, ...]:
    """Return the limits that hold for a survey; without one, those that hold for every survey."""
    async with connection() as lent:
        rows = await lent.fetch(
            """SELECT name, purpose, attribute, value, invitations, window_days FROM contact_limit
               WHERE ends_at IS NULL
                   AND (purpose = '' OR purpose = (SELECT purpose FROM survey WHERE id = $1))
               ORDER BY id""",
            survey,
        )
    return tuple(_to_limit(row) for row in rows)


async def add_limit(limit: ContactLimit, *, reason: str, staff: int | None, at: datetime) -> int:
    """Set a limit; return its id."""
    async with connection() as lent:
        return int(
            await lent.fetchval(
                """INSERT INTO contact_limit (name, purpose, attribute, value, invitations, window_days,
                       reason, started_by, starts_at)
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id""",
                limit.name, limit.purpose, limit.attribute, limit.value, limit.invitations,
                limit.window_days, reason, staff, at,
            )
        )  # fmt: skip


async def end_limit(name: str, *, staff: int | None, at: datetime) -> int | None:
    """End the limit of this name; return its id, None where there is none."""
    async with connection() as lent:
        found: int | None = await lent.fetchval(
            """UPDATE contact_limit SET ends_at = greatest($3, starts_at), ended_by = $2
               WHERE ends_at IS NULL AND lower(name) = lower($1) RETURNING id""",
            name,
            staff,
            at,
        )
        return found


async def read_counted(
    limit: ContactLimit, since: datetime, time_zone: str, units: Sequence[int] | None
) -> Columns:
    """Return the invitations to these units (all: None) that a limit counts: unit and day."""
    past = await read_columns(
        _COUNTED, since, units, limit.purpose, columns={"unit": "int8", "at": "timestamptz"}
    )
    return {"unit": past["unit"], "day": to_days(past["at"], time_zone)}


async def read_protected(limit: ContactLimit, units: Sequence[int] | None) -> Columns:
    """Return which of these units (all: None) have somebody with the value of the limit's attribute."""
    return await read_columns(_PROTECTED, units, limit.attribute, limit.value, columns={"unit": "int8"})


def _to_limit(row: dict[str, object]) -> ContactLimit:
    return msgspec.convert({name: row[name] for name in ContactLimit.__struct_fields__}, ContactLimit)
