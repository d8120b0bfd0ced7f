"""Rules of named limits and of requests for exceptions that Piccolo's columns cannot say."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.table import Table

ID = "2026-11-25T20:50:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "rules of limits and requests"

CHECKS = {
    "contact_limit_asks_once_at_least": ("contact_limit", "invitations >= 1 AND window_days >= 1"),
    "contact_limit_has_name_and_reason": ("contact_limit", "btrim(name) <> '' AND btrim(reason) <> ''"),
    "contact_limit_is_of_something": ("contact_limit", "purpose <> '' OR attribute <> ''"),
    "contact_limit_attribute_has_value": ("contact_limit", "(attribute = '') = (value = '')"),
    "exception_request_has_reason": ("exception_request", "btrim(reason) <> '' AND invitations >= 1"),
    "exception_request_state": (
        "exception_request",
        "state IN ('waiting', 'granted', 'refused', 'withdrawn')"
        " AND (state = 'granted') = (budget_exception IS NOT NULL)",
    ),
    "exception_request_two_people": (
        "exception_request",
        "decided_by IS DISTINCT FROM requested_by OR state IN ('waiting', 'withdrawn')",
    ),
}
NAME = "contact_limit_name_unique"


class Raw(Table):
    """Carries raw statements; no such table exists."""


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="survey_service", description=DESCRIPTION)

    async def run():
        for name, (table, rule) in CHECKS.items():
            await Raw.raw(f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({rule})")
        await Raw.raw(f"CREATE UNIQUE INDEX {NAME} ON contact_limit (lower(name)) WHERE ends_at IS NULL")

    async def run_backwards():
        await Raw.raw(f"DROP INDEX {NAME}")
        for name, (table, _) in CHECKS.items():
            await Raw.raw(f"ALTER TABLE {table} DROP CONSTRAINT {name}")

    manager.add_raw(run)
    manager.add_raw_backwards(run_backwards)
    return manager
