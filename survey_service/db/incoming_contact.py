"""Contacts on their way in: a table of this transaction, compared with the register as one set.

`open_incoming` and `copy_incoming` fill it, `list_clashes` finds what no single row can show, and
`compare_incoming` counts. `db/incoming_contact_apply.py` then brings it into the register.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from survey_service.db.engine import connection

COLUMNS = (
    "row", "reference", "audience", "unit", "kind", "name", "email", "email_key", "mobile", "organisation",
    "language", "channel", "attributes", "consent_survey", "consent_newsletter", "consent_source",
    "consent_at", "unit_prn", "unit_ticket", "prn", "in_arm",
)  # fmt: skip

Record = tuple[Any, ...]
"""One contact, in the order of COLUMNS."""

_OPEN = """
    CREATE TEMP TABLE incoming (
        row int, reference text, audience text, unit text, kind text, name text, email text, email_key text,
        mobile text, organisation text, language text, channel text, attributes jsonb,
        consent_survey bool, consent_newsletter bool, consent_source text, consent_at timestamptz,
        unit_prn float8, unit_ticket float8, prn float8, in_arm bool
    ) ON COMMIT DROP
"""

_CONSENTS = """
    SELECT i.row, i.reference, p.purpose, p.is_granted, i.consent_source AS source, i.consent_at AS at
    FROM incoming i CROSS JOIN LATERAL (
        VALUES ('survey', i.consent_survey), ('newsletter', i.consent_newsletter)) AS p (purpose, is_granted)
"""

CONSENT_CHANGES = f"""
    SELECT n.row, c.id AS contact, n.purpose, n.is_granted, n.source, coalesce(n.at, now()) AS at
    FROM ({_CONSENTS}) n JOIN contact c ON c.reference = n.reference
    LEFT JOIN consent s ON s.contact = c.id AND s.purpose = n.purpose
    WHERE CASE
        WHEN s.id IS NULL THEN n.is_granted OR n.at IS NOT NULL
        -- What the person said later, on their own page say, outweighs an older line of a file.
        WHEN n.at IS NOT NULL THEN n.at >= s.at
            AND (s.is_granted, s.source, s.at) IS DISTINCT FROM (n.is_granted, n.source, n.at)
        ELSE s.is_granted AND NOT n.is_granted END
"""  # noqa: S608

LANGUAGE = "CASE WHEN {contact}.chose_language THEN {contact}.language ELSE i.language END"
CHANNEL = """CASE WHEN {contact}.chose_channel AND ({contact}.channel <> 'email' OR i.email IS NOT NULL)
    AND ({contact}.channel <> 'text' OR i.mobile IS NOT NULL) THEN {contact}.channel ELSE i.channel END"""
"""What holds after an import: the person's own choice, as long as the file has an address for it."""

_MATCH = f"""
    CREATE TEMP TABLE matched ON COMMIT DROP AS
    SELECT i.row, c.id AS contact, u.id AS old_unit, i.unit <> u.reference AS changes_unit,
        split_part(k.key, '|', 1) IS DISTINCT FROM i.audience AS changes_audience,
        (d.name, d.email, d.mobile, d.organisation)
            IS DISTINCT FROM (i.name, i.email, i.mobile, coalesce(i.organisation, d.organisation))
            OR (c.language, c.channel)
                IS DISTINCT FROM ({LANGUAGE.format(contact="c")}, {CHANNEL.format(contact="c")})
            OR c.attributes IS DISTINCT FROM (c.attributes - $1::text[]) || i.attributes AS changes_facts,
        i.row IN (SELECT row FROM ({CONSENT_CHANGES}) x) AS changes_consent
    FROM incoming i
    JOIN contact c ON c.reference = i.reference
    JOIN unit u ON u.id = c.unit
    JOIN cell k ON k.id = u.cell
    LEFT JOIN contact_detail d ON d.contact = c.id
"""  # noqa: S608

