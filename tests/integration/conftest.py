"""Fixtures of the tests on a real database."""

from collections.abc import AsyncIterator, Iterator

import pytest
from argon2 import PasswordHasher

from survey_service.integrations import passwords
from survey_service.integrations.mailchimp.sandbox.server import SandboxServer
from survey_service.services.answers.serve_form import FormDesk, open_form_desk
from survey_service.services.newsletter.connect_newsletter import connect_newsletter
from survey_service.settings import Settings
from tests.conftest import SECRET_KEY
from tests.support.mailchimp import no_waiting, sandbox_serving, settings_for


@pytest.fixture(autouse=True)
def quick_passwords(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Argon2 with the least it can do: what guessing costs is tested where signing in is."""
    passwords._hash_of_nobody.cache_clear()
    if not request.node.get_closest_marker("real_passwords"):
        least = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        monkeypatch.setattr(passwords, "_hasher", least)
    yield
    passwords._hash_of_nobody.cache_clear()


@pytest.fixture
async def desk(database: str) -> AsyncIterator[FormDesk]:
    """What a web process keeps to serve forms, on this test's database."""
    async with open_form_desk(database, SECRET_KEY.encode()) as opened:
        yield opened


@pytest.fixture
def skyline() -> Iterator[SandboxServer]:
    """A sandbox of Mailchimp with an empty list."""
    with sandbox_serving() as running:
        yield running


@pytest.fixture
async def linked(database: str, settings: Settings, skyline: SandboxServer) -> AsyncIterator[Settings]:
    """Settings of a connected newsletter, without a webhook; nothing really waits between tries."""
    chosen = settings_for(settings, skyline)
    async with no_waiting():
        await connect_newsletter(chosen, with_hook=False)
        yield chosen
