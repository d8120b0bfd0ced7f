"""Whether a language is offered is kept in memory by web processes: they are told when that changes."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from survey_service.db.engine import connection

ID = "2026-11-25T20:53:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "tell of accepted languages"

TABLES = ("translation_review", "accepted_language")


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="survey_service", description=DESCRIPTION)

    async def run() -> None:
        async with connection() as lent:
            for table in TABLES:
                await lent.execute(
                    f"""CREATE TRIGGER {table}_changed AFTER INSERT OR UPDATE OR DELETE ON {table}
                        FOR EACH STATEMENT EXECUTE FUNCTION tell_all_changed()"""
                )

    async def run_backwards() -> None:
        async with connection() as lent:
            for table in TABLES:
                await lent.execute(f"DROP TRIGGER {table}_changed ON {table}")

    manager.add_raw(run)
    manager.add_raw_backwards(run_backwards)
    return manager
