"""The contact budget as it stands on a day: whole, by department, with its approvals and exceptions."""

from datetime import date, timedelta

import msgspec

from survey_service.db import approval, budget
from survey_service.db.approval import ApprovalFacts
from survey_service.db.budget import ExceptionFacts
from survey_service.db.department import list_departments
from survey_service.db.engine import transaction
from survey_service.domain.budget import Account, DepartmentAccount, fill_shares, share_capacity
from survey_service.services.gate.unit_standing import UnitStanding
from survey_service.services.planning.contact_capacity import (
    CellCapacity,
    add_up,
    capacity_by_cell,
    read_register,
    used_by_department,
)
from survey_service.services.rotation.survey_frame import today
from survey_service.settings import Settings

RECENT_DAYS = 30
"""Draws of a department in so many days count as one, when it comes to whether they need an approval."""


class Budget(msgspec.Struct, frozen=True, kw_only=True):
    """What a decision about invitations is taken from."""

    day: date
    cells: dict[int, CellCapacity]
    """By id."""
    account: Account
    departments: dict[str, DepartmentAccount]
    recent: dict[str, int]
    """Invitations of each department in the last 30 days."""
    approvals: tuple[ApprovalFacts, ...]
    exceptions: tuple[ExceptionFacts, ...]


class DepartmentLine(msgspec.Struct, frozen=True, kw_only=True):
    """A department in the overview; `limit` is its share with its exceptions."""

    share: float
    limit: int
    exceptions: int
    used: int
    kept: int
    free: int


class ApprovalLine(msgspec.Struct, frozen=True, kw_only=True):
    """An approved plan that waits for its draw."""

    survey: str
    department: str
    invitations: int
    approver: str
    approved_at: str


class BudgetReview(msgspec.Struct, frozen=True, kw_only=True):
    """The overview that staff see."""

    at: str
    capacity: int
    used: int
    kept: int
    free: int
    departments: dict[str, DepartmentLine]
    approvals: tuple[ApprovalLine, ...]
    exceptions: tuple[ExceptionFacts, ...]


async def read_budget(settings: Settings, day: date, *, units: UnitStanding | None = None) -> Budget:
    """Read the budget on a day. For a decision: in a transaction that holds the register's lock.

    `units` is the whole register as it stands, where somebody has read it already.
    """
    async with transaction():
        units = units or await read_register(settings, day)
        uses = await budget.read_uses(day - timedelta(days=settings.cap_window_days - 1))
        recent = await budget.count_sent(first_recent_day(day))
        approvals = tuple(await approval.list_open_approvals())
        exceptions = tuple(await budget.list_exceptions(day))
        chosen = await budget.list_shares(day.year)
        departments = await list_departments()
    cells = capacity_by_cell(units, day.toordinal())
    whole = add_up(cells.values())
    used = used_by_department(units, day.toordinal(), uses)
    return Budget(
        day=day,
        cells=cells,
        account=Account(
            capacity=whole.capacity, used=whole.used, kept=sum(one.invitations for one in approvals)
        ),
        departments={
            name: DepartmentAccount(
                department=name,
                share=share,
                allowed=share_capacity(share, whole.capacity),
                exceptions=sum(one.invitations for one in exceptions if one.department == name),
                used=used.get(departments[name], 0),
                kept=sum(one.invitations for one in approvals if one.department == name),
            )
            for name, share in fill_shares(departments, chosen).items()
        },
        recent=recent,
        approvals=approvals,
        exceptions=exceptions,
    )


def first_recent_day(day: date) -> date:
    """Return from which day on the invitations of a department count as one with those of a day."""
    return day - timedelta(days=RECENT_DAYS - 1)


async def review_budget(settings: Settings, *, day: date | None = None) -> BudgetReview:
    """Return the overview of a day (today)."""
    found = await read_budget(settings, day or today(settings))
    account = found.account
    return BudgetReview(
        at=found.day.isoformat(),
        capacity=account.capacity,
        used=account.used,
        kept=account.kept,
        free=account.free,
        departments={name: describe_department(one) for name, one in found.departments.items()},
        approvals=tuple(
            ApprovalLine(
                survey=one.survey,
                department=one.department,
                invitations=one.invitations,
                approver=one.approver,
                approved_at=one.approved_at.isoformat(timespec="minutes"),
            )
            for one in found.approvals
        ),
        exceptions=found.exceptions,
    )


def describe_department(one: DepartmentAccount) -> DepartmentLine:
    """Return a department's line of the overview."""
    return DepartmentLine(
        share=round(one.share, 6),
        limit=one.allowed + one.exceptions,
        exceptions=one.exceptions,
        used=one.used,
        kept=one.kept,
        free=one.free,
    )
