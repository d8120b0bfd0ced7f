"""Fixtures every test may use."""

import atexit
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Browser

from survey_service.db import engine
from survey_service.settings import Settings
from tests.support.compiled import compile_once
from tests.support.database import TestServer
from tests.support.lots import VARIABLE, begin_lots, find_lot, settle_lots

settle_lots()
compile_once()

SECRET_KEY = "a key of forty characters for tests only"


BEGUN_FIRST = ("test_kill.py", "test_demo.py", "test_likelihood_command.py", "journeys")
"""Files and folders of what takes long or has a server of its own, so that no worker ends alone with one."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long ones first; what comes last is shared out between whichever workers have nothing left."""

    def rank(item: pytest.Item) -> int:
        return min(BEGUN_FIRST.index(name) if name in BEGUN_FIRST else 99 for name in item.path.parts[-2:])

    items.sort(key=rank)


def pytest_report_header() -> str:
    """Say which lots were drawn, so that whoever sees a failure can draw them again."""
    return f"lots: {VARIABLE}={find_lot()}"


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Draw the test's own lots, whichever tests ran before it."""
    begin_lots(item.nodeid)


ROOM_IN_MEMORY = 2 * 2**30
"""Bytes that must be free: containers often allow themselves 64 MB only."""


def folder_in_memory() -> str | None:
    """Where files are kept in memory, if anywhere: a database is copied in 0.02 s there, 0.4 s on a disk."""
    memory = Path("/dev/shm")
    if memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > ROOM_IN_MEMORY:
        return str(memory)
    return None


@pytest.fixture(scope="session")
def server() -> TestServer:
    """The database server of this run (one a pytest worker).

    Not under pytest's own folder: every new run of pytest closes that to other users, and root's server
    runs as one. The folder goes after the server, which stops when this process ends.
    """
    folder = tempfile.mkdtemp(prefix="survey-tests-", dir=folder_in_memory())
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return TestServer(Path(folder))


@pytest.fixture
def database_url(server: TestServer) -> Iterator[str]:
    """Address of a fresh, migrated database of this test's own."""
    url = server.create()
    yield url
    server.drop(url)


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Settings for this test's database.

    Nobody joins into the randomised arm, so that every audience is one cell; tests of the arm set it.
    """
    return Settings(
        database_url=database_url,
        data_dir=tmp_path / "data",
        secret_key=SECRET_KEY,
        public_url="http://127.0.0.1:8000",
        random_arm_percent=0,
    )


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[str]:
    """The test's database, open in this test's event loop."""
    async with engine.open_database(database_url):
        yield database_url


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """The browser of this pytest worker; tests that use it live in the session's event loop."""
    from tests.support.browser import running_browser

    async with running_browser() as running:
        yield running


@pytest.fixture
async def client(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the real application on this test's database; it checks every page it gets."""
    from tests.support.client import running_client

    async with running_client(settings) as running:
        yield running
