"""`python -m benchmarks.likelihood [invitations]`: features as of a million invitations; 1 if over a minute.

From PostgreSQL to the matrix that a model learns from, with the product's own service. The floor is a bare
binary COPY of the same invitations and ledger events, joined with nothing and made into nothing. With --data
the filled database is kept and used again.
"""

import argparse
import asyncio
import atexit
import resource
import shutil
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from benchmarks.filled_register import fill, open_survey
from benchmarks.register import timed
from survey_service.db import embedded, engine
from survey_service.db.columns import read_columns
from survey_service.db.migrate import migrate
from survey_service.services.likelihood.gather_history import gather_history

WAVES = 5
MOST_SECONDS = 60.0

# Every wave asks the next of the people, as a queue does; every sixth answers.
_WAVE = """
WITH wave AS (INSERT INTO wave (survey, number, created_at) VALUES ($1, $2, {sent}) RETURNING id),
draw AS (
    INSERT INTO draw (wave, on_day, seed, algorithm, frame_hash, frame, rules)
    SELECT id, current_date, 'made', 'made', '', '', '{{}}' FROM wave RETURNING id, wave),
replicate AS (INSERT INTO replicate (draw, number) SELECT id, 1 FROM draw RETURNING id),
stratum AS (INSERT INTO stratum (survey, name) VALUES ($1, 'wave ' || $2::text) RETURNING id),
made AS (
    SELECT c.id AS contact, c.unit, c.pseudonym, c.channel, u.cell, nextval('receipt_id_seq') AS receipt,
        nextval('draw_member_id_seq') AS member, nextval('invitation_id_seq') AS invitation
    FROM contact c JOIN unit u ON u.id = c.unit
    WHERE c.id % {people} >= $3 AND c.id % {people} < $4
        AND NOT EXISTS (SELECT FROM contact other WHERE other.unit = c.unit AND other.id < c.id)),
receipts AS (
    INSERT INTO receipt (id, contact, kind, survey, at)
    SELECT receipt, contact, 'invitation', $1, {sent} FROM made),
members AS (
    INSERT INTO draw_member (id, draw, position, unit, contact, cell, stratum, replicate, form, ticket_before,
        inclusion_probability, weight)
    SELECT member, draw.id, 1, unit, contact, cell, stratum.id, replicate.id, $5, 0.5, 0.5, 2
    FROM made, draw, replicate, stratum),
messages AS (
    INSERT INTO message (receipt, contact, invitation, kind, channel, state, queued_at, sent_at)
    SELECT receipt, contact, invitation, 'invitation', channel, 'sent', {sent}, {sent} FROM made),
charged AS (
    INSERT INTO ledger_event (pseudonym, kind, seconds, planned_seconds, survey_slug, receipt, at)
    SELECT pseudonym, 'invitation', 15, 180, 'benchmark', receipt, {sent} FROM made)
INSERT INTO invitation (id, wave, contact, draw_member, form, receipt, token_hash, language, state, sent_at,
    expires_at, answered_at)
SELECT invitation, draw.wave, contact, member, $5, receipt, decode(md5('b' || invitation), 'hex'), 'en',
    CASE WHEN contact % 6 = 0 THEN 'answered' ELSE 'sent' END, {sent}, {sent} + interval '28 days',
    CASE WHEN contact % 6 = 0 THEN {sent} + interval '2 days' END
FROM made, draw
"""


async def send_waves(invitations: int, people: int) -> None:
    """Fill so many invitations, in waves 60 days apart, the last one 40 days ago."""
    survey = await open_survey(1)
    form = next(iter(survey.forms.values()))
    each = invitations * 20 // (19 * WAVES)  # one in twenty lives with somebody who is asked instead
    async with engine.connection() as connection:
        for wave in range(WAVES):
            sent = f"now() - interval '{40 + 60 * (WAVES - 1 - wave)} days'"
            first = wave * each % people
            spans = [(first, min(first + each, people)), (0, max(0, first + each - people))]
            for part, (low, high) in enumerate(one for one in spans if one[1] > one[0]):
                statement = _WAVE.format(people=people, sent=sent)
                await connection.execute(statement, survey.id, 2 * wave + part + 1, low, high, form)
        for table in ("invitation", "draw_member", "message", "receipt", "ledger_event"):
            await connection.execute(f"VACUUM ANALYZE {table}")
        await connection.execute("CHECKPOINT")


async def read_bare() -> int:
    """Read the same rows and nothing else; return how many."""
    sent = await read_columns(
        "SELECT id, contact, wave, form, sent_at FROM invitation WHERE sent_at IS NOT NULL",
        columns={"id": "int8", "contact": "int8", "wave": "int8", "form": "int8", "at": "timestamptz"},
    )
    charged = await read_columns(
        "SELECT id, planned_seconds, at FROM ledger_event WHERE kind IN ('invitation', 'reminder')",
        columns={"id": "int8", "planned_seconds": "int4", "at": "timestamptz"},
    )
    return int(sent["id"].size + charged["id"].size)


async def measure() -> bool:
    """Time floor and features; return whether they keep to the bar."""
    bare, rows = await timed(read_bare())
    before = time.process_time()
    seconds, gathered = await timed(gather_history(datetime.now(UTC)))
    cpu = time.process_time() - before
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10
    matrix = gathered.features.matrix
    print(
        f"{gathered.answered.size:,} invitations x {matrix.shape[1]} features of {rows:,} rows, "
        f"{np.unique(gathered.contact).size:,} people"
    )
    print(
        f"  {seconds:.1f} s (bar {MOST_SECONDS:g}), of them {cpu:.1f} s of this process's own; "
        f"bare COPY {bare:.1f} s, ratio {seconds / bare:.1f}; peak memory {peak:,.0f} MB"
    )
    reached = seconds < MOST_SECONDS and gathered.is_over.all() and np.nanmax(matrix[:, -1]) == 0
    print(f"  {'reached' if reached else 'MISSED'}")
    return bool(reached)


async def run(invitations: int, folder: Path) -> bool:
    """Fill the database unless it is, then measure."""
    url = embedded.start(folder).url(engine.DATABASE)
    async with engine.open_database(url):
        await migrate()
        async with engine.connection() as connection:
            filled = await connection.fetchval("SELECT count(*) FROM invitation")
        if not filled:
            people = max(100, invitations * 2 // 5)
            seconds, _ = await timed(fill(people))
            more, _ = await timed(send_waves(invitations, people))
            print(f"filled in {seconds + more:.0f} s")
        return await measure()


def main() -> int:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.likelihood", description=__doc__)
    parser.add_argument("invitations", type=int, nargs="?", default=1_000_000)
    parser.add_argument("--data", type=Path, help="folder of a database to keep (default: a temporary one)")
    arguments = parser.parse_args()
    folder = arguments.data or Path(tempfile.mkdtemp(prefix="survey-benchmarks-"))
    if arguments.data is None:
        # The folder goes after the database server, which stops when this process ends.
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return 0 if asyncio.run(run(arguments.invitations, folder)) else 1


if __name__ == "__main__":
    raise SystemExit(main())
