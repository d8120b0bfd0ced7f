"""Sending whose connection ends in the middle, as after kill -9: everything or nothing is there."""

import asyncio
from pathlib import Path

import pytest

from survey_service.db.engine import connection
from survey_service.services.messages.send_invitations import send_invitations
from survey_service.services.rotation.draw_wave import draw_wave
from survey_service.settings import Settings
from tests.support.register import contact_rows, fill_register, open_new_survey
from tests.support.rows import fetch

pytestmark = pytest.mark.usefixtures("database")


async def counts() -> tuple[int, int, int]:
    [row] = await fetch(
        """SELECT (SELECT count(*) FROM receipt) AS receipts, (SELECT count(*) FROM ledger_event) AS ledger,
               (SELECT count(*) FROM message) AS messages"""
    )
    return row["receipts"], row["ledger"], row["messages"]


@pytest.mark.parametrize("patience", range(0, 60, 12))
async def test_a_sending_that_is_cut_off_leaves_everything_or_nothing(
    settings: Settings, tmp_path: Path, patience: int
) -> None:
    await fill_register(tmp_path, settings, contact_rows(120, audience="worker"))
    slug = await open_new_survey(tmp_path)
    await draw_wave(slug, settings, n=100, reserve_only=True)
    sending = asyncio.create_task(send_invitations(slug, settings))
    while not await fetch("SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted"):
        await asyncio.sleep(0)
    await asyncio.sleep(patience / 1000)
    await fetch(
        """SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted
           AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"""
    )
    [result] = await asyncio.gather(sending, return_exceptions=True)
    done = 0 if isinstance(result, BaseException) else 100
    assert await counts() == (done, done, done)
    async with connection() as lent:
        moved = await lent.fetchval("SELECT count(*) FROM unit WHERE last_invited_on IS NOT NULL")
    assert moved == done
    if not done:
        assert (await send_invitations(slug, settings)).sent == 100
