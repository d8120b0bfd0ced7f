"""Approved plans: written once, then spent by a draw or withdrawn."""

from datetime import datetime

import msgspec

from survey_service.db.engine import connection


class ApprovalFacts(msgspec.Struct, frozen=True, kw_only=True):
    """An approval that no draw has spent and nobody has withdrawn."""

    id: int
    survey: str
    department: str
    invitations: int
    planned_seconds: int
    plan: msgspec.Raw
    approver: str
    approved_at: datetime


_OPEN = """
    SELECT a.id, s.slug AS survey, d.name AS department, a.invitations, a.planned_seconds, a.plan,
        a.approver, a.approved_at
    FROM approval a JOIN survey s ON s.id = a.survey JOIN department d ON d.id = s.department
    WHERE a.state = 'approved' AND s.state <> 'closed'
"""
"""A survey that was closed needs nothing any more, and keeps nothing from the others."""


async def add_approval(
    *,
    survey: int,
    invitations: int,
    planned_seconds: int,
    plan: bytes,
    approver: str,
    approved_by: int | None,
) -> int:
    """Approve a plan; return the id. The schema allows one at a time for each survey."""
    async with connection() as lent:
        return int(
            await lent.fetchval(
                """INSERT INTO approval (survey, invitations, planned_seconds, plan, approver, approved_by)
                   VALUES ($1, $2, $3, $4, $5, $6) RETURNING id""",
                survey, invitations, planned_seconds, plan.decode(), approver, approved_by,
            )
        )  # fmt: skip


async def list_open_approvals() -> list[ApprovalFacts]:
    """Return the approvals that keep invitations, the oldest first."""
    async with connection() as lent:
        rows = await lent.fetch(f"{_OPEN} ORDER BY a.id")
    return [_to_facts(dict(row)) for row in rows]


async def find_open_approval(survey: int) -> ApprovalFacts | None:
    """Return the approval of a survey."""
    async with connection() as lent:
        row = await lent.fetchrow(f"{_OPEN} AND s.id = $1", survey)
    return None if row is None else _to_facts(dict(row))


async def spend_approval(approval: int, draw: int) -> None:
    """Give an approval to the draw made under it; from now on its invitations count themselves."""
    async with connection() as lent:
        await lent.execute("UPDATE approval SET state = 'spent', draw = $2 WHERE id = $1", approval, draw)


async def withdraw_approval(approval: int) -> None:
    """Take an approval back."""
    async with connection() as lent:
        await lent.execute("UPDATE approval SET state = 'withdrawn' WHERE id = $1", approval)


def _to_facts(row: dict[str, object]) -> ApprovalFacts:
    row["plan"] = msgspec.Raw(str(row["plan"]).encode())
    return ApprovalFacts(**row)  # type: ignore[arg-type]
