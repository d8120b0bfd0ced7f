"""What is known of a person is part of what their links lead to: a change is told like that of the link."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from survey_service.db.engine import connection

ID = "2026-11-25T21:50:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "tell of known facts"

FORWARDS = """
CREATE FUNCTION tell_known_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('link_changed', encode(i.token_hash, 'hex'))
    FROM (SELECT DISTINCT contact FROM changed) c JOIN invitation i ON i.contact = c.contact
    WHERE i.state = 'sent';
    RETURN NULL;
END $$;

CREATE TRIGGER known_fact_added AFTER INSERT ON known_fact
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_known_changed();
CREATE TRIGGER known_fact_changed AFTER UPDATE ON known_fact
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_known_changed();
CREATE TRIGGER known_fact_deleted AFTER DELETE ON known_fact
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_known_changed();
"""

BACKWARDS = """
DROP TRIGGER known_fact_deleted ON known_fact;
DROP TRIGGER known_fact_changed ON known_fact;
DROP TRIGGER known_fact_added ON known_fact;
DROP FUNCTION tell_known_changed();
"""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="survey_service", description=DESCRIPTION)

    async def run() -> None:
        async with connection() as lent:
            await lent.execute(FORWARDS)

    async def run_backwards() -> None:
        async with connection() as lent:
            await lent.execute(BACKWARDS)

    manager.add_raw(run)
    manager.add_raw_backwards(run_backwards)
    return manager
