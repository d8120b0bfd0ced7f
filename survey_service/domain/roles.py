"""What a member of staff may be, and what each may do."""

from typing import Literal, get_args

from survey_service.domain.errors import NotAllowed

Role = Literal["admin", "communications", "viewer"]
roles: tuple[str, ...] = get_args(Role)

Duty = Literal["see_contacts", "author", "plan", "govern"]

_DUTIES: dict[Duty, frozenset[str]] = {
    "see_contacts": frozenset({"admin", "communications"}),
    "author": frozenset({"admin", "communications"}),
    "plan": frozenset({"admin", "communications"}),
    "govern": frozenset({"admin"}),
}
"""Looking at people; writing surveys; forecasting, drawing and seeing everybody's plans; what concerns the
whole register."""


def check_role(role: str) -> None:
    """Refuse a role that does not exist."""
    if role not in roles:
        raise NotAllowed("There is no such role.", expected=f"one of {', '.join(roles)}", got=repr(role))


def sees_every_department(role: str) -> bool:
    """True for those whose work is the whole register; the others see their own department's surveys."""
    return role == "admin"


def may(role: str, duty: Duty) -> bool:
    """True where this is part of a role."""
    return role in _DUTIES[duty]


def check_may(role: str, duty: Duty) -> None:
    """Refuse what is not part of a role."""
    if not may(role, duty):
        allowed = ", ".join(one for one in roles if may(one, duty))
        raise NotAllowed("This is not part of your role.", expected=f"one of {allowed}", got=role)
