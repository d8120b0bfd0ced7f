"""The worker as it is run: a process of its own on a real database, with real periodic jobs and signals."""

import asyncio
import json
import signal
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
import procrastinate.schema
import pytest

from survey_service.db.engine import connection
from survey_service.db.migrations.m0003_jobs import LAST
from survey_service.jobs.app import job_app
from survey_service.jobs.worker import GRACE_SECONDS
from survey_service.settings import Settings
from tests.support.live_server import PROGRAM, program_environment


def start_worker(settings: Settings, log: Path) -> subprocess.Popen[bytes]:
    """Start `survey-service worker` on the test's database."""
    with log.open("wb") as errors:
        return subprocess.Popen([*PROGRAM, "worker"], env=program_environment(settings), stderr=errors)


async def until(settings: Settings, question: str, wanted: object) -> None:
    """Ask the database until it gives the wanted answer."""
    asking = await asyncpg.connect(settings.database_url)
    try:
        async with asyncio.timeout(60):
            while await asking.fetchval(question) != wanted:
                await asyncio.sleep(0.1)
    finally:
        await asking.close()


async def add_session(expires_at: datetime, key_hash: bytes) -> None:
    async with connection() as lent:
        await lent.execute(
            """
            WITH staff AS (
                INSERT INTO staff (email, name, password_hash, role, department)
                SELECT $1, '', 'x', 'analyst', id FROM department RETURNING id)
            INSERT INTO staff_session (key_hash, staff, expires_at) SELECT $2, id, $3 FROM staff
            """,
            f"{key_hash.hex()}@example.org",
            key_hash,
            expires_at,
        )


async def test_a_started_worker_clears_what_expired_and_stops_at_sigterm(
    database: str, settings: Settings, tmp_path: Path
) -> None:
    now = datetime.now(UTC)
    async with connection() as lent:
        await lent.execute("INSERT INTO department (name) VALUES ('Communications')")
        await lent.executemany(
            "INSERT INTO sign_in_attempt (account_hash, network_hash, at) VALUES ($1, $1, $2)",
            [(b"old", now - timedelta(days=2)), (b"new", now - timedelta(minutes=1))],
        )
    await add_session(now - timedelta(seconds=1), b"ended")
    await add_session(now + timedelta(hours=1), b"alive")

    worker = start_worker(settings, tmp_path / "log")
    try:
        await until(settings, "SELECT string_agg(key_hash, ' ') FROM staff_session", b"alive")
        await until(settings, "SELECT string_agg(account_hash, ' ') FROM sign_in_attempt", b"new")
        await until(settings, "SELECT count(*) FROM procrastinate_jobs", 0)
        worker.send_signal(signal.SIGTERM)
        assert await asyncio.to_thread(worker.wait, 10) == 0
    finally:
        worker.kill()
        worker.wait()
    lines = [json.loads(line) for line in (tmp_path / "log").read_text().splitlines() if line[0] == "{"]
    done = {line["job"] for line in lines if line["event"] == "job done"}
    assert {"housekeeping:clear_expired", "housekeeping:take_up_stalled", "mail:send_outbox"} <= done


async def test_a_job_of_a_killed_worker_is_queued_again(
    database: str, settings: Settings, tmp_path: Path
) -> None:
    async with connection() as lent:
        gone = await lent.fetchval(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 hour') "
            "RETURNING id"
        )
        job = await lent.fetchval(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, status, worker_id, args) "
            "VALUES ('default', 'housekeeping:clear_expired', 'doing', $1, '{\"timestamp\": 0}') "
            "RETURNING id",
            gone,
        )
    worker = start_worker(settings, tmp_path / "log")
    try:
        await until(settings, f"SELECT count(*) FROM procrastinate_jobs WHERE id = {job}", 0)
    finally:
        worker.terminate()
        assert await asyncio.to_thread(worker.wait, GRACE_SECONDS) == 0


async def test_every_job_is_known_by_its_name(settings: Settings) -> None:
    named = {name for name in job_app(settings.database_url).tasks if not name.startswith("builtin:")}
    assert {"housekeeping:clear_expired", "housekeeping:take_up_stalled", "mail:send_outbox"} <= named


def test_the_queue_has_the_newest_tables() -> None:
    files = sorted(file.name for file in Path(procrastinate.schema.migrations_path).glob("*.sql"))
    assert files[-1] == LAST, (
        f"procrastinate brought migrations after {LAST}: add one of ours that calls "
        f"m0003_jobs.apply_after({LAST!r}, {files[-1]!r}) and let this test look at its name."
    )


@pytest.mark.parametrize("kind", ["table", "function", "type"])
async def test_the_queue_can_be_taken_out_and_put_back(database: str, kind: str) -> None:
    from survey_service.db.migrations.m0003_jobs import forwards

    count = {
        "table": "SELECT count(*) FROM pg_class WHERE relname LIKE 'procrastinate\\_%' AND relkind = 'r'",
        "function": "SELECT count(*) FROM pg_proc WHERE proname LIKE 'procrastinate\\_%'",
        "type": "SELECT count(*) FROM pg_type WHERE typname LIKE 'procrastinate\\_%' AND typtype = 'e'",
    }[kind]
    manager = await forwards()
    async with connection() as lent:
        before = await lent.fetchval(count)
        assert before > 0
        await manager.raw_backwards[0]()
        assert await lent.fetchval(count) == 0
        await manager.raw[0]()
        assert await lent.fetchval(count) == before
