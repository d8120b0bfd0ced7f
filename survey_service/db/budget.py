"""The contact budget as it is kept: shares, exceptions, what departments used, how people responded."""

from datetime import date, datetime

import msgspec

from survey_service.db.columns import Columns, read_columns
from survey_service.db.engine import connection


class CellHistory(msgspec.Struct, frozen=True, kw_only=True):
    """Past invitations whose time to answer is over, by the cell that their units are in now."""

    cell: int
    invited: int
    answered: int


class ExceptionFacts(msgspec.Struct, frozen=True, kw_only=True):
    """A named exception."""

    department: str
    invitations: int
    reason: str
    requested_by: str
    approver: str
    ends_on: date


async def list_cell_histories(since: datetime, until: datetime) -> list[CellHistory]:
    """Return how past invitations ended: sent since a moment, their links run out before another.

    Those still open are left out, answered or not: early answers are quick people's.
    """
    async with connection() as lent:
        rows = await lent.fetch(
            """SELECT u.cell, count(*) AS invited,
                   count(*) FILTER (WHERE i.state = 'answered') AS answered
               FROM invitation i JOIN draw_member m ON m.id = i.draw_member JOIN unit u ON u.id = m.unit
               WHERE i.sent_at >= $1 AND i.expires_at <= $2
               GROUP BY u.cell""",
            since,
            until,
        )
    return [CellHistory(**row) for row in rows]


async def read_uses(since: date) -> Columns:
    """Return how many invitations each department sent to or reserved for each unit since a day.

    Columns: unit and department (ids), n.
    """
    return await read_columns(
        """SELECT c.unit, s.department, count(*) AS n
           FROM draw d JOIN wave w ON w.id = d.wave JOIN survey s ON s.id = w.survey
           JOIN invitation i ON i.wave = w.id JOIN contact c ON c.id = i.contact
           WHERE d.on_day >= $1 AND (i.state <> 'cancelled' OR i.sent_at IS NOT NULL)
           GROUP BY c.unit, s.department""",
        since,
        columns={"unit": "int8", "department": "int8", "n": "int8"},
    )


async def count_sent(since: date) -> dict[str, int]:
    """Return how many invitations every department sent or reserved since a day; 0 where it did not."""
    async with connection() as lent:
        rows = await lent.fetch(
            """SELECT p.name, count(i.id) AS n
               FROM department p
               LEFT JOIN survey s ON s.department = p.id
               LEFT JOIN wave w ON w.survey = s.id
               LEFT JOIN draw d ON d.wave = w.id AND d.on_day >= $1
               LEFT JOIN invitation i ON i.wave = d.wave
                   AND (i.state <> 'cancelled' OR i.sent_at IS NOT NULL)
               GROUP BY p.name ORDER BY p.name COLLATE "C\"""",
            since,
        )
    return {row["name"]: row["n"] for row in rows}


async def list_shares(year: int) -> dict[str, float]:
    """Return the share chosen for each department in a year, or in the last year before it that has one."""
    async with connection() as lent:
        rows = await lent.fetch(
            """SELECT DISTINCT ON (d.name) d.name, s.share
               FROM department_share s JOIN department d ON d.id = s.department
               WHERE s.year <= $1 ORDER BY d.name, s.year DESC""",
            year,
        )
    return {row["name"]: row["share"] for row in rows}


async def set_share(department: int, year: int, share: float) -> None:
    """Choose a department's share of a year."""
    async with connection() as lent:
        await lent.execute(
            """INSERT INTO department_share (department, year, share) VALUES ($1, $2, $3)
               ON CONFLICT (department, year) DO UPDATE SET share = excluded.share""",
            department,
            year,
            share,
        )


async def add_exception(
    *,
    department: int,
    invitations: int,
    reason: str,
    requested_by: str,
    approver: str,
    approved_by: int | None,
    ends_on: date,
) -> int:
    """Record an exception; return its id."""
    async with connection() as lent:
        return int(
            await lent.fetchval(
                """INSERT INTO budget_exception (
                       department, invitations, reason, requested_by, approver, approved_by, ends_on)
                   VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id""",
                department, invitations, reason, requested_by, approver, approved_by, ends_on,
            )
        )  # fmt: skip


async def list_exceptions(day: date) -> list[ExceptionFacts]:
    """Return the exceptions that hold on a day; the day an exception ends on is its last."""
    async with connection() as lent:
        rows = await lent.fetch(
            """SELECT d.name AS department, e.invitations, e.reason, e.requested_by, e.approver, e.ends_on
               FROM budget_exception e JOIN department d ON d.id = e.department
               WHERE e.ends_on >= $1 ORDER BY e.id""",
            day,
        )
    return [ExceptionFacts(**row) for row in rows]
