"""A post that another site sent is refused; one from the own site, or from no browser, is not."""

from types import SimpleNamespace

import pytest
from litestar.exceptions import PermissionDeniedException

from survey_service.web.forgery import check_same_site

OWN = "https://surveys.example.org"


def request(method: str, **headers: str) -> SimpleNamespace:
    """What the guard looks at."""
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    state = SimpleNamespace(settings=SimpleNamespace(public_url=OWN))
    return SimpleNamespace(scope={"method": method}, headers=names, app=SimpleNamespace(state=state))


@pytest.mark.parametrize(
    "allowed",
    [
        request("GET", sec_fetch_site="cross-site"),
        request("POST", sec_fetch_site="same-origin", origin="https://evil.example"),
        request("POST", sec_fetch_site="none"),
        request("POST", origin=OWN),
        request("POST", origin="http://127.0.0.1:8000", host="127.0.0.1:8000"),
        request("POST"),
    ],
)
def test_own_posts_pass(allowed: SimpleNamespace) -> None:
    check_same_site(allowed)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "forged",
    [
        request("POST", sec_fetch_site="cross-site"),
        request("POST", sec_fetch_site="same-site"),
        request("POST", origin="https://evil.example"),
        request("POST", origin="https://surveys.example.org.evil.example"),
        request("POST", origin="null"),
        request("DELETE", origin="null"),
    ],
)
def test_other_sites_posts_are_refused(forged: SimpleNamespace) -> None:
    with pytest.raises(PermissionDeniedException):
        check_same_site(forged)  # type: ignore[arg-type]
