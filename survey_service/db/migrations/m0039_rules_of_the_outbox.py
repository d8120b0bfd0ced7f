"""Whose a message is, where it can stand, and what a returned mail does to a person's flags."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.table import Table

ID = "2026-11-25T20:55:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "rules of the outbox"

FLAGS_OF_DETAILS = """CREATE OR REPLACE FUNCTION contact_flags_of_details() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN
           UPDATE contact SET has_details = true, has_email = {has_email},
               has_mobile = d.mobile IS NOT NULL
           FROM changed d WHERE d.contact = contact.id
               AND (has_details, has_email, has_mobile)
                   IS DISTINCT FROM (true, {has_email}, d.mobile IS NOT NULL);
           RETURN NULL;
       END $$"""
CHECKS = {
    "receipt_one_recipient": ("receipt", "num_nonnulls(contact, newcomer) = 1"),
    "receipt_newcomer_service": ("receipt", "newcomer IS NULL OR kind = 'service'"),
    "message_one_recipient": ("message", "num_nonnulls(contact, newcomer) = 1"),
    "message_in_hand_has_run": ("message", "state <> 'sending' OR mail_run IS NOT NULL"),
    "mail_attempt_outcome_known": (
        "mail_attempt", "outcome IN ('sent', 'refused', 'deferred', 'unsent', 'uncertain')"
    ),
}  # fmt: skip
STATES = "state IN ('queued', 'sent', 'failed', 'cancelled')"
MORE_STATES = "state IN ('queued', 'sending', 'sent', 'failed', 'cancelled', 'uncertain')"

FORWARDS = [
    "ALTER TABLE message DROP CONSTRAINT message_state_known",
    f"ALTER TABLE message ADD CONSTRAINT message_state_known CHECK ({MORE_STATES})",
    *(
        f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({rule})"
        for name, (table, rule) in CHECKS.items()
    ),
    # Found without looking at everything that was ever sent.
    "CREATE INDEX message_waiting ON message (queued_at, id) WHERE state = 'queued'",
    "CREATE INDEX message_in_hand ON message (mail_run) WHERE state = 'sending'",
    FLAGS_OF_DETAILS.format(has_email="(d.email IS NOT NULL AND d.email_failed_at IS NULL)"),
    """CREATE FUNCTION contact_detail_new_address() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN
           NEW.email_failed_at := NULL;
           NEW.email_failed_for := NULL;
           RETURN NEW;
       END $$""",
    """CREATE TRIGGER contact_detail_new_address BEFORE UPDATE ON contact_detail FOR EACH ROW
       WHEN (NEW.email IS DISTINCT FROM OLD.email AND OLD.email_failed_at IS NOT NULL)
       EXECUTE FUNCTION contact_detail_new_address()""",
]
BACKWARDS = [
    "DROP TRIGGER contact_detail_new_address ON contact_detail",
    "DROP FUNCTION contact_detail_new_address",
    FLAGS_OF_DETAILS.format(has_email="d.email IS NOT NULL"),
    "DROP INDEX message_in_hand",
    "DROP INDEX message_waiting",
    *(f"ALTER TABLE {table} DROP CONSTRAINT {name}" for name, (table, _) in CHECKS.items()),
    "ALTER TABLE message DROP CONSTRAINT message_state_known",
    f"ALTER TABLE message ADD CONSTRAINT message_state_known CHECK ({STATES})",
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
