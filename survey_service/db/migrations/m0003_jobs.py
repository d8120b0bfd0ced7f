"""The tables of the job queue: procrastinate's own migration files, up to the one named here.

Later files come in with a migration of their own (`apply_after(LAST, …)`), so that every database passes
through the same steps, whichever release of procrastinate it was first made with.
"""

from pathlib import Path

import procrastinate.schema
from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from survey_service.db.engine import ENGINE

ID = "2026-11-23T23:34:09:000000"
VERSION = "1.38.0"
DESCRIPTION = "jobs"

LAST = "03.04.00_50_post_add_retry_failed_job_procedure.sql"


async def apply_after(first: str, last: str) -> None:
    """Run procrastinate's migration files after `first` (not itself) up to and with `last`.

    Each in a transaction of its own: before PostgreSQL 17 a value added to an enumeration may be used only
    after the commit.
    """
    files = sorted(Path(procrastinate.schema.migrations_path).glob("*.sql"))
    own = await ENGINE.get_new_connection()
    try:
        for file in files:
            if first < file.name <= last:
                await own.execute(file.read_text(encoding="utf-8"))
    finally:
        await own.close()


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="survey_service", description=DESCRIPTION)

    async def run() -> None:
        await remove_everything()  # that an attempt which broke off may have left
        await apply_after("", LAST)

    manager.add_raw(run)
    manager.add_raw_backwards(remove_everything)
    return manager


async def remove_everything() -> None:
    """Drop whatever is procrastinate's."""
    own = await ENGINE.get_new_connection()
    try:
        await own.execute(
            """
                DO $$ DECLARE object record; BEGIN
                    FOR object IN SELECT oid::regclass AS name FROM pg_class
                        WHERE relkind = 'r' AND relname LIKE 'procrastinate\\_%'
                    LOOP EXECUTE format('DROP TABLE IF EXISTS %s CASCADE', object.name); END LOOP;
                    FOR object IN SELECT oid::regprocedure AS name FROM pg_proc
                        WHERE proname LIKE 'procrastinate\\_%'
                    LOOP EXECUTE format('DROP FUNCTION IF EXISTS %s CASCADE', object.name); END LOOP;
                    FOR object IN SELECT typname AS name FROM pg_type
                        WHERE typtype IN ('e', 'c') AND typname LIKE 'procrastinate\\_%'
                    LOOP EXECUTE format('DROP TYPE IF EXISTS %I CASCADE', object.name); END LOOP;
                END $$
                """
        )
    finally:
        await own.close()
