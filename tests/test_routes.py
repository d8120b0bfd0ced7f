"""The addresses of the service are a list in tests/routes.txt: a new one is a decision, not an accident."""

import os
from pathlib import Path

import pytest

from survey_service.app import create_app
from survey_service.settings import Settings

LISTED = Path(__file__).parent / "routes.txt"


@pytest.fixture
def routes(tmp_path: Path) -> list[str]:
    """Every route of the application, as `METHODS path`; HEAD comes with GET and OPTIONS with everything."""
    app = create_app(Settings(data_dir=tmp_path))
    return sorted(
        f"{' '.join(sorted(set(route.methods) - {'OPTIONS', 'HEAD'}))} {route.path_format}"
        for route in app.routes
        if hasattr(route, "methods")
    )


def test_the_addresses_are_those_listed(routes: list[str]) -> None:
    if os.environ.get("WRITE"):
        LISTED.write_text("\n".join(routes) + "\n", encoding="utf-8")
    listed = LISTED.read_text(encoding="utf-8").splitlines()
    assert routes == listed, "If you meant it: WRITE=1 .venv/bin/pytest tests/test_routes.py"


def test_every_address_is_in_an_area_with_rules_of_its_own(routes: list[str]) -> None:
    """Respondents, staff, programs, files, and what machines ask: nothing stands outside."""
    assert {area_of(route) for route in routes} <= {
        "",  # the bare address leads to the page where people join
        *(
            "s",
            "o",
            "t",
            "me",
            "tablet",
            "join",
            "genuine",
            "results",
            "privacy",
            "accessibility",
            "likelihood",
            "staff",
            "api",
            "hooks",
        ),
        *("static", "brand.css", "brand.svg", "favicon.ico", "robots.txt", "health", "ready", "metrics"),
    }


def test_only_forms_and_staff_take_posts(routes: list[str]) -> None:
    changing = {area_of(route) for route in routes if set(route.split(" ")[:-1]) - {"GET"}}
    assert changing <= {"s", "o", "t", "me", "tablet", "join", "genuine", "staff", "api", "hooks"}


def area_of(route: str) -> str:
    """The first part of the path."""
    return route.split(" ")[-1].split("/")[1]
