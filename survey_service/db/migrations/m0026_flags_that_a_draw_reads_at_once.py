"""What stands between a person and the frame moves beside the person, so that a draw joins nothing.

Address and consent stay where they are; triggers keep four flags of the contact true to them, whichever
statement changes them. Joining a million people to both took most of the time of looking at the register.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.table import Table

ID = "2026-11-24T12:29:50:000000"
VERSION = "1.38.0"
DESCRIPTION = "flags that a draw reads at once"


class Raw(Table):
    """Carries raw statements; no such table exists."""


FORWARDS = (
    """UPDATE contact SET has_details = true, has_email = d.email IS NOT NULL,
           has_mobile = d.mobile IS NOT NULL
       FROM contact_detail d WHERE d.contact = contact.id""",
    """UPDATE contact SET consents_to_surveys = true
       FROM consent s WHERE s.contact = contact.id AND s.purpose = 'survey' AND s.is_granted""",
    """CREATE FUNCTION contact_flags_of_details() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN
           UPDATE contact SET has_details = true, has_email = d.email IS NOT NULL,
               has_mobile = d.mobile IS NOT NULL
           FROM changed d WHERE d.contact = contact.id
               AND (has_details, has_email, has_mobile)
                   IS DISTINCT FROM (true, d.email IS NOT NULL, d.mobile IS NOT NULL);
           RETURN NULL;
       END $$""",
    """CREATE FUNCTION contact_flags_without_details() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN
           UPDATE contact SET has_details = false, has_email = false, has_mobile = false
           FROM changed d WHERE d.contact = contact.id;
           RETURN NULL;
       END $$""",
    """CREATE FUNCTION contact_flag_of_consent() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN
           UPDATE contact SET consents_to_surveys = s.is_granted
           FROM changed s WHERE s.contact = contact.id AND s.purpose = 'survey'
               AND consents_to_surveys <> s.is_granted;
           RETURN NULL;
       END $$""",
    """CREATE FUNCTION contact_flag_without_consent() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN
           UPDATE contact SET consents_to_surveys = false
           FROM changed s WHERE s.contact = contact.id AND s.purpose = 'survey';
           RETURN NULL;
       END $$""",
    *(
        f"""CREATE TRIGGER {table}_flags_{event} AFTER {event} ON {table}
            REFERENCING {kind} TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION {function}()"""
        for table, function, without in (
            ("contact_detail", "contact_flags_of_details", "contact_flags_without_details"),
            ("consent", "contact_flag_of_consent", "contact_flag_without_consent"),
        )
        for event, kind, function in (
            ("INSERT", "NEW", function), ("UPDATE", "NEW", function), ("DELETE", "OLD", without)
        )
    ),
    "CREATE INDEX contact_paused ON contact (paused_until) WHERE state = 'paused'",
    # Room for the next version of a row on its own page: what an invitation moves is in no index.
    "ALTER TABLE contact SET (fillfactor = 90)",
    "ALTER TABLE unit SET (fillfactor = 90)",
)
BACKWARDS = (
    "ALTER TABLE unit RESET (fillfactor)",
    "ALTER TABLE contact RESET (fillfactor)",
    "DROP INDEX contact_paused",
    """DROP FUNCTION contact_flags_of_details, contact_flags_without_details,
       contact_flag_of_consent, contact_flag_without_consent CASCADE""",
)


async def run_forwards():
    for statement in FORWARDS:
        await Raw.raw(statement)


async def run_backwards():
    for statement in BACKWARDS:
        await Raw.raw(statement)


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="survey_service", description=DESCRIPTION)
    manager.add_raw(run_forwards)
    manager.add_raw_backwards(run_backwards)
    return manager
