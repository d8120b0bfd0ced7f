"""What Piccolo needs to know: the tables and where the migrations are."""

from pathlib import Path

from piccolo.conf.apps import AppConfig, table_finder

NOUNS = (
    "department", "staff", "audit_event", "cell", "unit", "survey", "draw", "invitation", "message",
    "response", "freeze", "budget", "newsletter", "contact_limit",
    "exception_request",
    "counted_flag", "danger_notice", "other_way", "join_request",
    "newcomer", "mail",
    "newsletter_connection", "newsletter_member", "newsletter_link", "newsletter_signal",
)  # fmt: skip

APP_CONFIG = AppConfig(
    app_name="survey_service",
    migrations_folder_path=str(Path(__file__).parent / "migrations"),
    table_classes=table_finder([f"survey_service.db.tables.{noun}" for noun in NOUNS], exclude_imported=True),
)
