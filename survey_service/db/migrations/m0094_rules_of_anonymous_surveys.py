"""What columns cannot say of answers to anonymous surveys."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from survey_service.db.engine import connection

ID = "2026-11-26T00:12:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "rules of anonymous surveys"

CHECKS = {
    # An answer of the sample is known by its invitation or, in an anonymous survey, by its weight alone.
    "response_origin_matches": (
        "response",
        "num_nonnulls(invitation, weight) = CASE origin WHEN 'sample' THEN 1 ELSE 0 END",
    ),
    "response_anonymous_is_bare": (
        "response",
        "weight IS NULL OR (num_nonnulls(submission_hash, channel, active_seconds, charged_seconds,"
        " resume_hash, changed_at, entered_by, tablet) = 0 AND mode = 'web')",
    ),
    "response_layer_whole": (
        "response",
        "(draw IS NULL) = (stratum IS NULL) AND (draw IS NULL OR weight IS NOT NULL)",
    ),
    "danger_notice_has_a_text": ("danger_notice", "num_nonnulls(response, sealed_text) = 1"),
}

BEFORE = "(origin = 'sample') = (invitation IS NOT NULL)"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="survey_service", description=DESCRIPTION)

    async def run() -> None:
        async with connection() as lent:
            await lent.execute("ALTER TABLE response DROP CONSTRAINT response_origin_matches")
            for name, (table, rule) in CHECKS.items():
                await lent.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({rule})")

    async def run_backwards() -> None:
        async with connection() as lent:
            for name, (table, _) in CHECKS.items():
                await lent.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
            await lent.execute(f"ALTER TABLE response ADD CONSTRAINT response_origin_matches CHECK ({BEFORE})")

    manager.add_raw(run)
    manager.add_raw_backwards(run_backwards)
    return manager
