"""Kill -9 while pages of longer forms come in: a page that was acknowledged is there afterwards."""

import asyncio
import random
from collections.abc import Iterator
from pathlib import Path

import httpx

from survey_service.domain.tokens import hash_token
from survey_service.services.answers.resume_form import make_resume_key
from survey_service.settings import Settings
from tests.integration.test_kill import RunningServer
from tests.support.long_form import make_long_survey
from tests.support.make_many import make_invitations
from tests.support.rows import fetch

MOMENTS = 3
POSTERS = 16


async def test_an_acknowledged_page_survives_kill_9(
    database: str, settings: Settings, tmp_path: Path
) -> None:
    survey = await make_long_survey()
    chance = random.Random(11)
    for moment in range(MOMENTS):
        server = RunningServer(settings, tmp_path / f"server-{moment}.log")
        tokens = iter(await make_invitations(survey, 400))
        acknowledged: dict[bytes | None, str] = {}
        first = asyncio.Event()
        try:
            await server.wait_until_ready()
            tasks = [
                asyncio.create_task(post_pages(server.address, tokens, acknowledged, first))
                for _ in range(POSTERS)
            ]
            async with asyncio.timeout(60):
                await first.wait()
                await asyncio.sleep(chance.uniform(0, 0.25))
                server.kill()
                await asyncio.gather(*tasks)
        finally:
            server.kill()
        kept = {row["key_hash"]: row["submission"] for row in await fetch("SELECT * FROM begun_form")}
        assert acknowledged
        assert len(acknowledged) < 400, "the server was not killed under load"
        for key_hash, words in acknowledged.items():
            assert words in str(kept[key_hash])


async def post_pages(
    address: str, tokens: Iterator[str], acknowledged: dict[bytes | None, str], first: asyncio.Event
) -> None:
    """Send the first page of one form after another until the server is gone."""
    async with httpx.AsyncClient(base_url=address) as client:
        for token in tokens:
            key = make_resume_key()
            words = f"words of {key}"
            page = {"form-page": "1", "resume-key": key, "s1": "yes", "s3": words}
            try:
                answer = await client.post(f"/s/{token}/en", data=page)
            except httpx.TransportError:
                return
            assert answer.status_code == 200
            assert "Your answers so far are saved" in answer.text
            acknowledged[hash_token(key)] = words
            first.set()
