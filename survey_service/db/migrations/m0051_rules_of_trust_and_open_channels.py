"""Free text that is written waits to be looked through, whoever writes it; and what columns cannot say.

The trigger is in the same transaction as the answer: no text can be missed by a job that counts ids, and
a text that is changed is looked through again.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from survey_service.db.engine import connection

ID = "2026-11-25T20:59:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "rules of trust and open channels"

CHECKS = {
    "danger_notice_state_known": ("danger_notice", "state IN ('new', 'seen', 'acted', 'not_needed')"),
    "danger_notice_decided_by_somebody": (
        "danger_notice",
        "(state IN ('acted', 'not_needed')) = (decided_at IS NOT NULL AND decided_by IS NOT NULL)",
    ),
    "other_way_kind_known": ("other_way", "kind IN ('phone', 'easy_read', 'bsl', 'interpreter')"),
    "join_request_wants_something": ("join_request", "wants_surveys OR wants_newsletter"),
    "join_request_channel_known": ("join_request", "channel IN ('email', 'text')"),
    "join_request_surveys_a_year": ("join_request", "surveys_a_year BETWEEN 0 AND 4"),
    "response_flags_only_open": ("response", "flags = '' OR origin = 'open'"),
}

FORWARDS = """
CREATE FUNCTION note_text_to_scan() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO text_to_scan (response)
    SELECT DISTINCT response FROM written WHERE text_value IS NOT NULL;
    RETURN NULL;
END $$;

CREATE TRIGGER answer_text_added AFTER INSERT ON answer
    REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION note_text_to_scan();
CREATE TRIGGER answer_text_changed AFTER UPDATE ON answer
    REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION note_text_to_scan();
CREATE TRIGGER other_way_changed AFTER INSERT OR UPDATE OR DELETE ON other_way
    FOR EACH STATEMENT EXECUTE FUNCTION tell_all_changed();

-- What was answered before there was a rule is looked through, too.
INSERT INTO text_to_scan (response) SELECT DISTINCT response FROM answer WHERE text_value IS NOT NULL;
"""

BACKWARDS = """
DROP TRIGGER other_way_changed ON other_way;
DROP TRIGGER answer_text_changed ON answer;
DROP TRIGGER answer_text_added ON answer;
DROP FUNCTION note_text_to_scan();
"""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="survey_service", description=DESCRIPTION)

    async def run() -> None:
        async with connection() as lent:
            for name, (table, rule) in CHECKS.items():
                await lent.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({rule})")
            await lent.execute(FORWARDS)

    async def run_backwards() -> None:
        async with connection() as lent:
            await lent.execute(BACKWARDS)
            for name, (table, _) in CHECKS.items():
                await lent.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")

    manager.add_raw(run)
    manager.add_raw_backwards(run_backwards)
    return manager
