"""Invitations as the effect of one more ask is measured from them: columns of whole numbers, never a name."""

from datetime import datetime

from survey_service.db.columns import Columns, read_columns
from survey_service.db.engine import connection

_DAY = "(i.sent_at AT TIME ZONE $2::text)::date - DATE '0001-01-01' + 1"

_OF_ARM = f"""
    SELECT c.unit, i.wave, ({_DAY})::int8, i.state = 'answered',
        coalesce(i.cancelled_for, '') = 'person',
        coalesce(r.disposition = 'break_off', false),
        least(i.expires_at, CASE WHEN s.state = 'closed' THEN s.closed_at END) <= $1::timestamptz
    FROM invitation i
    JOIN contact c ON c.id = i.contact
    JOIN draw_member m ON m.id = i.draw_member JOIN cell k ON k.id = m.cell
    JOIN wave w ON w.id = i.wave JOIN survey s ON s.id = w.survey
    LEFT JOIN response r ON r.invitation = i.id
    WHERE i.sent_at < $1::timestamptz AND '|' || k.key || '|' LIKE '%|arm=random|%'
        AND coalesce(i.cancelled_for, '') IN ('', 'person')
"""  # noqa: S608

_ALL = f"""
    SELECT c.unit, ({_DAY})::int8, s.department
    FROM invitation i JOIN contact c ON c.id = i.contact
    JOIN wave w ON w.id = i.wave JOIN survey s ON s.id = w.survey
    WHERE i.sent_at < $1::timestamptz AND i.sent_at >= $3::timestamptz
        AND coalesce(i.cancelled_for, '') IN ('', 'person')
"""  # noqa: S608


async def read_arm(until: datetime, time_zone: str) -> Columns:
    """Return what was sent to the randomised arm before a moment.

    Columns: unit, wave, day, answered, refused (declined or left at this invitation), broke_off, and is_over,
    whether the time to answer had ended.
    """
    return await read_columns(
        _OF_ARM,
        until,
        time_zone,
        columns={
            "unit": "int8", "wave": "int8", "day": "int8", "answered": "bool", "refused": "bool",
            "broke_off": "bool", "is_over": "bool",
        },
    )  # fmt: skip


async def read_all(since: datetime, until: datetime, time_zone: str) -> Columns:
    """Return everything sent between two moments: unit, day and department."""
    return await read_columns(
        _ALL, until, time_zone, since, columns={"unit": "int8", "day": "int8", "department": "int8"}
    )


async def list_departments() -> dict[int, str]:
    """Return the departments' names by id."""
    async with connection() as lent:
        return {row["id"]: row["name"] for row in await lent.fetch("SELECT id, name FROM department")}
