"""Rules that Piccolo's columns cannot say: allowed words, ranges, append-only tables, one current row."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.table import Table

ID = "2026-11-23T23:21:10:391526"
VERSION = "1.38.0"
DESCRIPTION = "rules the tables hold"

CHECKS = {
    "staff_email_lower": ("staff", "email = lower(email)"),
    "unit_kind_known": ("unit", "kind IN ('person', 'household', 'business')"),
    "unit_prn_range": ("unit", "prn >= 0 AND prn < 1"),
    "unit_ticket_range": ("unit", "ticket >= 0"),
    "contact_prn_range": ("contact", "prn >= 0 AND prn < 1"),
    "contact_state_known": ("contact", "state IN ('active', 'paused', 'left', 'erased')"),
    "contact_channel_known": ("contact", "channel IN ('email', 'text', 'post', 'face_to_face')"),
    "survey_state_known": ("survey", "state IN ('draft', 'open', 'closed')"),
    "survey_slug_form": ("survey", "slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'"),
    "form_share_range": ("form", "share > 0 AND share <= 1"),
    "draw_stratum_adds_up": (
        "draw_stratum",
        "drawn >= 0 AND drawn <= population AND shortfall = greatest(asked - drawn, 0)",
    ),
    "draw_member_probability_range": (
        "draw_member",
        "inclusion_probability > 0 AND inclusion_probability <= 1 AND weight >= 1",
    ),
    "receipt_kind_known": (
        "receipt",
        "kind IN ('invitation', 'reminder', 'newsletter', 'keep_warm', 'outcome', 'service')",
    ),
    "invitation_state_known": (
        "invitation",
        "state IN ('reserved', 'sent', 'answered', 'cancelled')",
    ),
    "invitation_answered_has_time": ("invitation", "(state = 'answered') = (answered_at IS NOT NULL)"),
    "ledger_event_seconds_not_negative": ("ledger_event", "seconds >= 0 AND planned_seconds >= 0"),
    "response_origin_known": ("response", "origin IN ('sample', 'open')"),
    "response_origin_matches": ("response", "(origin = 'sample') = (invitation IS NOT NULL)"),
    "response_disposition_known": ("response", "disposition IN ('complete', 'partial', 'break_off')"),
    "answer_has_a_value": ("answer", "num_nonnulls(option, text_value, number_value) >= 1"),
}

APPEND_ONLY = ("ledger_event", "audit_event")

FORWARDS = [
    *(
        f'ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({rule})'
        for name, (table, rule) in CHECKS.items()
    ),
    "CREATE UNIQUE INDEX cell_definition_one_current ON cell_definition (is_current) WHERE is_current",
    "CREATE UNIQUE INDEX register_one_row ON register ((true))",
    "CREATE INDEX answer_question_option ON answer (question, option)",
    "CREATE INDEX ledger_event_pseudonym_at ON ledger_event (pseudonym, at)",
    """
    CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'table % is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END $$
    """,
    *(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        for table in APPEND_ONLY
    ),
]

BACKWARDS = [
    *(f"DROP TRIGGER {table}_append_only ON {table}" for table in APPEND_ONLY),
    "DROP FUNCTION refuse_change()",
    "DROP INDEX ledger_event_pseudonym_at",
    "DROP INDEX answer_question_option",
    "DROP INDEX register_one_row",
    "DROP INDEX cell_definition_one_current",
    *(f"ALTER TABLE {table} DROP CONSTRAINT {name}" for name, (table, _) in CHECKS.items()),
]


class Raw(Table):
    """Carries raw statements; no such table exists."""


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="survey_service", description=DESCRIPTION)

    async def run():
        for statement in FORWARDS:
            await Raw.raw(statement.replace("{", "{{").replace("}", "}}"))

    async def run_backwards():
        for statement in BACKWARDS:
            await Raw.raw(statement)

    manager.add_raw(run)
    manager.add_raw_backwards(run_backwards)
    return manager
