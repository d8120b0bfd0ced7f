"""What a member of staff may be."""

from typing import Literal, get_args

from survey_service.domain.errors import NotAllowed

Role = Literal["admin", "communications", "viewer"]
roles: tuple[str, ...] = get_args(Role)


def check_role(role: str) -> None:
    """Refuse a role that does not exist."""
    if role not in roles:
        raise NotAllowed("There is no such role.", expected=f"one of {', '.join(roles)}", got=repr(role))


def sees_every_department(role: str) -> bool:
    """True for those whose work is the whole register; the others see their own department's surveys."""
    return role == "admin"