_CLASHES = """
    SELECT row, 'reference' AS field, first AS other FROM (
        SELECT row, min(row) OVER (PARTITION BY reference) AS first FROM incoming) x WHERE row > first
    UNION ALL
    SELECT row, 'email', first FROM (
        SELECT row, min(row) OVER (PARTITION BY email_key) AS first FROM incoming
        WHERE email_key IS NOT NULL) x WHERE row > first
    UNION ALL
    SELECT row, 'mobile', first FROM (
        SELECT row, min(row) OVER (PARTITION BY mobile) AS first FROM incoming
        WHERE mobile IS NOT NULL AND channel = 'text') x WHERE row > first
    UNION ALL
    SELECT row, 'audience', first FROM (
        SELECT row, audience, first_value(audience) OVER w AS wanted, first_value(row) OVER w AS first
        FROM (SELECT DISTINCT ON (reference) row, audience, unit FROM incoming ORDER BY reference, row) once
        WINDOW w AS (PARTITION BY unit ORDER BY row)) x WHERE audience <> wanted
    UNION ALL
    SELECT i.row, 'email in register', NULL FROM incoming i
        JOIN contact_detail d ON d.email_key = i.email_key
        JOIN contact c ON c.id = d.contact AND c.reference <> i.reference
    UNION ALL
    SELECT DISTINCT i.row, 'mobile in register', NULL::int FROM incoming i
        JOIN contact_detail d ON d.mobile = i.mobile
        JOIN contact c ON c.id = d.contact AND c.reference <> i.reference AND c.channel = 'text'
        WHERE i.channel = 'text'
    UNION ALL
    SELECT DISTINCT i.row, 'audience in register', NULL::int FROM incoming i
        JOIN unit u ON u.reference = i.unit
        JOIN cell k ON k.id = u.cell AND split_part(k.key, '|', 1) <> i.audience
        JOIN contact c ON c.unit = u.id AND c.state NOT IN ('left', 'erased')
        WHERE NOT EXISTS (SELECT FROM incoming other WHERE other.reference = c.reference)
"""


class Clash(msgspec.Struct, frozen=True, kw_only=True):
    """A row that clashes with another row of the file (`other`) or with the register."""

    row: int
    field: str
    other: int | None


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """What taking the rows in would do."""

    rows: int
    new: int
    changed: int
    unchanged: int
    moved: int
    """Of the changed: those who go to another audience or unit."""


async def open_incoming() -> None:
    """Make the table; it goes with the transaction."""
    async with connection() as lent:
        await lent.execute(_OPEN)


async def copy_incoming(records: Iterable[Record]) -> None:
    """Stream records in; only a buffer of them is ever held."""
    async with connection() as lent:
        await lent.copy_records_to_table("incoming", records=records, columns=COLUMNS)


async def list_clashes(limit: int) -> tuple[int, list[Clash]]:
    """Return how many rows clash in some way, and the first of them."""
    async with connection() as lent:
        for column in ("reference", "unit", "email_key"):
            await lent.execute(f"CREATE INDEX ON incoming ({column})")
        await lent.execute("ANALYZE incoming")
        rows = await lent.fetch(
            f"""SELECT row, field, other, count(*) OVER () AS total FROM ({_CLASHES}) x
                ORDER BY row, field LIMIT $1""",  # noqa: S608
            limit,
        )
    total = rows[0]["total"] if rows else 0
    return total, [Clash(row=row["row"], field=row["field"], other=row["other"]) for row in rows]


async def compare_incoming(attributes: Sequence[str]) -> Comparison:
    """Compare with the register; in `attributes`, those the file has columns for, an empty cell clears."""
    async with connection() as lent:
        await lent.execute(_MATCH.replace("$1", await _quote(attributes)))
        row = await lent.fetchrow(
            """SELECT (SELECT count(*) FROM incoming) AS rows, count(*) AS known,
                   count(*) FILTER (
                       WHERE changes_unit OR changes_audience OR changes_facts OR changes_consent) AS changed,
                   count(*) FILTER (WHERE changes_unit OR changes_audience) AS moved
               FROM matched"""
        )
    return Comparison(
        rows=row["rows"],
        new=row["rows"] - row["known"],
        changed=row["changed"],
        unchanged=row["known"] - row["changed"],
        moved=row["moved"],
    )


async def _quote(attributes: Sequence[str]) -> str:
    """Return the names as a literal: CREATE TABLE AS takes no parameters."""
    async with connection() as lent:
        return str(await lent.fetchval("SELECT quote_literal($1::text[])", list(attributes)))
