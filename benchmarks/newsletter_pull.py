"""A full pull of a large newsletter list, against its bars: calls to Mailchimp, and memory that stays.

`python -m benchmarks.newsletter_pull 100000`. The sandbox runs in a process of its own, so that the memory
measured is the service's.
"""

import asyncio
import http.client
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from survey_service.db import engine
from survey_service.db.migrate import migrate
from survey_service.services.newsletter.connect_newsletter import connect_newsletter
from survey_service.services.newsletter.sync_newsletter import sync_newsletter
from survey_service.settings import Settings

MOST_CALLS = 1.1
"""For a thousand members."""
MOST_MIB = 150
"""More at the peak than before the pull, however many members there are."""
PART = 5_000
SECONDS_APART = 3


def order(base: str, what: str, body: Any = None) -> Any:
    """Order something of the sandbox."""
    connection = http.client.HTTPConnection(urlsplit(base).netloc, timeout=60)
    try:
        connection.request("POST", f"/sandbox/{what}", json.dumps(body or {}))
        return json.loads(connection.getresponse().read())
    finally:
        connection.close()


def start_sandbox(port: int) -> "subprocess.Popen[bytes]":
    """Start it and wait until it answers."""
    sandbox = subprocess.Popen(
        [sys.executable, "-m", "survey_service", "mailchimp", "sandbox", "--port", str(port)],
        stderr=subprocess.DEVNULL,
    )
    for _ in range(200):
        try:
            order(f"http://127.0.0.1:{port}", "violations")
            return sandbox
        except OSError:
            time.sleep(0.05)
    raise TimeoutError("the sandbox does not answer")


async def measure(members: int, base: str, folder: Path) -> bool:
    """Pull everybody once; return whether the bars are kept."""
    settings = Settings(
        data_dir=folder,
        mailchimp_api_key=os.environ.get("MAILCHIMP_KEY", "0123456789abcdef0123456789abcdef-sandbox"),
        mailchimp_api_base=f"{base}/3.0",
    )
    async with engine.open_database(engine.database_url(settings)):
        await migrate()
        await connect_newsletter(settings, with_hook=False)
        before = len(order(base, "log")["log"])
        held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        began = time.monotonic()
        result = await sync_newsletter(settings)
        seconds = time.monotonic() - began
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - held) / 1024
    calls = len(order(base, "log")["log"]) - before
    print(
        f"{members:,} members: {calls} calls (bar {MOST_CALLS * members / 1000:.0f}), {seconds:.1f} s, "
        f"{grown:.0f} MiB more at the peak (bar {MOST_MIB}), {result.seen:,} rows read"
    )
    return calls <= MOST_CALLS * members / 1000 and grown <= MOST_MIB


def main() -> None:
    """Fill the sandbox, pull, and say whether the bars are kept."""
    members = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    port = 8897
    base = f"http://127.0.0.1:{port}"
    sandbox = start_sandbox(port)
    try:
        for start in range(0, members, PART):
            part = range(start, min(start + PART, members))
            people = [
                {"email": f"reader{one}@example.org", "changed": 1_700_000_000 + one * SECONDS_APART}
                for one in part
            ]
            order(base, "people/seed", {"members": people})
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            is_kept = asyncio.run(measure(members, base, Path(folder)))
    finally:
        sandbox.terminate()
        sandbox.wait()
    sys.exit(0 if is_kept else 1)


if __name__ == "__main__":
    main()
