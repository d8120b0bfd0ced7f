"""An attribute that changes leaves behind what it was; what was read of issues so far was known at the last
of the days on which it is read."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from survey_service.db.engine import connection

ID = "2026-11-26T00:45:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "keep what attributes were"

FORWARDS = """
CREATE FUNCTION keep_past_attributes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO contact_attribute_past (contact, attributes, until)
    SELECT NEW.id, jsonb_object_agg(name, OLD.attributes -> name), now()
    FROM (SELECT jsonb_object_keys(OLD.attributes) UNION SELECT jsonb_object_keys(NEW.attributes)) x (name)
    WHERE OLD.attributes -> name IS DISTINCT FROM NEW.attributes -> name
    HAVING count(*) > 0;
    RETURN NULL;
END $$;

CREATE TRIGGER contact_attributes_changed AFTER UPDATE OF attributes ON contact FOR EACH ROW
    WHEN (OLD.attributes IS DISTINCT FROM NEW.attributes AND NEW.state <> 'erased')
    EXECUTE FUNCTION keep_past_attributes();

UPDATE newsletter_signal SET known_at = least(now(), sent_at + interval '14 days'),
    click_known_at = CASE WHEN first_click_at IS NOT NULL
        THEN greatest(first_click_at, least(now(), sent_at + interval '14 days')) END;
"""

BACKWARDS = """
DROP TRIGGER contact_attributes_changed ON contact;
DROP FUNCTION keep_past_attributes();
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
