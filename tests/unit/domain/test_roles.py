"""Who may do what."""

import pytest

from survey_service.domain.errors import NotAllowed
from survey_service.domain.roles import check_may, check_role, may, roles


@pytest.mark.parametrize(
    ("duty", "allowed"),
    [
        ("see_contacts", {"admin", "communications"}),
        ("plan", {"admin", "communications"}),
        ("govern", {"admin"}),
    ],
)
def test_each_duty_belongs_to_these_roles_and_no_others(duty, allowed: set[str]) -> None:
    assert {role for role in roles if may(role, duty)} == allowed
    for role in set(roles) - allowed:
        with pytest.raises(NotAllowed):
            check_may(role, duty)
    assert not may("somebody else", duty)


def test_a_role_that_does_not_exist_is_refused() -> None:
    with pytest.raises(NotAllowed, match="no such role"):
        check_role("chief")
