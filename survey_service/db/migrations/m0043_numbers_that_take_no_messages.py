"""Numbers that take no messages, kept like addresses that take no mail: another one empties the mark."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.column_types import Timestamptz
from piccolo.columns.indexes import IndexMethod
from piccolo.table import Table

ID = "2026-11-25T21:43:46:819062"
VERSION = "1.38.0"
DESCRIPTION = "numbers that take no messages"

FLAGS = """CREATE OR REPLACE FUNCTION contact_flags_of_details() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN
           UPDATE contact SET has_details = true,
               has_email = d.email IS NOT NULL AND d.email_failed_at IS NULL, has_mobile = {has_mobile}
           FROM changed d WHERE d.contact = contact.id
               AND (has_details, has_email, has_mobile) IS DISTINCT FROM
                   (true, d.email IS NOT NULL AND d.email_failed_at IS NULL, {has_mobile});
           RETURN NULL;
       END $$"""


class Raw(Table):
    """Carries raw statements; no such table exists."""


async def keep_flags():
    for statement in (
        FLAGS.format(has_mobile="(d.mobile IS NOT NULL AND d.mobile_failed_at IS NULL)"),
        """CREATE FUNCTION contact_detail_new_number() RETURNS trigger LANGUAGE plpgsql AS $$
           BEGIN
               NEW.mobile_failed_at := NULL;
               RETURN NEW;
           END $$""",
        """CREATE TRIGGER contact_detail_new_number BEFORE UPDATE ON contact_detail FOR EACH ROW
           WHEN (NEW.mobile IS DISTINCT FROM OLD.mobile) EXECUTE FUNCTION contact_detail_new_number()""",
    ):
        await Raw.raw(statement)


async def forget_flags():
    for statement in (
        "DROP TRIGGER contact_detail_new_number ON contact_detail",
        "DROP FUNCTION contact_detail_new_number",
        FLAGS.format(has_mobile="(d.mobile IS NOT NULL)"),
    ):
        await Raw.raw(statement)


async def forwards():
    manager = MigrationManager(
        migration_id=ID, app_name="survey_service", description=DESCRIPTION
    )

    manager.add_column(
        table_class_name="ContactDetail",
        tablename="contact_detail",
        column_name="mobile_failed_at",
        db_column_name="mobile_failed_at",
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

    manager.add_raw(keep_flags)
    manager.add_raw_backwards(forget_flags)
    return manager
