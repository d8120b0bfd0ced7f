"""Rules of approvals and exceptions that Piccolo's columns cannot say."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.table import Table

ID = "2026-11-24T04:14:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "rules of approvals and exceptions"

CHECKS = {
    "approval_spent_by_a_draw": ("approval", "draw IS NULL OR state = 'spent'"),
    "budget_exception_has_reason": ("budget_exception", "btrim(reason) <> ''"),
    "budget_exception_two_people": (
        "budget_exception",
        "btrim(requested_by) <> '' AND lower(btrim(requested_by)) <> lower(btrim(approver))",
    ),
}


class Raw(Table):
    """Carries raw statements; no such table exists."""


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="survey_service", description=DESCRIPTION)

    async def run():
        for name, (table, rule) in CHECKS.items():
            await Raw.raw(f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({rule})")

    async def run_backwards():
        for name, (table, _) in CHECKS.items():
            await Raw.raw(f"ALTER TABLE {table} DROP CONSTRAINT {name}")

    manager.add_raw(run)
    manager.add_raw_backwards(run_backwards)
    return manager
