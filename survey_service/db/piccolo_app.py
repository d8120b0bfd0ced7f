"""What Piccolo needs to know: the tables and where the migrations are."""

from pathlib import Path

from piccolo.conf.apps import AppConfig, table_finder

_here = Path(__file__).parent
NOUNS = sorted(file.stem for file in (_here / "tables").glob("[a-z]*.py"))
"""One file of tables a noun."""

APP_CONFIG = AppConfig(
    app_name="survey_service",
    migrations_folder_path=str(_here / "migrations"),
    table_classes=table_finder([f"survey_service.db.tables.{noun}" for noun in NOUNS], exclude_imported=True),
)
