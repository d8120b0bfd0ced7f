"""Rules of the newsletter's tables that Piccolo's columns cannot say."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.table import Table

ID = "2026-11-25T21:10:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "rules of the newsletter"

CHECKS = {
    "newsletter_connection_state_known": (
        "newsletter_connection",
        "state IN ('ok', 'unauthorised', 'paused', 'misconfigured')",
    ),
    "newsletter_connection_hook_known": ("newsletter_connection", "hook_state IN ('none', 'live', 'missing')"),
    "newsletter_run_kind_known": ("newsletter_run", "kind IN ('full', 'increment')"),
    "newsletter_event_state_known": ("newsletter_event", "state IN ('new', 'done', 'ignored', 'failed')"),
    "newsletter_ride_kind_known": ("newsletter_ride", "kind IN ('invitation', 'reminder')"),
    "newsletter_ride_state_known": (
        "newsletter_ride",
        "state IN ('writing', 'ready', 'sent', 'missed', 'stopped')",
    ),
    "newsletter_link_state_known": (
        "newsletter_link",
        "state IN ('wanted', 'confirmed', 'clearing', 'cleared', 'refused')",
    ),
    "newsletter_link_fate_known": ("newsletter_link", "fate IN ('open', 'sent', 'returned')"),
    "newsletter_issue_source_known": ("newsletter_issue", "source IN ('staff', 'mailchimp')"),
    "newsletter_tombstone_reason_known": ("newsletter_tombstone", "reason IN ('gone', 'erased', 'abuse')"),
}

FORWARDS = [
    *(
        f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({rule})"
        for name, (table, rule) in CHECKS.items()
    ),
    "CREATE UNIQUE INDEX newsletter_run_one_live ON newsletter_run (connection) WHERE ended_at IS NULL",
    "CREATE UNIQUE INDEX newsletter_alarm_one_open ON newsletter_alarm (connection, kind) "
    "WHERE ended_at IS NULL",
    "CREATE INDEX newsletter_event_waiting ON newsletter_event (next_try_at) WHERE state = 'new'",
    "CREATE UNIQUE INDEX newsletter_link_one_standing ON newsletter_link (member) "
    "WHERE state IN ('wanted', 'confirmed', 'clearing')",
    "CREATE INDEX newsletter_link_waiting ON newsletter_link (next_try_at) "
    "WHERE state IN ('wanted', 'clearing')",
    "CREATE UNIQUE INDEX newsletter_ride_one_place ON newsletter_ride (wave, kind, issue_on) "
    "WHERE state IN ('writing', 'ready')",
    "CREATE INDEX newsletter_member_fresh ON newsletter_member (connection) WHERE is_fresh",
]
BACKWARDS = [
    "DROP INDEX newsletter_member_fresh",
    "DROP INDEX newsletter_ride_one_place",
    "DROP INDEX newsletter_link_waiting",
    "DROP INDEX newsletter_link_one_standing",
    "DROP INDEX newsletter_event_waiting",
    "DROP INDEX newsletter_alarm_one_open",
    "DROP INDEX newsletter_run_one_live",
    *(f"ALTER TABLE {table} DROP CONSTRAINT {name}" for name, (table, _) in CHECKS.items()),
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
