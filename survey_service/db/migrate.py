"""Bring the database to the newest migration; safe to call from several processes at once."""

import contextlib
import io
import re
from pathlib import Path

import asyncpg
from piccolo.apps.migrations.commands.forwards import run_forwards
from piccolo.apps.migrations.tables import Migration

from survey_service.db.engine import connection
from survey_service.domain.errors import SurveyServiceError

ADVISORY_LOCK = 0x5355_5256
ID_LINE = re.compile(r'^ID = "(.+)"$', re.MULTILINE)


async def migrate() -> list[str]:
    """Run the migrations that have not run; return their names. Needs the database open."""
    async with connection() as lock:
        await lock.execute("SELECT pg_advisory_lock($1)", ADVISORY_LOCK)
        try:
            before = await _applied()
            output = io.StringIO()
            with contextlib.redirect_stdout(output):
                result = await run_forwards("survey_service")
            if not result.success:
                raise SurveyServiceError(f"The database could not be migrated: {result.message}")
            return sorted(await _applied() - before)
        finally:
            await lock.execute("SELECT pg_advisory_unlock($1)", ADVISORY_LOCK)


async def pending() -> list[str]:
    """Return the migrations that have not run; OSError when the database does not answer."""
    try:
        applied = await _applied()
    except (asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError) as error:
        raise OSError("the database does not answer") from error
    folder = Path(__file__).parent / "migrations"
    known = {found for file in folder.glob("m*.py") for found in ID_LINE.findall(file.read_text())}
    return sorted(known - applied)


async def _applied() -> set[str]:
    if not await Migration.table_exists():
        return set()
    rows = await Migration.select(Migration.name).where(Migration.app_name == "survey_service")
    return {row["name"] for row in rows}
