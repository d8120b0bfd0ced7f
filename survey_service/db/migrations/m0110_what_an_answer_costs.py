"""What an answer costs: rows checked together instead of one by one, and an update that leaves indexes alone.

Measured on batches of 64 (docs/decisions/0005): the foreign key of answer.response looked up each answer's
response for itself, a fifth of PostgreSQL's time; the same rule now looks once for a whole statement. An index on the
state made every answered invitation write into all seven indexes of its table.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from survey_service.db.engine import connection

ID = "2026-11-26T00:20:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "what an answer costs"

FORWARDS = """
-- Rows keep room beside them, and no index reads the state: answering rewrites the row in its place.
ALTER TABLE invitation SET (fillfactor = 85);
ALTER TABLE invitation ADD CONSTRAINT invitation_reserved_not_sent
    CHECK (state <> 'reserved' OR sent_at IS NULL);
DROP INDEX invitation_reserved;
CREATE INDEX invitation_not_sent ON invitation (wave) WHERE sent_at IS NULL;

-- A list that the trigger of answer writes, which has made sure of the response, and that is emptied each minute.
ALTER TABLE text_to_scan DROP CONSTRAINT text_to_scan_response_fkey;

CREATE FUNCTION check_response_of_answers() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    wanted bigint[] := ARRAY(SELECT DISTINCT response FROM written);
    found bigint;
BEGIN
    -- Locked as a foreign key locks them: nobody can delete them until this transaction is through.
    PERFORM FROM response WHERE id = ANY (wanted) FOR KEY SHARE;
    GET DIAGNOSTICS found = ROW_COUNT;
    IF found < cardinality(wanted) THEN
        RAISE 'an answer needs the response it belongs to' USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER answer_response_added AFTER INSERT ON answer
    REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION check_response_of_answers();
CREATE TRIGGER answer_response_changed AFTER UPDATE ON answer
    REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION check_response_of_answers();

CREATE FUNCTION check_answers_of_response() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM gone JOIN answer ON answer.response = gone.id) THEN
        RAISE 'a response with answers stays' USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER response_deleted AFTER DELETE ON response
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION check_answers_of_response();
CREATE FUNCTION refuse_renumbering() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE 'a response keeps its number' USING ERRCODE = 'foreign_key_violation';
END $$;
CREATE TRIGGER response_renumbered BEFORE UPDATE OF id ON response
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_renumbering();
ALTER TABLE answer DROP CONSTRAINT answer_response_fkey;
"""

BACKWARDS = """
ALTER TABLE answer ADD CONSTRAINT answer_response_fkey FOREIGN KEY (response) REFERENCES response
    ON DELETE RESTRICT ON UPDATE CASCADE;
DROP TRIGGER response_renumbered ON response;
DROP TRIGGER response_deleted ON response;
DROP FUNCTION refuse_renumbering();
DROP FUNCTION check_answers_of_response();
DROP TRIGGER answer_response_changed ON answer;
DROP TRIGGER answer_response_added ON answer;
DROP FUNCTION check_response_of_answers();
ALTER TABLE text_to_scan ADD CONSTRAINT text_to_scan_response_fkey FOREIGN KEY (response) REFERENCES response
    ON DELETE RESTRICT ON UPDATE CASCADE;
DROP INDEX invitation_not_sent;
CREATE INDEX invitation_reserved ON invitation (wave) WHERE state = 'reserved';
ALTER TABLE invitation DROP CONSTRAINT invitation_reserved_not_sent;
ALTER TABLE invitation RESET (fillfactor);
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
