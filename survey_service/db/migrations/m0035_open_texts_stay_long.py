"""A text question used to be a large box; now that is a long text, and the plain one is a single line.

Inside a JSON string every quote has a backslash, so the words looked for are found only as key and value.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from survey_service.db.engine import connection

ID = "2026-11-25T20:55:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "open texts stay long"

PLAIN = '"type": "text"'
LONG = '"type": "text", "appearance": "multiline"'
STATEMENT = """UPDATE questionnaire_version SET definition = replace(definition::text, $1, $2)::jsonb
    WHERE position($1 IN definition::text) > 0 AND position('"appearance"' IN definition::text) = 0"""


async def lengthen_texts() -> None:
    async with connection() as lent:
        await lent.execute(STATEMENT, PLAIN, LONG)


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="survey_service", description=DESCRIPTION)
    manager.add_raw(lengthen_texts)
    return manager
