"""A text question used to be a large box; now that is a long text, and the plain one is a single line.

Inside a JSON string every quote has a backslash, so the words looked for are found only as key and value.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.table import Table

ID = "2026-11-25T20:55:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "open texts stay long"

_PLAIN = '"type": "text"'
_LONG = '"type": "text", "appearance": "multiline"'


class Raw(Table):
    """Carries raw statements; no such table exists."""


async def lengthen_texts():
    await Raw.raw(
        "UPDATE questionnaire_version SET definition = replace(definition::text, {}, {})::jsonb"
        " WHERE definition::text LIKE '%\"type\": \"text\"%' AND NOT definition::text LIKE '%\"appearance\"%'",
        _PLAIN,
        _LONG,
    )


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="survey_service", description=DESCRIPTION)
    manager.add_raw(lengthen_texts)
    return manager
