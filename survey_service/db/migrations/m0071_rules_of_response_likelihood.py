"""Rules of response likelihood that Piccolo's columns cannot say."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.table import Table

ID = "2026-11-25T20:58:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "rules of response likelihood"

CHECKS = {
    "likelihood_model_says_why": ("likelihood_model", "btrim(reason) <> ''"),
    "likelihood_verdict_counts": ("likelihood_verdict", "invitations > 0 AND answered <= invitations"),
    "likelihood_permission_is_named": (
        "likelihood_permission",
        "btrim(attribute) <> '' AND btrim(record) <> '' AND btrim(permitted_by) <> ''",
    ),
    "likelihood_permission_withdrawn_by_somebody": (
        "likelihood_permission",
        "(withdrawn_at IS NULL) = (withdrawn_by IS NULL)",
    ),
}
ONE_OPEN = """CREATE UNIQUE INDEX likelihood_permission_attribute_open
    ON likelihood_permission (attribute) WHERE withdrawn_at IS NULL"""


class Raw(Table):
    """Carries raw statements; no such table exists."""


async def run():
    for name, (table, rule) in CHECKS.items():
        await Raw.raw(f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({rule})")
    await Raw.raw(ONE_OPEN)
    # Compressed already: trying again costs time and gains nothing.
    await Raw.raw("ALTER TABLE likelihood_model ALTER COLUMN content SET STORAGE EXTERNAL")


async def run_backwards():
    await Raw.raw("DROP INDEX likelihood_permission_attribute_open")
    for name, (table, _) in CHECKS.items():
        await Raw.raw(f"ALTER TABLE {table} DROP CONSTRAINT {name}")


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="survey_service", description=DESCRIPTION)
    manager.add_raw(run)
    manager.add_raw_backwards(run_backwards)
    return manager
