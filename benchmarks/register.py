"""`python -m benchmarks.register [people]`: forecast and draw of 20,000 from a large register; 1 if too slow.

From PostgreSQL to written invitations, with the product's own services. Each stage is set beside a floor:
the same columns as bare binary COPY, the same rows copied into tables without an index, and bare
`argpartition` for the selection. Processor time says what a busy machine's clock does not. With --data the
filled database is kept and used again.
"""

import argparse
import asyncio
import atexit
import resource
import shutil
import tempfile
import time
from collections.abc import Awaitable
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.cpu_clock import CpuClock
from benchmarks.filled_register import EVENTS_EACH, STRATA, fill, open_survey
from survey_service.db import embedded, engine, register
from survey_service.db.columns import read_columns
from survey_service.db.engine import transaction
from survey_service.db.migrate import migrate
from survey_service.services.contacts.place_units import place_units
from survey_service.services.rotation.draw_wave import draw_wave, select_wave
from survey_service.services.rotation.forecast_survey import forecast_survey
from survey_service.services.rotation.survey_frame import today
from survey_service.settings import Settings

INVITED = 20_000
MOST_SECONDS, MOST_BYTES = 15.0, 2 * 2**30
KEY = "a key of forty characters for benchmarks."


class RolledBack(Exception):
    """Ends a transaction that was only looked at."""


async def timed(work: Awaitable[Any]) -> tuple[float, Any]:
    """Return the seconds a piece of work took, and what it gave."""
    start = time.perf_counter()
    given = await work
    return time.perf_counter() - start, given


_BARE = (
    (
        "SELECT id, cell, prn, ticket, coalesce(last_invited_on - DATE '0001-01-01', 0)::int8 FROM unit",
        {"id": "int8", "cell": "int8", "prn": "float8", "ticket": "float8", "last_invited": "int8"},
    ),
    ("SELECT unit, pseudonym FROM contact", {"unit": "int8", "pseudonym": "uuid"}),
    (
        "SELECT pseudonym, at, planned_seconds FROM ledger_event WHERE kind = 'invitation'"
        " AND at >= now() - interval '365 days'",
        {"pseudonym": "uuid", "at": "timestamptz", "planned_seconds": "int4"},
    ),
)
"""What a draw has to read: units, people and the invitations that count, and nothing more."""

TABLES_WRITTEN = 5
"""Members, receipts, invitations, ledger and outbox get a row for everybody invited."""


async def read_bare() -> dict[str, np.ndarray]:
    """Read it, one after the other; return the columns of the units."""
    units, *_ = [await read_columns(query, columns=columns) for query, columns in _BARE]
    return units


async def copy_bare(rows: int) -> None:
    """Copy as many rows as a draw writes into tables without index or reference."""
    async with transaction() as connection:
        for number in range(TABLES_WRITTEN):
            await connection.execute(
                f"CREATE TEMP TABLE bare{number} (a int8, b int8, c int8, d float8, e bytea) ON COMMIT DROP"
            )
            await connection.copy_records_to_table(
                f"bare{number}", records=[(one, one, one, 0.5, b"0" * 32) for one in range(rows)]
            )


async def select_only(slug: str, settings: Settings, n: int) -> tuple[float, float]:
    """Return the seconds of placing units and of the whole selection; nothing is kept."""
    placing = selecting = 0.0
    try:
        async with transaction():
            await register.lock_register()
            placing, _ = await timed(place_units())
            selecting, _ = await timed(select_wave(slug, settings, today(settings), "seed", n))
            raise RolledBack
    except RolledBack:
        return placing, selecting


def partition_bare(columns: dict[str, np.ndarray], n: int) -> float:
    """Return the seconds of `argpartition` over cells that are sorted already."""
    groups = [columns["ticket"][columns["cell"] == code] for code in np.unique(columns["cell"])]
    start = time.perf_counter()
    for group in groups:
        np.argpartition(group, min(n // len(groups), group.size - 1))
    return time.perf_counter() - start


async def measure(people: int, n: int, settings: Settings, clock: CpuClock) -> bool:
    """Time the stages; return whether seconds and memory keep to the bars."""
    async with engine.connection() as connection:
        number = await connection.fetchval("SELECT count(*) FROM survey")
    survey = await open_survey(number)
    bare_read, columns = await timed(read_bare())
    bare_copy, _ = await timed(copy_bare(n))
    placing, selecting = await select_only(survey.slug, settings, n)
    before = clock.read()
    forecasting, _ = await timed(forecast_survey(survey.slug, settings, n=n))
    drawing, drawn = await timed(draw_wave(survey.slug, settings, n=n))
    own, servers = (after - at for after, at in zip(clock.read(), before, strict=True))
    bare_partition = partition_bare(columns, n)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    events = EVENTS_EACH * people
    print(f"{people:,} contacts, {STRATA} strata, {events:,} events, {len(drawn.members):,} invited")
    total = forecasting + drawing
    stages = (
        ("units placed", placing, "bare COPY out", bare_read),
        ("selection with its reads", selecting, "bare COPY out", bare_read),
        ("selection with its reads", selecting, "bare argpartition", bare_partition),
        ("forecast", forecasting, "bare COPY out", bare_read),
        ("written beyond the selection", drawing - selecting, "bare COPY in", bare_copy),
        ("forecast and draw", total, "COPY out twice, in once", 2 * bare_read + bare_copy),
    )
    for stage, seconds, floor, least in stages:
        print(f"  {stage:30} {seconds:6.2f} s   {floor:24} {least:6.3f} s   ratio {seconds / least:8.1f}")
    print(f"  processor time: {own:.1f} s here, {servers:.1f} s in PostgreSQL")
    reached = total < MOST_SECONDS and peak < MOST_BYTES and len(drawn.members) == n
    print(
        f"  forecast and draw {total:.2f} s (bar {MOST_SECONDS:g}), peak memory {peak / 2**20:,.0f} MB "
        f"(bar {MOST_BYTES / 2**20:,.0f}): {'reached' if reached else 'MISSED'}"
    )
    return reached


async def run(people: int, folder: Path) -> bool:
    """Fill the database unless it is, then measure."""
    url = embedded.start(folder).url(engine.DATABASE)
    settings = Settings(database_url=url, data_dir=folder, secret_key=KEY, approval_threshold=10**9)
    async with engine.open_database(url):
        await migrate()
        async with engine.connection() as connection:
            filled = await connection.fetchval("SELECT count(*) FROM contact")
        if not filled:
            seconds, _ = await timed(fill(people))
            print(f"filled in {seconds:.0f} s")
        return await measure(filled or people, min(INVITED, people // 50), settings, CpuClock(folder))


def main() -> int:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.register", description=__doc__)
    parser.add_argument("people", type=int, nargs="?", default=1_000_000)
    parser.add_argument("--data", type=Path, help="folder of a database to keep (default: a temporary one)")
    arguments = parser.parse_args()
    folder = arguments.data or Path(tempfile.mkdtemp(prefix="survey-benchmarks-"))
    if arguments.data is None:
        # The folder goes after the database server, which stops when this process ends.
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return 0 if asyncio.run(run(arguments.people, folder)) else 1


if __name__ == "__main__":
    raise SystemExit(main())
