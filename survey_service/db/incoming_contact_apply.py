"""The steps that bring compared contacts into the register, each a statement over the whole set."""

from collections.abc import Sequence

from survey_service.db.columns import Columns, read_columns
from survey_service.db.engine import connection
from survey_service.db.incoming_contact import CHANNEL, CONSENT_CHANGES, LANGUAGE

_CELLS = """
    INSERT INTO cell (cell_definition, key) SELECT DISTINCT $1::bigint, audience FROM incoming
    ON CONFLICT DO NOTHING
"""

_UNITS = """
    INSERT INTO unit (reference, kind, cell, prn, ticket, is_active)
    SELECT i.unit, min(i.kind), min(k.id), min(i.unit_prn), min(i.unit_ticket), bool_or(i.consent_survey)
    FROM incoming i JOIN cell k ON k.key = i.audience AND k.cell_definition = $1
    GROUP BY i.unit ORDER BY min(i.row)
    ON CONFLICT (reference) DO NOTHING
"""

_MOVED_UNITS = """
    UPDATE unit SET cell = new.cell, ticket = new.ticket FROM (
        SELECT i.unit, min(i.audience) AS audience, min(k.id) AS cell, min(i.unit_ticket) AS ticket
        FROM incoming i JOIN cell k ON k.key = i.audience AND k.cell_definition = $1 GROUP BY i.unit) new,
        cell old
    WHERE unit.reference = new.unit AND old.id = unit.cell AND split_part(old.key, '|', 1) <> new.audience
"""

_NEW_CONTACTS = """
    INSERT INTO contact (unit, reference, prn, inner_ticket, language, channel, attributes, is_in_random_arm)
    SELECT u.id, i.reference, i.prn, i.prn, i.language, i.channel, i.attributes, coalesce(known.arm, i.in_arm)
    FROM incoming i JOIN unit u ON u.reference = i.unit
    CROSS JOIN LATERAL (SELECT bool_or(is_in_random_arm) AS arm FROM contact WHERE unit = u.id) known
    WHERE NOT EXISTS (SELECT FROM matched m WHERE m.row = i.row) ORDER BY i.row
"""

_CHANGED_CONTACTS = f"""
    UPDATE contact SET language = {LANGUAGE.format(contact="contact")},
        channel = {CHANNEL.format(contact="contact")},
        attributes = (contact.attributes - $1::text[]) || i.attributes
    FROM incoming i JOIN matched m ON m.row = i.row
    WHERE m.contact = contact.id AND m.changes_facts
"""  # noqa: S608

_DETAILS = """
    INSERT INTO contact_detail (contact, name, email, email_key, mobile, organisation)
    SELECT c.id, i.name, i.email, i.email_key, i.mobile, coalesce(i.organisation, '')
    FROM incoming i JOIN contact c ON c.reference = i.reference LEFT JOIN matched m ON m.row = i.row
    WHERE m.row IS NULL OR m.changes_facts
    ON CONFLICT (contact) DO UPDATE SET name = excluded.name, email = excluded.email,
        email_key = excluded.email_key, mobile = excluded.mobile,
        organisation = CASE WHEN $1 THEN excluded.organisation ELSE contact_detail.organisation END
"""

_CONSENTS = f"""
    INSERT INTO consent (contact, purpose, is_granted, source, at)
    SELECT contact, purpose, is_granted, source, at FROM ({CONSENT_CHANGES}) x
    ON CONFLICT (contact, purpose) DO UPDATE SET is_granted = excluded.is_granted,
        source = excluded.source, at = excluded.at
"""  # noqa: S608

_MOVED_CONTACTS = """
    UPDATE contact SET unit = u.id, is_in_random_arm = coalesce(
        (SELECT bool_or(other.is_in_random_arm) FROM contact other WHERE other.unit = u.id), i.in_arm)
    FROM matched m JOIN incoming i ON i.row = m.row JOIN unit u ON u.reference = i.unit
    WHERE m.contact = contact.id AND m.changes_unit
"""

_RESTS = """
    UPDATE unit SET last_invited_on = moved.day FROM (
        SELECT c.unit, max(c.last_invited_on) AS day FROM matched m JOIN contact c ON c.id = m.contact
        WHERE m.changes_unit GROUP BY c.unit) moved
    WHERE unit.id = moved.unit AND moved.day > coalesce(unit.last_invited_on, '-infinity')
"""

_NEWCOMERS = """
    SELECT c.id, c.prn, u.inner_clock FROM incoming i JOIN contact c ON c.reference = i.reference
    JOIN unit u ON u.id = c.unit LEFT JOIN matched m ON m.row = i.row
    WHERE (m.row IS NULL OR m.changes_unit) AND u.inner_clock > 0
"""


_CONCERNED = """
    SELECT u.id FROM incoming i JOIN unit u ON u.reference = i.unit UNION SELECT old_unit FROM matched
"""


async def add_cells_and_units(definition: int) -> None:
    """Make the cells and units that are new, and move known units to the audience the file gives.

    Their cell is the audience's plain one; what else divides it is looked at once everything is in.
    """
    async with connection() as lent:
        for statement in (_CELLS, _UNITS, _MOVED_UNITS):
            await lent.execute(statement, definition)


async def take_contacts(attributes: Sequence[str], *, has_organisation: bool) -> None:
    """Insert and update people, their details and their consents."""
    async with connection() as lent:
        await lent.execute(_NEW_CONTACTS)
        await lent.execute(_CHANGED_CONTACTS, list(attributes))
        await lent.execute(_DETAILS, has_organisation)
        await lent.execute(_CONSENTS)


async def move_contacts() -> None:
    """Put people into the units the file gives; their rest goes with them."""
    async with connection() as lent:
        await lent.execute(_MOVED_CONTACTS)
        await lent.execute(_RESTS)


async def read_newcomers() -> Columns:
    """Return id, prn and inner clock of people new in a unit that has been drawn from before."""
    return await read_columns(_NEWCOMERS, columns={"id": "int8", "prn": "float8", "clock": "float8"})


async def list_concerned_units() -> list[int]:
    """Return the units the file names, and those its people came from."""
    concerned = await read_columns(_CONCERNED, columns={"id": "int8"})
    units: list[int] = concerned["id"].tolist()
    return units


async def place_newcomers(contacts: Sequence[int], tickets: Sequence[float]) -> None:
    """Write their places in the queue inside the unit."""
    async with connection() as lent:
        await lent.execute(
            """UPDATE contact SET inner_ticket = new.ticket
               FROM unnest($1::bigint[], $2::float8[]) AS new (id, ticket) WHERE contact.id = new.id""",
            contacts,
            tickets,
        )
