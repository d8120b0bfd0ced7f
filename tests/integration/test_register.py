"""The register's seed: made by chance, and made once."""

import asyncio
import re

from survey_service.db import register
from tests.support.lots import register_seed
from tests.support.rows import fetch


async def test_the_seed_is_made_once_whoever_asks_first(database: str) -> None:
    await fetch("DELETE FROM register")
    first = await asyncio.gather(*(register.get_seed() for _ in range(8)))
    assert len(set(first)) == 1
    assert re.fullmatch("[0-9a-f]{32}", first[0])
    await fetch("DELETE FROM register")
    assert await register.get_seed() != first[0]


async def test_registers_of_tests_have_the_seed_of_the_run(database: str) -> None:
    assert await register.get_seed() == register_seed()
