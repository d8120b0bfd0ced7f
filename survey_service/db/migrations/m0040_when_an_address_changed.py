"""When an address changed, so that the return of a mail to the old one says nothing of the new one."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.column_types import Timestamptz
from piccolo.columns.indexes import IndexMethod
from piccolo.table import Table

ID = "2026-11-25T21:02:24:475033"
VERSION = "1.38.0"
DESCRIPTION = "when an address changed"


class Raw(Table):
    """Carries raw statements; no such table exists."""


async def note_changes():
    for statement in (
        "DROP TRIGGER contact_detail_new_address ON contact_detail",
        """CREATE OR REPLACE FUNCTION contact_detail_new_address() RETURNS trigger LANGUAGE plpgsql AS $$
           BEGIN
               NEW.email_changed_at := now();
               NEW.email_failed_at := NULL;
               NEW.email_failed_for := NULL;
               RETURN NEW;
           END $$""",
        """CREATE TRIGGER contact_detail_new_address BEFORE UPDATE ON contact_detail FOR EACH ROW
           WHEN (NEW.email IS DISTINCT FROM OLD.email)
           EXECUTE FUNCTION contact_detail_new_address()""",
    ):
        await Raw.raw(statement)


async def forget_changes():
    for statement in (
        "DROP TRIGGER contact_detail_new_address ON contact_detail",
        """CREATE OR REPLACE FUNCTION contact_detail_new_address() RETURNS trigger LANGUAGE plpgsql AS $$
           BEGIN
               NEW.email_failed_at := NULL;
               NEW.email_failed_for := NULL;
               RETURN NEW;
           END $$""",
        """CREATE TRIGGER contact_detail_new_address BEFORE UPDATE ON contact_detail FOR EACH ROW
           WHEN (NEW.email IS DISTINCT FROM OLD.email AND OLD.email_failed_at IS NOT NULL)
           EXECUTE FUNCTION contact_detail_new_address()""",
    ):
        await Raw.raw(statement)


async def forwards():
    manager = MigrationManager(
        migration_id=ID, app_name="survey_service", description=DESCRIPTION
    )

    manager.add_column(
        table_class_name="ContactDetail",
        tablename="contact_detail",
        column_name="email_changed_at",
        db_column_name="email_changed_at",
        column_class_name="Timestamptz",
        column_class=Timestamptz,
        params={
            "default": None,
            "null": True,
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

    manager.add_raw(note_changes)
    manager.add_raw_backwards(forget_changes)
    return manager
