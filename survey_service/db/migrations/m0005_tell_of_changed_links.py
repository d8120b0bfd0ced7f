"""Every change of an invitation or of a survey is told on the channel `link_changed`.

Web processes keep links in memory (db/link_book.py). A trigger tells them, so that no code path, and no
statement typed by hand, can change a link and leave an old one standing.

The message is a list of token hashes in hex, or `all`: for surveys, and where the list would be long.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from survey_service.db.engine import connection

ID = "2026-11-24T00:10:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "tell of changed links"

FORWARDS = """
CREATE FUNCTION tell_link_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT count(*) FROM changed) > 1000 THEN
        PERFORM pg_notify('link_changed', 'all');
    ELSE
        -- A message holds 8,000 bytes, a hash and its space are 65.
        PERFORM pg_notify('link_changed', string_agg(encode(token_hash, 'hex'), ' '))
        FROM (SELECT token_hash, row_number() OVER () / 120 AS page FROM changed) AS listed
        GROUP BY page;
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION tell_all_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('link_changed', 'all');
    RETURN NULL;
END $$;

CREATE TRIGGER invitation_changed AFTER UPDATE ON invitation
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_link_changed();
CREATE TRIGGER invitation_deleted AFTER DELETE ON invitation
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_link_changed();
CREATE TRIGGER survey_changed AFTER UPDATE OR DELETE ON survey
    FOR EACH STATEMENT EXECUTE FUNCTION tell_all_changed();
CREATE TRIGGER questionnaire_version_added AFTER INSERT ON questionnaire_version
    FOR EACH STATEMENT EXECUTE FUNCTION tell_all_changed();
"""

BACKWARDS = """
DROP TRIGGER questionnaire_version_added ON questionnaire_version;
DROP TRIGGER survey_changed ON survey;
DROP TRIGGER invitation_deleted ON invitation;
DROP TRIGGER invitation_changed ON invitation;
DROP FUNCTION tell_all_changed();
DROP FUNCTION tell_link_changed();
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
