"""The load: requests from a list over kept-alive connections, by wrk where it is installed, else by asyncio.

A list is used up from its start, so that every phase of a run gets requests nobody sent before.
"""

import asyncio
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

CONNECTIONS = 64

WRK_SCRIPT = """
local requests, at = {}, 0
for line in io.lines(os.getenv("BENCHMARK_REQUESTS")) do
  local method, path, body = line:match("(%S+) (%S+) ?(.*)")
  local headers = body ~= "" and {["Content-Type"] = "application/x-www-form-urlencoded"} or {}
  requests[#requests + 1] = wrk.format(method, path, headers, body)
end
request = function()
  at = at % #requests + 1
  return requests[at]
end
done = function(summary, latency)
  local errors = summary.errors
  io.write(string.format("RESULT %d %d %d %d %d\\n", summary.requests, summary.duration,
    errors.status + errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(50), latency:percentile(99)))
end
"""


@dataclass(frozen=True)
class Request:
    """One request of a list."""

    method: str
    path: str
    body: str = ""


@dataclass(frozen=True)
class Measured:
    """What a phase gave."""

    requests: int
    rate: float
    failed: int
    p50_ms: float
    p99_ms: float
    server_us: float = 0
    database_us: float = 0
    """Processor time a request, where somebody read it."""


def generator_name() -> str:
    """Which generator makes the load on this machine."""
    return "wrk" if shutil.which("wrk") else "asyncio"


def measure(address: str, requests: list[Request], seconds: float) -> Measured:
    """Send requests for so many seconds, as fast as they are answered."""
    if shutil.which("wrk"):
        return _measure_with_wrk(address, requests, seconds)
    return asyncio.run(_measure_with_asyncio(address, requests, seconds))


def _measure_with_wrk(address: str, requests: list[Request], seconds: float) -> Measured:
    with tempfile.TemporaryDirectory() as folder:
        script, listed = Path(folder, "load.lua"), Path(folder, "requests.txt")
        script.write_text(WRK_SCRIPT)
        listed.write_text("".join(f"{r.method} {r.path} {r.body}\n" for r in requests))
        done = subprocess.run(
            ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds:g}s", "-s", str(script), address],
            env={"BENCHMARK_REQUESTS": str(listed)},
            executable=shutil.which("wrk"),
            capture_output=True,
            text=True,
            check=True,
        )
    line = next(line for line in done.stdout.splitlines() if line.startswith("RESULT"))
    count, microseconds, failed, p50, p99 = map(int, line.split()[1:])
    return Measured(count, count / microseconds * 1e6, failed, p50 / 1000, p99 / 1000)


async def _measure_with_asyncio(address: str, requests: list[Request], seconds: float) -> Measured:
    host, _, port = address.removeprefix("http://").partition(":")
    todo = iter(requests * (1 if requests[0].method == "POST" else 1_000))
    taken: list[float] = []
    failed = 0
    end = time.perf_counter() + seconds

    async def send_until_the_end() -> None:
        nonlocal failed
        reader, writer = await asyncio.open_connection(host, int(port))
        for request in todo:
            begun = time.perf_counter()
            if begun >= end:
                break
            writer.write(_encode(request, host))
            head = await reader.readuntil(b"\r\n\r\n")
            length = next(
                int(line.split(b":")[1])
                for line in head.split(b"\r\n")
                if line.lower().startswith(b"content-length")
            )
            await reader.readexactly(length)
            failed += head[9:10] not in b"23"
            taken.append(time.perf_counter() - begun)
        writer.close()

    begun = time.perf_counter()
    await asyncio.gather(*(send_until_the_end() for _ in range(CONNECTIONS)))
    spent = time.perf_counter() - begun
    taken.sort()
    p50, p99 = taken[len(taken) // 2] * 1000, taken[len(taken) * 99 // 100] * 1000
    return Measured(len(taken), len(taken) / spent, failed, p50, p99)


def _encode(request: Request, host: str) -> bytes:
    kind = "Content-Type: application/x-www-form-urlencoded\r\n" if request.body else ""
    return (
        f"{request.method} {request.path} HTTP/1.1\r\nHost: {host}\r\n{kind}"
        f"Content-Length: {len(request.body)}\r\n\r\n{request.body}"
    ).encode()
