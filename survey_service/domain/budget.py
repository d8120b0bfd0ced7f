"""The contact budget: how many invitations a year has, whose they are, and whether a plan fits.

Capacity is what the people in the frame allow together; it is used by what was sent or reserved in the
rolling year, and kept by approvals that no draw has spent yet. A department's part of it is its share,
raised by exceptions until they end. An exception moves invitations between departments: it adds nothing
to the capacity, and nothing here touches what one person may be asked.
"""

from collections.abc import Iterable, Mapping
from math import floor
from typing import Literal

import msgspec

from survey_service.domain.errors import SurveyServiceError

Obstacle = Literal["capacity", "share"]


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """Invitations of the rolling year: all there are, sent or reserved, and kept by approvals."""

    capacity: int
    used: int
    kept: int

    @property
    def free(self) -> int:
        """Left for new plans; less than 0 when people left after their invitations were promised."""
        return self.capacity - self.used - self.kept


class DepartmentAccount(msgspec.Struct, frozen=True, kw_only=True):
    """One department's part of it."""

    department: str
    share: float
    allowed: int
    """Its share of the capacity, in whole invitations."""
    exceptions: int
    """More than its share, approved by name."""
    used: int
    kept: int

    @property
    def free(self) -> int:
        """Left of the share and the exceptions."""
        return self.allowed + self.exceptions - self.used - self.kept


def share_capacity(share: float, capacity: int) -> int:
    """A share in whole invitations, rounded down so that all shares together never exceed the capacity.

    1e-9 forgives thirds and tenths, which no binary fraction is: 3 x 1/3 of 3 is 3.
    """
    return floor(share * capacity + 1e-9)


def fill_shares(departments: Iterable[str], chosen: Mapping[str, float]) -> dict[str, float]:
    """Give every department a share: the one chosen for it, or an equal part of what is left."""
    names = list(departments)
    undecided = [name for name in names if name not in chosen]
    left = max(0.0, 1.0 - sum(share for name, share in chosen.items() if name in names))
    equal = left / len(undecided) if undecided else 0.0
    return {name: chosen.get(name, equal) for name in names}


def check_share(department: str, share: float, others: Mapping[str, float]) -> None:
    """Refuse a share that no capacity is left for; `others` are the shares chosen for other departments."""
    taken = sum(others.values())
    if not 0.0 <= share <= 1.0 - taken + 1e-9:
        named = ", ".join(f"{name} {one:g}" for name, one in sorted(others.items()))
        raise SurveyServiceError(
            f"{department} cannot have this share of the budget.",
            expected=f"0 to {max(0.0, 1.0 - taken):g}",
            got=f"{share:g}",
            hint=f"Lower another share first ({named})." if named else None,
        )


def find_obstacle(invitations: int, account: Account, department: DepartmentAccount) -> Obstacle | None:
    """Say what forbids so many more invitations, if anything does; the capacity comes first."""
    if invitations > account.free:
        return "capacity"
    if invitations > department.free:
        return "share"
    return None


def largest_plan(account: Account, department: DepartmentAccount) -> int:
    """Return the most invitations that would fit now."""
    return max(0, min(account.free, department.free))


def surveys_left(free: int, invitations: int) -> int:
    """Return how many more plans of this size fit into what is free."""
    return max(0, free) // invitations if invitations else 0


def needs_approval(invitations: int, *, recent: int, threshold: int) -> bool:
    """Tell whether a draw needs an approved plan: many small ones in 30 days count as one large one."""
    return recent + invitations > threshold


def is_same_person(one: str, other: str) -> bool:
    """Tell whether two names or addresses are written for the same person."""
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()
