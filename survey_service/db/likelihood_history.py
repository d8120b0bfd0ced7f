"""What response likelihood learns from and looks at, as columns: whole numbers only, never anybody's name.

Who objects is in none of it. Texts (audience, channel, language, attributes) come as their place, from 1, in
a list that is given along; 0 is none of it.
"""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from survey_service.db.columns import Columns, read_columns
from survey_service.db.contact_standing import IN_FRAME, PEOPLE
from survey_service.db.engine import connection
from survey_service.db.newsletter_signal import AGREED

_MAY_BE_LOOKED_AT = "NOT EXISTS (SELECT FROM likelihood_objection o WHERE o.contact = {})"

# Sent and erased since: the ledger of such a person leads nowhere any more.
_INVITATIONS = f"""
    SELECT i.contact, i.wave, w.survey, m.stratum, f.planned_seconds, i.sent_at,
        coalesce(i.answered_at, 'infinity'), c.joined_at,
        least(i.expires_at, CASE WHEN s.state = 'closed' THEN s.closed_at END) <= $1::timestamptz,
        coalesce(array_position($3::text[], split_part(k.key, '|', 1)), 0),
        coalesce(array_position($4::text[], g.channel::text), 0),
        coalesce(array_position($5::text[], i.language::text), 0)
    FROM invitation i
    JOIN wave w ON w.id = i.wave JOIN survey s ON s.id = w.survey
    JOIN draw_member m ON m.id = i.draw_member JOIN cell k ON k.id = m.cell
    JOIN form f ON f.id = i.form JOIN contact c ON c.id = i.contact
    LEFT JOIN message g ON g.receipt = i.receipt
    WHERE i.sent_at < $1 AND c.state <> 'erased' AND coalesce(i.cancelled_for, '') IN ('', 'person')
        AND ($2::bigint[] IS NULL OR i.contact = ANY ($2)) AND {_MAY_BE_LOOKED_AT.format("i.contact")}
"""  # noqa: S608

_BURDEN = f"""
    SELECT c.id, e.at, e.planned_seconds, (e.kind = 'reminder')::int4
    FROM ledger_event e JOIN contact c ON c.pseudonym = e.pseudonym
    WHERE e.kind IN ('invitation', 'reminder') AND e.at < $1::timestamptz
        AND ($2::bigint[] IS NULL OR c.id = ANY ($2)) AND {_MAY_BE_LOOKED_AT.format("c.id")}
"""  # noqa: S608

_PEOPLE = f"""
    SELECT p.id, p.unit, u.cell, c.joined_at,
        coalesce(array_position($2::text[], split_part(k.key, '|', 1)), 0),
        coalesce(array_position($3::text[], c.channel::text), 0),
        coalesce(array_position($4::text[], c.language::text), 0)
    FROM ({PEOPLE}) p JOIN contact c ON c.id = p.id JOIN unit u ON u.id = p.unit JOIN cell k ON k.id = u.cell
    JOIN (SELECT u.cell, $5::float8 / count(*) AS share FROM unit u WHERE u.cell = ANY ($1) GROUP BY u.cell) n
        ON n.cell = u.cell AND c.prn < n.share AND ($6::bigint IS NULL OR c.id = $6)
    WHERE p.standing = {IN_FRAME} AND u.cell = ANY ($1) AND {_MAY_BE_LOOKED_AT.format("p.id")}
"""  # noqa: S608

_ATTRIBUTE = """
    SELECT c.id, coalesce(array_position($3::text[], c.attributes ->> $1), 0)
    FROM contact c WHERE c.attributes ? $1 AND ($2::bigint[] IS NULL OR c.id = ANY ($2))
"""

_PAST_ATTRIBUTE = """
    SELECT p.contact, p.until, coalesce(array_position($3::text[], p.attributes ->> $1), 0)
    FROM contact_attribute_past p
    WHERE p.attributes ? $1 AND ($2::bigint[] IS NULL OR p.contact = ANY ($2)) ORDER BY p.until, p.id
"""


# Issues are read days after they were sent. Before that nobody knew who had them and who had clicked, so both
# count from then on. How often somebody clicked later has no moment of its own: an issue was clicked or not.
_CLICKS = f"""
    SELECT s.contact, x.at, x.clicks FROM newsletter_signal s
    CROSS JOIN LATERAL (VALUES (s.known_at, 0), (s.click_known_at, 1)) AS x (at, clicks)
    WHERE x.at < $1::timestamptz AND ($2::bigint[] IS NULL OR s.contact = ANY ($2))
        AND {AGREED.format(contact="s.contact")} AND {_MAY_BE_LOOKED_AT.format("s.contact")}
"""  # noqa: S608


class Words(msgspec.Struct, frozen=True, kw_only=True):
    """Every text that occurs, in order."""

    audience: tuple[str, ...]
    channel: tuple[str, ...]
    language: tuple[str, ...]


