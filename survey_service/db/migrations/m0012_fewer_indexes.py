"""Every answer is written into each index of its table: those that no query needs go.

The ones on answer.response and ledger_event.pseudonym are the beginnings of others.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.column_types import ForeignKey
from piccolo.columns.column_types import UUID
from piccolo.table import Table

ID = "2026-11-24T02:57:41:476817"
VERSION = "1.38.0"
DESCRIPTION = "fewer indexes"


class Raw(Table):
    """Carries raw statements; no such table exists."""


async def drop_index():
    await Raw.raw("DROP INDEX answer_question_option")


async def make_index():
    await Raw.raw("CREATE INDEX answer_question_option ON answer (question, option)")


async def forwards():
    manager = MigrationManager(
        migration_id=ID, app_name="survey_service", description=DESCRIPTION
    )

    manager.alter_column(
        table_class_name="LedgerEvent",
        tablename="ledger_event",
        column_name="pseudonym",
        db_column_name="pseudonym",
        params={"index": False},
        old_params={"index": True},
        column_class=UUID,
        old_column_class=UUID,
        schema=None,
    )

    manager.alter_column(
        table_class_name="Answer",
        tablename="answer",
        column_name="response",
        db_column_name="response",
        params={"index": False},
        old_params={"index": True},
        column_class=ForeignKey,
        old_column_class=ForeignKey,
        schema=None,
    )

    manager.alter_column(
        table_class_name="Response",
        tablename="response",
        column_name="questionnaire_version",
        db_column_name="questionnaire_version",
        params={"index": False},
        old_params={"index": True},
        column_class=ForeignKey,
        old_column_class=ForeignKey,
        schema=None,
    )

    manager.alter_column(
        table_class_name="Response",
        tablename="response",
        column_name="form",
        db_column_name="form",
        params={"index": False},
        old_params={"index": True},
        column_class=ForeignKey,
        old_column_class=ForeignKey,
        schema=None,
    )

    manager.add_raw(drop_index)
    manager.add_raw_backwards(make_index)
    return manager
