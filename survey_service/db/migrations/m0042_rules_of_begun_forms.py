"""What a form is measured to take is told to web processes, like every other change of what they serve."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.table import Table

ID = "2026-11-25T21:30:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "rules of begun forms"

FORWARDS = [
    """CREATE TRIGGER form_measured AFTER UPDATE ON form
       FOR EACH STATEMENT EXECUTE FUNCTION tell_all_changed()""",
    "ALTER TABLE begun_form ADD CONSTRAINT begun_form_page_positive CHECK (page > 0)",
    "ALTER TABLE form ADD CONSTRAINT form_measured_positive CHECK (measured_seconds >= 0)",
]
BACKWARDS = [
    "ALTER TABLE form DROP CONSTRAINT form_measured_positive",
    "ALTER TABLE begun_form DROP CONSTRAINT begun_form_page_positive",
    "DROP TRIGGER form_measured ON form",
]


class Raw(Table):
    """Carries raw statements; no such table exists."""


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="survey_service", description=DESCRIPTION)

    async def run():
        for statement in FORWARDS:
            await Raw.raw(statement)

    async def run_backwards():
        for statement in BACKWARDS:
            await Raw.raw(statement)

    manager.add_raw(run)
    manager.add_raw_backwards(run_backwards)
    return manager
