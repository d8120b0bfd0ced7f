"""Fixtures of the tests on a real database."""

from collections.abc import AsyncIterator

import pytest

from survey_service.services.serve_form import FormDesk, open_form_desk


@pytest.fixture
async def desk(database: str) -> AsyncIterator[FormDesk]:
    """What a web process keeps to serve forms, on this test's database."""
    async with open_form_desk(database) as opened:
        yield opened
