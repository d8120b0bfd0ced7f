"""People of the register found by how their reference, name, organisation or address begins."""

import msgspec

from survey_service.db.engine import connection

_FOUND = """
    SELECT c.id, c.reference, coalesce(d.name, '') AS name, coalesce(d.organisation, '') AS organisation,
        k.key AS cell, c.state, count(*) OVER () AS total
    FROM contact c JOIN unit u ON u.id = c.unit JOIN cell k ON k.id = u.cell
    LEFT JOIN contact_detail d ON d.contact = c.id
    WHERE c.state <> 'erased' AND (
        starts_with(lower(c.reference), $1) OR starts_with(lower(d.name), $1)
        OR strpos(lower(d.name), ' ' || $1) > 0 OR starts_with(lower(d.organisation), $1)
        OR starts_with(d.email_key, $2))
    ORDER BY c.reference COLLATE "C" LIMIT $3 OFFSET $4
"""


class ContactFound(msgspec.Struct, frozen=True, kw_only=True):
    """As much of a person as a list needs to tell them from others."""

    id: int
    reference: str
    name: str
    organisation: str
    cell: str
    state: str


async def search_contacts(
    beginning: str, *, email_key: str, limit: int, offset: int
) -> tuple[int, list[ContactFound]]:
    """Return how many there are and one page of them; `beginning` is in lower case, the key folded."""
    async with connection() as lent:
        rows = [dict(row) for row in await lent.fetch(_FOUND, beginning, email_key, limit, offset)]
    total = rows[0]["total"] if rows else 0
    return total, [ContactFound(**{name: row[name] for name in row if name != "total"}) for row in rows]
