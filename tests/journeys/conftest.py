"""Fixtures of the journeys: the program served for real, and a browser before it.

One server and one database for all journeys of a pytest worker: each makes its own survey and people.
"""

import inspect
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page

from survey_service.db import engine
from survey_service.settings import Settings
from tests.conftest import SECRET_KEY
from tests.support.browser import DESK, PHONE, find_chromium, open_page
from tests.support.database import TestServer
from tests.support.live_server import serving

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Journeys share a browser, so they share the event loop it lives in."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_fixture_setup(fixturedef: pytest.FixtureDef[Any]) -> Iterator[None]:
    """And so do the fixtures that are written in this folder."""
    function: Any = fixturedef.func
    is_async = inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function)
    if is_async and Path(inspect.getfile(function)).parent == HERE:
        function._loop_scope = "session"  # what pytest_asyncio.fixture(loop_scope=…) writes down
    return (yield)


@pytest.fixture(autouse=True)
def _in_the_browser(browser: Browser) -> None:
    """`open_page` opens its pages in it."""


@pytest.fixture(scope="session")
def database_url(server: TestServer) -> Iterator[str]:
    """Address of the journeys' database, in place of one a test."""
    url = server.create()
    yield url
    server.drop(url)


@pytest.fixture(scope="session")
def served(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """The settings of a server that runs on the journeys' database."""
    find_chromium()
    folder: Path = tmp_path_factory.mktemp("journeys")
    settings = Settings(database_url=database_url, data_dir=folder, secret_key=SECRET_KEY)
    with serving(settings, folder / "server.log") as running:
        yield running


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[str]:
    """The journeys' database, open in their event loop."""
    async with engine.open_database(database_url):
        yield database_url


@pytest.fixture(params=[PHONE, DESK], ids=["phone", "desk"])
def width(request: pytest.FixtureRequest) -> int:
    """Both widths: the main journeys are walked on a phone and at a desk."""
    return int(request.param)


@pytest.fixture(params=[True, False], ids=["script", "no_script"])
def has_script(request: pytest.FixtureRequest) -> bool:
    """With JavaScript and without: a form must work either way."""
    return bool(request.param)


@pytest.fixture
async def page(database: str, served: Settings, width: int, has_script: bool) -> AsyncIterator[Page]:
    """A page of the served program, in one width, with or without JavaScript."""
    async with open_page(served.public_url, width=width, has_script=has_script) as opened:
        yield opened


@pytest.fixture
async def desk_page(database: str, served: Settings) -> AsyncIterator[Page]:
    """A page at a desk with JavaScript, for journeys that are about something else."""
    async with open_page(served.public_url, width=DESK) as opened:
        yield opened
