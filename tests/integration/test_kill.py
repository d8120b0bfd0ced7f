"""The real server in a process of its own, killed and stopped under load: no acknowledged answer is lost."""

import asyncio
import os
import random
import signal
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import asyncpg
import httpx
import pytest

from survey_service.cli.serve import free_port
from survey_service.domain.tokens import hash_token
from survey_service.services.answers.seal_answers import open_sealed
from survey_service.settings import Settings
from survey_service.web.respondent.form_steps import make_copy
from tests.conftest import SECRET_KEY
from tests.support.anonymous import make_anonymous_survey
from tests.support.live_server import PROGRAM, program_environment
from tests.support.make import make_survey
from tests.support.make_many import make_invitations

MOMENTS = 20
POSTERS = 16
CLEAN_STOP_SECONDS = 15
"""The server gives its processes 20 before it kills them: by then it was no clean stop."""


class RunningServer:
    """One server: its parent process and its web process, in a process group of their own."""

    def __init__(self, settings: Settings, log: Path) -> None:
        self.log = log
        self.port = free_port("127.0.0.1")
        self.address = f"http://127.0.0.1:{self.port}"
        environment = program_environment(
            settings, SURVEY_PORT=str(self.port), SURVEY_PUBLIC_URL=self.address
        )
        with log.open("wb") as output:
            self.process = subprocess.Popen(
                [*PROGRAM, "serve"],
                env=environment,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    async def wait_until_ready(self) -> None:
        """Return once it answers."""
        async with asyncio.timeout(120), httpx.AsyncClient() as client:
            while True:
                assert self.process.poll() is None, self.log.read_text()
                try:
                    if (await client.get(f"{self.address}/ready")).status_code == 200:
                        return
                except httpx.TransportError:
                    await asyncio.sleep(0.05)

    def kill(self) -> None:
        """Kill -9, all its processes at once."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@contextmanager
def started(settings: Settings, log: Path) -> Iterator[RunningServer]:
    """A server that is surely gone afterwards."""
    server = RunningServer(settings, log)
    try:
        yield server
    finally:
        server.kill()


class Posters:
    """Browsers that post as fast as they are answered, and remember what they were told."""

    def __init__(self, tokens: list[str], *, is_anonymous: bool) -> None:
        self._tokens = iter(tokens)
        self._is_anonymous = is_anonymous
        self.acknowledged: list[str] = []
        self.refused: list[int] = []
        self.first = asyncio.Event()

    async def post(self, address: str) -> None:
        """Post until the server is gone."""
        async with httpx.AsyncClient(base_url=address) as client:
            for token in self._tokens:
                try:
                    copy = {"open-submission": make_copy()} if self._is_anonymous else {}
                    answer = await client.post(f"/s/{token}/en", data={"q1": "yes", "q3": "3"} | copy)
                except httpx.TransportError:
                    return
                if answer.status_code == 303:
                    self.acknowledged.append(token)
                    self.first.set()
                else:
                    self.refused.append(answer.status_code)


@asynccontextmanager
async def under_load(
    server: RunningServer, tokens: list[str], *, is_anonymous: bool = False
) -> AsyncIterator[Posters]:
    """Posters at work; afterwards they have all found the server gone."""
    posters = Posters(tokens, is_anonymous=is_anonymous)
    tasks = [asyncio.create_task(posters.post(server.address)) for _ in range(POSTERS)]
    async with asyncio.timeout(60):
        await posters.first.wait()
        yield posters
        await asyncio.gather(*tasks)


async def stored_hashes(url: str) -> set[bytes]:
    """Token hashes of whole responses: marked, with every answer and charged once; anything else fails."""
    connection = await asyncpg.connect(url)
    try:
        rows = await connection.fetch(
            """SELECT invitation.token_hash, invitation.state,
                      (SELECT count(*) FROM answer WHERE answer.response = response.id) AS answers
               FROM response JOIN invitation ON invitation.id = response.invitation"""
        )
        marked = await connection.fetchval("SELECT count(*) FROM invitation WHERE state = 'answered'")
        charged = await connection.fetchval("SELECT count(*) FROM ledger_event WHERE kind = 'answer'")
    finally:
        await connection.close()
    assert all((row["state"], row["answers"]) == ("answered", 2) for row in rows)
    assert len(rows) == marked == charged
    return {row["token_hash"] for row in rows}


async def test_what_was_acknowledged_is_there_after_kill_9(
    database: str, settings: Settings, tmp_path: Path
) -> None:
    survey = await make_survey()
    chance = random.Random(20)
    acknowledged: set[bytes | None] = set()
    upcoming = RunningServer(settings, tmp_path / "server-0.log")
    try:
        for moment in range(MOMENTS):
            server, upcoming = upcoming, RunningServer(settings, tmp_path / f"server-{moment + 1}.log")
            tokens = await make_invitations(survey, 400)
            await server.wait_until_ready()
            async with under_load(server, tokens) as posters:
                await asyncio.sleep(chance.uniform(0, 0.25))
                server.kill()
            assert posters.refused == []
            assert len(posters.acknowledged) < 400, "the server was not killed under load"
            acknowledged |= {hash_token(token) for token in posters.acknowledged}
            assert acknowledged <= await stored_hashes(database)
    finally:
        server.kill()
        upcoming.kill()
    assert len(acknowledged) >= MOMENTS


async def used_links(url: str) -> set[bytes]:
    """Token hashes of used links of an anonymous survey: each charged once, with one sealed form for each."""
    connection = await asyncpg.connect(url)
    try:
        rows = await connection.fetch("SELECT token_hash FROM invitation WHERE state = 'answered'")
        sealed = await connection.fetch("SELECT sealed FROM sealed_answer")
        charged = await connection.fetchval("SELECT count(*) FROM ledger_event WHERE kind = 'anonymous'")
        linked = await connection.fetchval("SELECT count(*) FROM response")
    finally:
        await connection.close()
    assert len(rows) == len(sealed) == charged
    assert linked == 0
    opened = [open_sealed(SECRET_KEY.encode(), row["sealed"]) for row in sealed]
    assert all(len(form.answers) == 2 for form in opened)
    return {row["token_hash"] for row in rows}


async def test_anonymous_answers_are_whole_after_kill_9_and_count_once_at_two_processes(
    database: str, settings: Settings, tmp_path: Path
) -> None:
    survey = await make_anonymous_survey()
    with started(settings, tmp_path / "one.log") as one, started(settings, tmp_path / "two.log") as two:
        tokens = await make_invitations(survey, 5)
        await asyncio.gather(one.wait_until_ready(), two.wait_until_ready())
        async with httpx.AsyncClient() as client:
            for token in tokens:
                answers = await asyncio.gather(
                    *(
                        client.post(
                            f"{server.address}/s/{token}/en",
                            data={"q1": "yes", "q3": "3", "open-submission": make_copy()},
                        )
                        for server in (one, two)
                        for _ in range(3)
                    )
                )
                assert sorted(answer.status_code for answer in answers) == [303, *[409] * 5]
        acknowledged = {hash_token(token) for token in tokens}
        assert await used_links(database) == acknowledged
        for server in (one, two):
            tokens = await make_invitations(survey, 300)
            async with under_load(server, tokens, is_anonymous=True) as posters:
                await asyncio.sleep(0.15)
                server.kill()
            assert posters.refused == []
            assert len(posters.acknowledged) < 300, "the server was not killed under load"
            acknowledged |= {hash_token(token) for token in posters.acknowledged}
            assert acknowledged <= await used_links(database)


async def test_a_stop_under_load_is_quick_and_loses_nothing(
    database: str, settings: Settings, tmp_path: Path
) -> None:
    tokens = await make_invitations(await make_survey(), 5_000)
    with started(settings, tmp_path / "server.log") as server:
        await server.wait_until_ready()
        async with under_load(server, tokens) as posters:
            await asyncio.sleep(0.3)
            asked = time.monotonic()
            server.process.terminate()
            code = await asyncio.to_thread(server.process.wait, 30)
            taken = time.monotonic() - asked
        assert code == 0, server.log.read_text()
        assert taken < CLEAN_STOP_SECONDS
        assert set(posters.refused) <= {503}
        stored = await stored_hashes(database)
        assert {hash_token(token) for token in posters.acknowledged} <= stored
        # A stop in good order finishes what it began: nobody is left in doubt about a stored answer.
        assert len(stored) - len(posters.acknowledged) <= POSTERS


@pytest.mark.parametrize("rounds", [10])
async def test_one_token_posted_to_two_processes_at_once_counts_once(
    database: str, settings: Settings, tmp_path: Path, rounds: int
) -> None:
    tokens = await make_invitations(await make_survey(), rounds)
    with (
        started(settings, tmp_path / "one.log") as one,
        started(settings, tmp_path / "two.log") as two,
    ):
        await asyncio.gather(one.wait_until_ready(), two.wait_until_ready())
        async with httpx.AsyncClient() as client:
            for token in tokens:
                answers = await asyncio.gather(
                    *(
                        client.post(f"{server.address}/s/{token}/en", data={"q1": "yes", "q3": "3"})
                        for server in (one, two)
                        for _ in range(3)
                    )
                )
                assert sorted(answer.status_code for answer in answers) == [303, *[409] * 5]
                for server in (one, two):
                    thanks = await client.get(f"{server.address}/s/{token}/en/thanks")
                    assert thanks.status_code == 200
    assert await stored_hashes(database) == {hash_token(token) for token in tokens}
