"""The embedded server: shared by processes, stopped by the last, unharmed by a killed one."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

USE = """
import asyncio, sys
from pathlib import Path
import asyncpg
from survey_service.db import embedded
server = embedded.start(Path(sys.argv[1]))
async def ask():
    connection = await asyncpg.connect(server.url("postgres"))
    print(await connection.fetchval("SELECT pg_postmaster_start_time()"), flush=True)
    await connection.close()
asyncio.run(ask())
sys.stdin.readline()
"""


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """A folder whose path holds a space, an accent and a percent sign."""
    top = Path(tempfile.mkdtemp(prefix="survey test é 100% "))
    yield top / "data"
    shutil.rmtree(top, ignore_errors=True)


def use(data_dir: Path) -> "subprocess.Popen[str]":
    """Start a process that uses the server until its standard input closes."""
    return subprocess.Popen(
        [sys.executable, "-c", USE, str(data_dir)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
    )


def started_at(process: "subprocess.Popen[str]") -> str:
    """Read when the server it uses was started."""
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line, "the process died"
    return line


def leave(process: "subprocess.Popen[str]") -> None:
    """Let the process end of itself."""
    process.communicate(timeout=120)
    assert process.returncode == 0


def is_running(data_dir: Path) -> bool:
    """Say whether the server's own file names a living process."""
    file = data_dir / "postgres" / "postmaster.pid"
    if not file.exists():
        return False
    return Path(f"/proc/{file.read_text().split()[0]}").exists()


def test_processes_share_one_server_and_the_last_one_stops_it(data_dir: Path) -> None:
    together = [use(data_dir) for _ in range(3)]
    assert len({started_at(process) for process in together}) == 1
    leave(together.pop(0))
    leave(together.pop(0))
    assert is_running(data_dir)
    leave(together.pop())
    assert not is_running(data_dir)


def test_a_killed_process_leaves_no_lock_behind(data_dir: Path) -> None:
    killed = use(data_dir)
    first = started_at(killed)
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    after = use(data_dir)
    assert started_at(after) == first
    leave(after)
    assert not is_running(data_dir)


def test_nobody_else_can_reach_the_socket(data_dir: Path) -> None:
    process = use(data_dir)
    started_at(process)
    for folder in (data_dir / "postgres", data_dir / "run"):
        if folder.exists():
            assert folder.stat().st_mode & 0o077 == 0
    leave(process)
