"""Pages of a longer form wait to be looked through when they are saved, not only once they are sent."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from survey_service.db.engine import connection

ID = "2026-11-26T01:15:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "look through pages that were not sent"

FORWARDS = """
ALTER TABLE text_to_scan ADD CONSTRAINT text_to_scan_of_something
    CHECK (num_nonnulls(response, begun_form) = 1);
ALTER TABLE danger_notice ADD CONSTRAINT danger_notice_copy_of_an_invitation
    CHECK (begun_form IS NULL OR invitation IS NOT NULL);
ALTER TABLE danger_notice DROP CONSTRAINT danger_notice_has_a_text;
ALTER TABLE danger_notice ADD CONSTRAINT danger_notice_has_a_text
    CHECK (num_nonnulls(coalesce(response, begun_form), sealed_text) = 1);

CREATE FUNCTION note_page_to_scan() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO text_to_scan (begun_form) SELECT id FROM written;
    RETURN NULL;
END $$;
CREATE TRIGGER begun_form_added AFTER INSERT ON begun_form
    REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION note_page_to_scan();
CREATE TRIGGER begun_form_changed AFTER UPDATE ON begun_form
    REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION note_page_to_scan();

-- What is begun at this moment is looked through, too.
INSERT INTO text_to_scan (begun_form) SELECT id FROM begun_form;
"""

BACKWARDS = """
DROP TRIGGER begun_form_changed ON begun_form;
DROP TRIGGER begun_form_added ON begun_form;
DROP FUNCTION note_page_to_scan();
DELETE FROM text_to_scan WHERE begun_form IS NOT NULL;
ALTER TABLE danger_notice DROP CONSTRAINT danger_notice_has_a_text;
ALTER TABLE danger_notice ADD CONSTRAINT danger_notice_has_a_text
    CHECK (num_nonnulls(response, sealed_text) = 1) NOT VALID;
ALTER TABLE danger_notice DROP CONSTRAINT danger_notice_copy_of_an_invitation;
ALTER TABLE text_to_scan DROP CONSTRAINT text_to_scan_of_something;
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
