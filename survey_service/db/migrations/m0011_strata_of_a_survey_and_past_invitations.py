from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.column_types import Boolean
from piccolo.columns.indexes import IndexMethod
from piccolo.table import Table

ID = "2026-11-24T04:11:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "strata of a survey and past invitations"

# The past of a frame is read from the index alone: newsletters and answers are most of the ledger.
FORWARDS = """
    CREATE INDEX ledger_event_past_invitations ON ledger_event (at) INCLUDE (pseudonym, planned_seconds)
    WHERE kind = 'invitation'
"""
BACKWARDS = "DROP INDEX ledger_event_past_invitations"


class Raw(Table):
    """Carries raw statements; no such table exists."""


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="survey_service", description=DESCRIPTION)

    manager.add_column(
        table_class_name="Survey",
        tablename="survey",
        column_name="has_own_strata",
        db_column_name="has_own_strata",
        column_class_name="Boolean",
        column_class=Boolean,
        params={
            "default": False,
            "help_text": "set by name; otherwise each audience is a stratum",
            "null": False,
            "primary_key": False,
            "unique": False,
            "index": False,
            "index_method": IndexMethod.btree,
            "choices": None,
            "db_column_name": None,
            "secret": False,
        },
        schema=None,
    )

    async def run():
        await Raw.raw(FORWARDS)

    async def run_backwards():
        await Raw.raw(BACKWARDS)

    manager.add_raw(run)
    manager.add_raw_backwards(run_backwards)
    return manager
