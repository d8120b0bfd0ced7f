"""What the benchmarks of the web stand on: a database of their own with real commits, and one server."""

import asyncio
import atexit
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from benchmarks.cpu_clock import postmaster_of, seconds_of
from survey_service.cli.serve import free_port
from survey_service.db import embedded, engine
from survey_service.db.migrate import migrate
from tests.support.make import make_survey
from tests.support.make_many import make_invitations

SERVER = """
from granian import Granian
from granian.constants import Interfaces, Loops
import sys
Granian("benchmarks.app:create", factory=True, address="127.0.0.1", port=int(sys.argv[1]), workers=1,
        interface=Interfaces.ASGI, loop=Loops.uvloop, websockets=False, log_enabled=False).serve()
"""
KEY = "a key of forty characters for benchmarks."


@dataclass(frozen=True)
class Ground:
    """A running server and tokens nobody has used."""

    address: str
    tokens: list[str]
    """In no order, as people answer."""
    server: int
    postmaster: int

    def spent(self) -> tuple[float, float]:
        """Seconds of processor time so far: of the web server, and of PostgreSQL."""
        return seconds_of(self.server), seconds_of(self.postmaster)

    def get(self, path: str) -> bytes:
        """Fetch a page."""
        with urllib.request.urlopen(f"{self.address}{path}") as answer:
            body: bytes = answer.read()
        return body

    def post(self, path: str, body: bytes = b"-") -> None:
        """Tell the server of the benchmarks something."""
        request = urllib.request.Request(f"{self.address}{path}", data=body, method="POST")
        urllib.request.urlopen(request).close()

    def use_writer(self, name: str) -> None:
        """Have answers stored in this way from now on."""
        self.post(f"/health/writer/{quote(name)}")


@contextmanager
def ground(tokens: int) -> Iterator[Ground]:
    """The real application on granian with one worker, on an embedded database with `tokens` open links."""
    folder = tempfile.mkdtemp(prefix="survey-benchmarks-")
    # The folder goes after the database server, which stops when this process ends.
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    url = embedded.start(Path(folder)).url(engine.DATABASE)
    made = asyncio.run(_fill(url, tokens))
    port = free_port("127.0.0.1")
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("SURVEY_")},
        "SURVEY_DATABASE_URL": url,
        "SURVEY_DATA_DIR": folder,
        "SURVEY_SECRET_KEY": KEY,
        "SURVEY_PUBLIC_URL": f"http://127.0.0.1:{port}",
    }
    process = subprocess.Popen([sys.executable, "-c", SERVER, str(port)], env=environment)
    try:
        running = Ground(f"http://127.0.0.1:{port}", made, process.pid, postmaster_of(Path(folder)))
        _wait_for(running, process)
        yield running
    finally:
        process.terminate()
        process.wait(30)


async def _fill(url: str, tokens: int) -> list[str]:
    async with engine.open_database(url):
        await migrate()
        survey = await make_survey()
        made: list[str] = []
        while len(made) < tokens:
            made += await make_invitations(survey, min(10_000, tokens - len(made)), secret_key=KEY.encode())
        async with engine.connection() as connection:
            await connection.execute("ANALYZE")
            await connection.execute("CHECKPOINT")
    random.Random(1).shuffle(made)
    return made


def _wait_for(running: Ground, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(600):
        assert process.poll() is None, "the server ended"
        try:
            running.get("/ready")
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError("the server does not answer")
