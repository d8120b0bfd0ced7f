"""`make migration name="…"`: write the migration that brings the database from the last one to the tables."""

import asyncio
import re
import sys
from pathlib import Path

from piccolo.apps.migrations.commands.new import NoChanges, _create_new_migration
from piccolo.conf.apps import Finder

MIGRATIONS = Path(__file__).parent / "migrations"


async def write_migration(words: str) -> Path | None:
    """Write and number it; None when the tables say nothing new."""
    name = "_".join(re.findall(r"[a-z0-9]+", words.lower()))
    number = 1 + max((int(file.name[1:5]) for file in MIGRATIONS.glob("m[0-9]*.py")), default=0)
    app = Finder().get_app_config("survey_service")
    try:
        made = await _create_new_migration(app_config=app, auto=True, description=words)
    except NoChanges:
        return None
    return Path(made.migration_path).rename(MIGRATIONS / f"m{number:04}_{name}.py")


if __name__ == "__main__":
    written = asyncio.run(write_migration(sys.argv[1]))
    sys.stdout.write(f"Written: {written}\n" if written else "The tables need no migration.\n")
