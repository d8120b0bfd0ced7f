"""The contact budget as the register has it: capacity by cell, what departments used, their exceptions."""

from collections.abc import Mapping
from datetime import date, datetime

import msgspec

from survey_service.db.contact_standing import IN_FRAME, PEOPLE
from survey_service.db.engine import connection


class CellBudget(msgspec.Struct, frozen=True, kw_only=True):
    """What one cell can give: people and units in the frame, and their invitations of the rolling year."""

    cell: int
    units: int
    askable: int
    """Units of which somebody may be asked at least once a year."""
    capacity: int
    used: int


class CellHistory(msgspec.Struct, frozen=True, kw_only=True):
    """Past invitations whose time to answer is over, by the cell that their units are in now."""

    cell: int
    invited: int
    answered: int


class DepartmentUse(msgspec.Struct, frozen=True, kw_only=True):
    """Invitations of one department, sent or reserved."""

    department: str
    used: int
    """In the rolling year."""
    recent: int
    """In the last 30 days."""


class ExceptionFacts(msgspec.Struct, frozen=True, kw_only=True):
    """A named exception."""

    department: str
    invitations: int
    reason: str
    requested_by: str
    approver: str
    ends_on: date


# What was used of a person is never more than they allow: whoever lowered the number has nothing left, and
# takes nothing from the others. A reservation counts as long as it is neither sent nor cancelled.
_CELLS = f"""
    WITH asked AS (
        SELECT contact, sum(n) AS n FROM (
            SELECT c.id AS contact, count(*) AS n
            FROM ledger_event e JOIN contact c ON c.pseudonym = e.pseudonym
            WHERE e.kind = 'invitation' AND e.at >= $1 GROUP BY c.id
            UNION ALL
            SELECT contact, count(*) FROM invitation WHERE state = 'reserved' GROUP BY contact
        ) each GROUP BY contact
    ), person AS (
        SELECT p.unit, least(coalesce(c.surveys_a_year, $2), $2) AS allowed, coalesce(asked.n, 0) AS n
        FROM ({PEOPLE}) p JOIN contact c ON c.id = p.id LEFT JOIN asked ON asked.contact = p.id
        WHERE p.standing = {IN_FRAME}
    )
    SELECT u.cell, count(DISTINCT u.id) AS units,
        count(DISTINCT u.id) FILTER (WHERE person.allowed > 0) AS askable,
        sum(person.allowed)::bigint AS capacity, sum(least(person.allowed, person.n))::bigint AS used
    FROM person JOIN unit u ON u.id = person.unit JOIN cell k ON k.id = u.cell
    JOIN cell_definition d ON d.id = k.cell_definition AND d.is_current
    GROUP BY u.cell
"""  # noqa: S608


async def list_cell_budgets(since: datetime, invitations_a_year: int) -> list[CellBudget]:
    """Return capacity and use of each current cell that has somebody in the frame."""
    async with connection() as lent:
        rows = await lent.fetch(_CELLS, since, invitations_a_year)
    return [CellBudget(**row) for row in rows]


async def list_cell_histories(since: datetime, until: datetime) -> list[CellHistory]:
    """Return how past invitations ended: sent since a moment, their links run out before another.

    Those still open are left out, answered or not: early answers are quick people's.
    """
    async with connection() as lent:
        rows = await lent.fetch(
            """SELECT u.cell, count(*) AS invited,
                   count(*) FILTER (WHERE i.state = 'answered') AS answered
               FROM invitation i JOIN draw_member m ON m.id = i.draw_member JOIN unit u ON u.id = m.unit
               WHERE i.state IN ('sent', 'answered') AND i.sent_at >= $1 AND i.expires_at <= $2
               GROUP BY u.cell""",
            since,
            until,
        )
    return [CellHistory(**row) for row in rows]


async def list_department_uses(since: date, recently: date) -> list[DepartmentUse]:
    """Return what every department sent or reserved on or after a day, and lately, by name."""
    async with connection() as lent:
        rows = await lent.fetch(
            """SELECT p.name AS department, count(i.id) AS used,
                   count(i.id) FILTER (WHERE d.on_day >= $2) AS recent
               FROM department p
               LEFT JOIN survey s ON s.department = p.id
               LEFT JOIN wave w ON w.survey = s.id
               LEFT JOIN draw d ON d.wave = w.id AND d.on_day >= $1
               LEFT JOIN invitation i ON i.wave = d.wave AND i.state <> 'cancelled'
               GROUP BY p.name ORDER BY p.name COLLATE "C\"""",
            since,
            recently,
        )
    return [DepartmentUse(**row) for row in rows]


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


def sum_exceptions(exceptions: list[ExceptionFacts]) -> Mapping[str, int]:
    """Add the exceptions of each department."""
    sums: dict[str, int] = {}
    for one in exceptions:
        sums[one.department] = sums.get(one.department, 0) + one.invitations
    return sums
