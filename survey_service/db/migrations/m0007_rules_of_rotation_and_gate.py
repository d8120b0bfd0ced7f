"""Rules of the gate and the budget that Piccolo's columns cannot say."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.table import Table

ID = "2026-11-24T02:59:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "rules of rotation and gate"

KINDS = "('invitation', 'reminder', 'newsletter', 'keep_warm', 'outcome', 'service')"
CHECKS = {
    "contact_surveys_a_year_range": ("contact", "surveys_a_year BETWEEN 0 AND 4"),
    "invitation_sent_has_receipt": (
        "invitation",
        "(state IN ('sent', 'answered')) <= (receipt IS NOT NULL AND sent_at IS NOT NULL)",
    ),
    "invitation_cancelled_has_time": ("invitation", "(state = 'cancelled') = (cancelled_at IS NOT NULL)"),
    "message_kind_known": ("message", f"kind IN {KINDS}"),
    "message_state_known": ("message", "state IN ('queued', 'sent', 'failed', 'cancelled')"),
    "message_sent_has_time": ("message", "(state = 'sent') = (sent_at IS NOT NULL)"),
    "freeze_kind_known": ("contact_freeze", f"kind IN {KINDS}"),
    "freeze_ends_after_start": ("contact_freeze", "ends_at >= starts_at"),
    "department_share_range": ("department_share", "share >= 0 AND share <= 1"),
    "approval_state_known": ("approval", "state IN ('approved', 'spent', 'withdrawn')"),
    "approval_not_empty": ("approval", "invitations > 0 AND planned_seconds >= 0"),
    "budget_exception_not_empty": ("budget_exception", "invitations > 0"),
}

FORWARDS = [
    *(
        f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({rule})"
        for name, (table, rule) in CHECKS.items()
    ),
    "CREATE UNIQUE INDEX approval_one_at_a_time ON approval (survey) WHERE state = 'approved'",
    "CREATE INDEX invitation_reserved ON invitation (wave) WHERE state = 'reserved'",
]
BACKWARDS = [
    "DROP INDEX invitation_reserved",
    "DROP INDEX approval_one_at_a_time",
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
