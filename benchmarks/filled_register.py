"""A register of any size in the middle of its life, made inside PostgreSQL, and an open survey to draw."""

from survey_service.db import engine
from survey_service.db.survey import add_missing_strata
from tests.support.make import MadeSurvey, make_survey

STRATA = 12
EVENTS_EACH = 5

# A tenth of the people live in pairs; a twentieth of units are in the randomised arm and as many chose one
# survey a year, so that every audience has four cells. What triggers of details and consents would write
# beside a contact is written with it: a register that grew bit by bit is not three quarters dead rows.
_STATEMENTS = (
    "SELECT setseed(0.5)",
    """INSERT INTO cell_definition (dimensions) VALUES ('["audience", "frequency", "arm"]')""",
    """INSERT INTO cell (cell_definition, key, clock)
       SELECT d.id, 'audience-' || number || frequency || arm, 1.5
       FROM cell_definition d, generate_series(1, {strata}) number,
           unnest(ARRAY['', '|frequency=1']) frequency, unnest(ARRAY['', '|arm=random']) arm""",
    """CREATE TEMP TABLE made ON COMMIT DROP AS
       SELECT number AS contact,
           CASE WHEN number <= {people} / 10 THEN (number + 1) / 2 ELSE number END AS unit, random() AS prn
       FROM generate_series(1, {people}) number""",
    """CREATE TEMP TABLE made_unit ON COMMIT DROP AS
       SELECT unit, 1 + (unit % 7919 * 7919 % {strata}) AS audience, random() < 0.05 AS chose,
           random() < 0.05 AS arm, random() AS prn, (random() * 500)::int AS days_ago
       FROM (SELECT DISTINCT unit FROM made) x""",
    """INSERT INTO unit (id, reference, cell, prn, ticket, last_invited_on)
       SELECT m.unit, 'unit-' || m.unit, c.id, m.prn, m.prn + CASE WHEN m.prn > 0.5 THEN 1 ELSE 2 END,
           CASE WHEN m.days_ago < 400 THEN current_date - m.days_ago END
       FROM made_unit m JOIN cell c ON c.key = 'audience-' || m.audience
           || CASE WHEN m.chose THEN '|frequency=1' ELSE '' END
           || CASE WHEN m.arm THEN '|arm=random' ELSE '' END""",
    """INSERT INTO contact (id, unit, reference, prn, inner_ticket, language, channel, surveys_a_year,
           is_in_random_arm, last_invited_on, has_details, has_email, consents_to_surveys)
       SELECT m.contact, m.unit, 'contact-' || m.contact, m.prn, m.prn, 'en', 'email',
           CASE WHEN u.chose THEN 1 END, u.arm, CASE WHEN u.days_ago < 400 THEN current_date - u.days_ago END,
           true, true, m.contact % 50 <> 0
       FROM made m JOIN made_unit u ON u.unit = m.unit""",
    """INSERT INTO contact_detail (contact, name, email, email_key)
       SELECT contact, 'Person ' || contact, x.email, x.email
       FROM made, LATERAL (SELECT 'person' || contact || '@example.org' AS email) x""",
    """INSERT INTO consent (contact, purpose, is_granted, source, at)
       SELECT contact, 'survey', contact % 50 <> 0, 'sign-up page', now() - interval '600 days' FROM made""",
    """INSERT INTO ledger_event (pseudonym, kind, seconds, planned_seconds, survey_slug, at)
       SELECT c.pseudonym, x.kind, 15, CASE x.kind WHEN 'invitation' THEN 180 ELSE 0 END, 'earlier',
           now() - (u.days_ago + event.number * 97) * interval '1 day'
       FROM contact c JOIN made_unit u ON u.unit = c.unit
       CROSS JOIN generate_series(0, {events} - 1) event (number)
       CROSS JOIN LATERAL (SELECT CASE WHEN event.number < 2 THEN 'invitation' WHEN event.number = 2
           THEN 'answer' ELSE 'newsletter' END AS kind) x""",
    "SELECT setval('unit_id_seq', {people})",
    "SELECT setval('contact_id_seq', {people})",
)


async def fill(people: int) -> None:
    """Fill an empty database with so many contacts in `STRATA` audiences, each with some past events."""
    async with engine.transaction() as connection:
        for statement in _STATEMENTS:
            await connection.execute(statement.format(people=people, strata=STRATA, events=EVENTS_EACH))
    async with engine.connection() as connection:
        for table in ("unit", "contact", "contact_detail", "consent", "ledger_event"):
            await connection.execute(f"VACUUM ANALYZE {table}")
        await connection.execute("CHECKPOINT")


async def open_survey(number: int) -> MadeSurvey:
    """An open survey of everybody, with the strata that opening makes."""
    made = await make_survey(slug=f"benchmark-{number}")
    await add_missing_strata(made.id)
    return made
