"""Migrations: nothing is left to generate, and they hold their rules."""

import asyncpg
import pytest
from piccolo.apps.migrations.commands.new import NoChanges, _create_new_migration
from piccolo.conf.apps import Finder

from survey_service.db.engine import connection
from survey_service.db.migrate import migrate


async def test_no_migration_is_missing(database: str, tmp_path) -> None:
    app = Finder().get_app_config("survey_service")
    with pytest.raises(NoChanges):
        await _create_new_migration(app_config=app, auto=True, description="should not be needed")


async def test_migrating_twice_does_nothing(database: str) -> None:
    assert await migrate() == []


@pytest.mark.parametrize("table", ["ledger_event", "audit_event"])
@pytest.mark.parametrize("statement", ["DELETE FROM {}", "TRUNCATE {} CASCADE", "UPDATE {} SET at = now()"])
async def test_logs_are_append_only(database: str, table: str, statement: str) -> None:
    async with connection() as lent:
        with pytest.raises(asyncpg.RestrictViolationError):
            await lent.execute(statement.format(table))


async def test_every_foreign_key_refuses_to_cascade(database: str) -> None:
    async with connection() as lent:
        cascading = await lent.fetch(
            "SELECT conname FROM pg_constraint WHERE contype = 'f' AND confdeltype <> 'r' "
            "AND conrelid::regclass::text NOT LIKE 'procrastinate%'"
        )
    assert cascading == []
