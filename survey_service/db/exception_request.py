"""Requests for exceptions from departments' shares, and what somebody else decided."""

from datetime import date, datetime

import msgspec

from survey_service.db.engine import connection


class RequestFacts(msgspec.Struct, frozen=True, kw_only=True):
    """One request; `requested_by` is the number of who asked."""

    id: int
    department: str
    invitations: int
    reason: str
    ends_on: date
    state: str
    requested_by: int
    requester: str
    requested_at: datetime


_COLUMNS = """
    SELECT r.id, d.name AS department, r.invitations, r.reason, r.ends_on, r.state, r.requested_by,
        s.email AS requester, r.requested_at
    FROM exception_request r JOIN department d ON d.id = r.department JOIN staff s ON s.id = r.requested_by
"""


async def add_request(
    *, department: int, invitations: int, reason: str, ends_on: date, staff: int, at: datetime
) -> int:
    """Note a request; return its id."""
    async with connection() as lent:
        return int(
            await lent.fetchval(
                """INSERT INTO exception_request (department, invitations, reason, ends_on, requested_by,
                       requested_at) VALUES ($1, $2, $3, $4, $5, $6) RETURNING id""",
                department, invitations, reason, ends_on, staff, at,
            )
        )  # fmt: skip


async def list_waiting() -> list[RequestFacts]:
    """Return the requests nobody has decided, the oldest first."""
    async with connection() as lent:
        rows = await lent.fetch(f"{_COLUMNS} WHERE r.state = 'waiting' ORDER BY r.id")
    return [RequestFacts(**row) for row in rows]


async def find_request(request: int) -> RequestFacts | None:
    """Return a request, locked until the transaction ends: two people may decide at the same moment."""
    async with connection() as lent:
        row = await lent.fetchrow(f"{_COLUMNS} WHERE r.id = $1 FOR UPDATE OF r", request)
    return None if row is None else RequestFacts(**row)


async def decide_request(
    request: int, *, state: str, staff: int, at: datetime, exception: int | None = None
) -> None:
    """Note how a request ended."""
    async with connection() as lent:
        await lent.execute(
            """UPDATE exception_request SET state = $2, decided_by = $3, decided_at = $4,
                   budget_exception = $5 WHERE id = $1""",
            request,
            state,
            staff,
            at,
            exception,
        )
