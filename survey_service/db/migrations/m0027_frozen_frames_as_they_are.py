"""A frozen frame arrives compressed: the server need not try again, page by page, while a draw waits."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.table import Table

ID = "2026-11-24T12:50:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "frozen frames as they are"


class Raw(Table):
    """Carries raw statements; no such table exists."""


async def store_plain():
    await Raw.raw("ALTER TABLE draw ALTER COLUMN frame SET STORAGE EXTERNAL")


async def store_extended():
    await Raw.raw("ALTER TABLE draw ALTER COLUMN frame SET STORAGE EXTENDED")


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="survey_service", description=DESCRIPTION)
    manager.add_raw(store_plain)
    manager.add_raw_backwards(store_extended)
    return manager
