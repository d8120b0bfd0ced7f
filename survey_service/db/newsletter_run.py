"""Pulls of members, one at a time for a list, and the alarms of a connection."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

import msgspec

from survey_service.db.engine import connection

ADVISORY_CLASS = 0x4E4C


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """A pull and how far it is."""

    id: int
    kind: str
    since: str | None
    page_offset: int
    pages: int
    seen: int
    changed: int
    vanished: int
    started_at: datetime
    ended_at: datetime | None
    error: str


_COLUMNS = ", ".join(Run.__struct_fields__)


@asynccontextmanager
async def working_alone(found: int, part: int) -> AsyncIterator[bool]:
    """Say whether nobody else does this part of the work for a list; a killed process lets go of it."""
    key = found * 8 + part
    async with connection() as lent:
        is_alone = bool(await lent.fetchval("SELECT pg_try_advisory_lock($1, $2)", ADVISORY_CLASS, key))
        try:
            yield is_alone
        finally:
            if is_alone:
                await lent.execute("SELECT pg_advisory_unlock($1, $2)", ADVISORY_CLASS, key)


async def find_live_run(found: int) -> Run | None:
    """Return the pull that was not finished: it goes on where it was."""
    async with connection() as lent:
        row = await lent.fetchrow(
            f"SELECT {_COLUMNS} FROM newsletter_run WHERE connection = $1 AND ended_at IS NULL",  # noqa: S608
            found,
        )
    return None if row is None else Run(**row)


async def start_run(found: int, kind: str, since: str | None, at: datetime) -> Run:
    """Begin a pull."""
    async with connection() as lent:
        row = await lent.fetchrow(
            f"""INSERT INTO newsletter_run (connection, kind, since, started_at) VALUES ($1, $2, $3, $4)
                RETURNING {_COLUMNS}""",  # noqa: S608
            found, kind, since, at,
        )  # fmt: skip
    return Run(**row)


async def turn_page(run: int, since: str | None, page_offset: int, seen: int, changed: int) -> Run:
    """Note the place after a page; in the transaction that takes the page."""
    async with connection() as lent:
        row = await lent.fetchrow(
            f"""UPDATE newsletter_run SET since = $2, page_offset = $3, pages = pages + 1,
                    seen = seen + $4, changed = changed + $5, error = '' WHERE id = $1
                RETURNING {_COLUMNS}""",  # noqa: S608
            run, since, page_offset, seen, changed,
        )  # fmt: skip
    return Run(**row)


async def note_error(run: int, error: str) -> None:
    """Note why a pull stands still; the next one goes on with it."""
    async with connection() as lent:
        await lent.execute("UPDATE newsletter_run SET error = $2 WHERE id = $1", run, error[:300])


async def end_run(run: int, at: datetime, *, vanished: int = 0, error: str = "") -> None:
    """End a pull."""
    async with connection() as lent:
        await lent.execute(
            "UPDATE newsletter_run SET ended_at = $2, vanished = $3, error = $4 WHERE id = $1",
            run, at, vanished, error[:300],
        )  # fmt: skip


async def list_runs(found: int, limit: int) -> list[Run]:
    """Return the latest pulls, the newest first."""
    async with connection() as lent:
        rows = await lent.fetch(
            f"SELECT {_COLUMNS} FROM newsletter_run WHERE connection = $1 ORDER BY id DESC LIMIT $2",  # noqa: S608
            found,
            limit,
        )
    return [Run(**row) for row in rows]


class Alarm(msgspec.Struct, frozen=True, kw_only=True):
    """Something somebody must look at."""

    kind: str
    message: str
    times: int
    first_at: datetime
    last_at: datetime


class EndedAlarm(Alarm, frozen=True, kw_only=True):
    """One whose cause is gone."""

    ended_at: datetime


async def raise_alarm(found: int, kind: str, message: str) -> None:
    """Raise an alarm, or count it where it is raised already."""
    async with connection() as lent:
        await lent.execute(
            """INSERT INTO newsletter_alarm (connection, kind, message) VALUES ($1, $2, $3)
               ON CONFLICT (connection, kind) WHERE ended_at IS NULL
               DO UPDATE SET times = newsletter_alarm.times + 1, last_at = now(),
                   message = excluded.message""",
            found, kind, message[:300],
        )  # fmt: skip


async def end_alarm(found: int, *kinds: str) -> None:
    """End alarms whose cause is gone."""
    async with connection() as lent:
        await lent.execute(
            """UPDATE newsletter_alarm SET ended_at = now()
               WHERE connection = $1 AND kind = ANY ($2::text[]) AND ended_at IS NULL""",
            found, list(kinds),
        )  # fmt: skip


async def list_ended_alarms(found: int, since: datetime) -> list[EndedAlarm]:
    """Return what was an alarm and is none any more, the newest first."""
    async with connection() as lent:
        rows = await lent.fetch(
            """SELECT kind, message, times, first_at, last_at, ended_at FROM newsletter_alarm
               WHERE connection = $1 AND ended_at >= $2 ORDER BY ended_at DESC LIMIT 20""",
            found, since,
        )  # fmt: skip
    return [EndedAlarm(**row) for row in rows]


async def list_alarms(found: int) -> list[Alarm]:
    """Return the open alarms, the newest first."""
    async with connection() as lent:
        rows = await lent.fetch(
            """SELECT kind, message, times, first_at, last_at FROM newsletter_alarm
               WHERE connection = $1 AND ended_at IS NULL ORDER BY last_at DESC""",
            found,
        )
    return [Alarm(**row) for row in rows]