async def list_words() -> Words:
    """Return the audiences, channels and languages of the register."""
    async with connection() as lent:
        row = await lent.fetchrow(
            """SELECT (SELECT coalesce(array_agg(DISTINCT split_part(key, '|', 1)), '{}') FROM cell),
                   (SELECT coalesce(array_agg(DISTINCT channel), '{}') FROM contact),
                   (SELECT coalesce(array_agg(DISTINCT language), '{}') FROM contact)"""
        )
    audience, channel, language = (tuple(sorted(texts)) for texts in row)
    return Words(audience=audience, channel=channel, language=language)


async def list_values(attribute: str) -> tuple[str, ...]:
    """Return what people have and had as an attribute, in order."""
    async with connection() as lent:
        rows = await lent.fetch(
            """SELECT attributes ->> $1 AS value FROM contact WHERE attributes ? $1 AND state <> 'erased'
               UNION SELECT attributes ->> $1 FROM contact_attribute_past WHERE attributes ? $1""",
            attribute,
        )
    return tuple(sorted(row["value"] for row in rows if row["value"]))


async def read_invitations(
    until: datetime, words: Words, *, contacts: Sequence[int] | None = None
) -> Columns:
    """Return what was sent before a moment (to these people; all: None) and what became of it.

    Columns: contact, wave, survey, stratum, planned_seconds, sent, answered (the end of time where not),
    joined, is_over (its time to answer had ended), audience, channel (it went by) and language.
    """
    return await read_columns(
        _INVITATIONS, until, contacts, words.audience, words.channel, words.language,
        columns={
            "contact": "int8", "wave": "int8", "survey": "int8", "stratum": "int8", "planned_seconds": "int4",
            "sent": "timestamptz", "answered": "timestamptz", "joined": "timestamptz", "is_over": "bool",
            "audience": "int4", "channel": "int4", "language": "int4",
        },
    )  # fmt: skip


async def read_burden(until: datetime, *, contacts: Sequence[int] | None = None) -> Columns:
    """Return what the ledger charged before a moment: contact, at, planned_seconds and is_reminder (0, 1)."""
    return await read_columns(
        _BURDEN,
        until,
        contacts,
        columns={"contact": "int8", "at": "timestamptz", "planned_seconds": "int4", "is_reminder": "int4"},
    )


async def read_clicks(until: datetime, contacts: Sequence[int] | None) -> Columns:
    """Return what those who agreed did with the newsletter before a moment.

    Columns: contact, at, and clicks: 0 for an issue that was sent, 1 for one that was clicked.
    """
    return await read_columns(
        _CLICKS, until, contacts, columns={"contact": "int8", "at": "timestamptz", "clicks": "int4"}
    )


async def read_people(
    cells: Sequence[int], words: Words, *, each: int, contact: int | None = None
) -> Columns:
    """Return people of the frame in these cells (or one of them), about `each` of every cell, by lot.

    Columns: contact, unit, cell, joined, audience, channel and language. Whoever is sampled here is asked
    nothing: it saves looking at a million people for the mean of each cell.
    """
    return await read_columns(
        _PEOPLE, cells, words.audience, words.channel, words.language, float(each), contact,
        columns={
            "contact": "int8", "unit": "int8", "cell": "int8", "joined": "timestamptz",
            "audience": "int4", "channel": "int4", "language": "int4",
        },
    )  # fmt: skip


async def find_cell(contact: int) -> int:
    """Return the cell of a person who exists."""
    async with connection() as lent:
        found: int = await lent.fetchval(
            "SELECT u.cell FROM contact c JOIN unit u ON u.id = c.unit WHERE c.id = $1", contact
        )
        return found


async def read_attribute(
    attribute: str, values: Sequence[str], *, contacts: Sequence[int] | None = None
) -> Columns:
    """Return contact and place (from 1) of an attribute, of those who have it."""
    return await read_columns(
        _ATTRIBUTE, attribute, contacts, values, columns={"contact": "int8", "code": "int4"}
    )


async def read_past_attribute(
    attribute: str, values: Sequence[str], *, contacts: Sequence[int] | None = None
) -> Columns:
    """Return what it was before it changed, in order: contact, until and place (0: there was none)."""
    return await read_columns(
        _PAST_ATTRIBUTE, attribute, contacts, values,
        columns={"contact": "int8", "until": "timestamptz", "code": "int4"},
    )  # fmt: skip


async def has_wave_ended(since: datetime | None, until: datetime) -> bool:
    """Tell whether the last invitation of some wave ran out after a moment (ever: None) and by another."""
    async with connection() as lent:
        found: bool = await lent.fetchval(
            """SELECT EXISTS (
                   SELECT FROM invitation i JOIN wave w ON w.id = i.wave JOIN survey s ON s.id = w.survey
                   WHERE i.sent_at IS NOT NULL GROUP BY w.id, s.state, s.closed_at
                   HAVING least(max(i.expires_at), CASE WHEN s.state = 'closed' THEN s.closed_at END)
                       BETWEEN coalesce($1::timestamptz, '-infinity') AND $2::timestamptz)""",
            since,
            until,
        )
        return found
