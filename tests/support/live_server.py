"""The program as it is installed and served: a process of its own on a test's database."""

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from survey_service.cli.serve import free_port
from survey_service.settings import Settings

CHECKOUT = Path(__file__).parents[2]
PROGRAM = [
    *(sys.executable, "-c"),
    f"import sys; sys.path.insert(0, {str(CHECKOUT)!r}); from survey_service.cli import main; main()",
]
"""The command line of this checkout, whether or not it is installed, from any folder."""

PATIENCE_SECONDS = 120


def program_environment(settings: Settings, **others: str) -> dict[str, str]:
    """The environment of a process that runs with these settings and no other SURVEY_ variable."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("SURVEY_")}
    chosen = {
        "SURVEY_DATABASE_URL": settings.database_url,
        "SURVEY_DATA_DIR": str(settings.data_dir),
        "SURVEY_SECRET_KEY": settings.secret_key,
        "SURVEY_PUBLIC_URL": settings.public_url,
    }
    return {**inherited, **chosen, **others}


@contextmanager
def serving(
    settings: Settings, log: Path, *, program: Sequence[str] = PROGRAM, **others: str
) -> Iterator[Settings]:
    """Serve on a free port; lend the settings with the address in them, and see that it ends in peace."""
    port = free_port("127.0.0.1")
    settings = replace(settings, public_url=f"http://127.0.0.1:{port}", secure_cookies=False)
    environment = program_environment(settings, SURVEY_PORT=str(port), **others)
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*program, "serve"], env=environment, cwd=log.parent, stdout=output, stderr=output
        )
    try:
        _wait_until_it_answers(process, settings.public_url, log)
        yield settings
        process.terminate()
        assert process.wait(PATIENCE_SECONDS) == 0, log.read_text()
    finally:
        process.kill()
        process.wait()


def _wait_until_it_answers(process: "subprocess.Popen[bytes]", address: str, log: Path) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        assert process.poll() is None, log.read_text()
        try:
            with urllib.request.urlopen(f"{address}/health", timeout=PATIENCE_SECONDS):
                return
        except (urllib.error.URLError, ConnectionError):
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.05)


def run_program(settings: Settings, command: str, *arguments: str, stdin: str | None = None) -> str:
    """Run one command of the command line to its end; return what it printed."""
    done = subprocess.run(
        [*PROGRAM, command, *arguments],
        env=program_environment(settings),
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_SECONDS,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
