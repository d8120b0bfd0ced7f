"""What columns cannot say of tablets, and of answers that staff typed in."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from survey_service.db.engine import connection

ID = "2026-11-25T22:45:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "rules of tablets and modes"

CHECKS = {
    "response_mode_known": ("response", "mode IN ('web', 'tablet', 'paper', 'interview', 'phone')"),
    # Who typed an answer in is known for those that somebody typed in, and only for those.
    "response_mode_entered": (
        "response",
        "(mode IN ('paper', 'interview', 'phone')) = (entered_by IS NOT NULL)",
    ),
    "response_mode_tablet": ("response", "(mode = 'tablet') = (tablet IS NOT NULL)"),
    "tablet_event_named": ("tablet", "event <> ''"),
    "tablet_ends_after_it_starts": ("tablet", "expires_at > started_at"),
}


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="survey_service", description=DESCRIPTION)

    async def run() -> None:
        async with connection() as lent:
            for name, (table, rule) in CHECKS.items():
                await lent.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({rule})")

    async def run_backwards() -> None:
        async with connection() as lent:
            for name, (table, _) in CHECKS.items():
                await lent.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")

    manager.add_raw(run)
    manager.add_raw_backwards(run_backwards)
    return manager
