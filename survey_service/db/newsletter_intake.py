"""What members say, brought into the register: each step is a statement over the whole set."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

import msgspec

from survey_service.db.columns import Columns, read_columns
from survey_service.db.engine import connection

CAME_FROM = "mc-"
"""The reference of a contact who came from the newsletter begins like this."""

LIVING = "state NOT IN ('left', 'erased')"


class FreshMember(msgspec.Struct, frozen=True, kw_only=True):
    """A member whose words are not in the register yet."""

    id: int
    status: str
    language: str
    merge_fields: dict[str, Any]
    interests: list[str]
    permissions: list[str]


async def link_members(found: int) -> None:
    """Find the contacts of members by address; who came into the register since is looked at again."""
    async with connection() as lent:
        await lent.execute(
            """UPDATE newsletter_member m SET contact = d.contact, is_fresh = true FROM contact_detail d
               WHERE m.connection = $1 AND m.contact IS NULL AND m.email_key <> ''
                   AND d.email_key = m.email_key""",
            found,
        )


async def list_fresh(found: int, after: int, limit: int) -> list[FreshMember]:
    """Return members with news by id, locked: an event that comes now waits, and counts afterwards."""
    async with connection() as lent:
        rows = await lent.fetch(
            """SELECT id, status, language, merge_fields, interests, permissions FROM newsletter_member
               WHERE connection = $1 AND is_fresh AND id > $2 ORDER BY id LIMIT $3 FOR UPDATE""",
            found, after, limit,
        )  # fmt: skip
    decode = msgspec.json.decode
    return [
        FreshMember(
            id=row["id"], status=row["status"], language=row["language"],
            merge_fields=decode(row["merge_fields"]), interests=decode(row["interests"]),
            permissions=decode(row["permissions"]),
        )
        for row in rows
    ]  # fmt: skip


async def open_mapped() -> None:
    """Make the table of what members say in the register's words; it goes with the transaction."""
    async with connection() as lent:
        await lent.execute(
            """CREATE TEMP TABLE mapped (member int8 PRIMARY KEY, audience text, language text, name text,
                   topics jsonb, surveys bool, signals bool, problem text) ON COMMIT DROP"""
        )


async def copy_mapped(records: Iterable[tuple[Any, ...]]) -> None:
    """Fill it."""
    async with connection() as lent:
        await lent.copy_records_to_table("mapped", records=records)


_TAKES = "(m.status = 'subscribed' AND m.suppressed_for IS NULL)"

_NEWSLETTER = f"""
    INSERT INTO consent (contact, purpose, is_granted, source, at)
    SELECT DISTINCT ON (m.contact) m.contact, 'newsletter', {_TAKES},
        'Mailchimp: ' || coalesce(m.suppressed_for, m.status),
        coalesce(CASE WHEN {_TAKES} THEN m.opted_at END, m.status_at, now())
    FROM newsletter_member m JOIN contact c ON c.id = m.contact
    WHERE m.is_fresh AND c.state <> 'erased' AND {{which}}
        -- A later no from elsewhere stays, and so does any where nobody knows when they signed up;
        -- Mailchimp takes back only what it said itself.
        AND NOT ({_TAKES} AND EXISTS (
            SELECT FROM consent said WHERE said.contact = m.contact AND said.purpose = 'newsletter'
                AND NOT said.is_granted AND said.source NOT LIKE 'Mailchimp%'
                AND (m.opted_at IS NULL OR said.at >= m.opted_at)))
    ORDER BY m.contact, {_TAKES}
    ON CONFLICT (contact, purpose) DO UPDATE
    SET is_granted = excluded.is_granted, source = excluded.source, at = excluded.at
    WHERE consent.is_granted <> excluded.is_granted
"""  # noqa: S608

_BY_PERMISSION = """
    INSERT INTO consent (contact, purpose, is_granted, source, at)
    SELECT DISTINCT ON (m.contact) m.contact, $1, {said}, 'Mailchimp permission',
        coalesce(m.last_changed, now())
    FROM mapped p JOIN newsletter_member m ON m.id = p.member JOIN contact c ON c.id = m.contact
    LEFT JOIN consent s ON s.contact = m.contact AND s.purpose = $1
    WHERE c.state <> 'erased' AND ({said} OR s.source = 'Mailchimp permission')
    ORDER BY m.contact, m.id
    ON CONFLICT (contact, purpose) DO UPDATE
    SET is_granted = excluded.is_granted, at = excluded.at
    -- What the person said on the own page or to us is theirs, not Mailchimp's.
    WHERE consent.source = 'Mailchimp permission' AND consent.is_granted <> excluded.is_granted
"""

_ABUSE = """
    UPDATE consent SET is_granted = false, source = 'Mailchimp: abuse', at = now()
    FROM newsletter_member m JOIN mapped p ON p.member = m.id
    WHERE consent.contact = m.contact AND consent.purpose IN ('survey', 'signals') AND consent.is_granted
        AND m.suppressed_for = 'abuse'
"""

_FACTS = """
    UPDATE contact c SET
        language = CASE WHEN c.chose_language OR p.language = '' THEN c.language ELSE p.language END,
        topics = CASE WHEN c.topics = '[]' THEN p.topics ELSE c.topics END
    FROM mapped p JOIN newsletter_member m ON m.id = p.member
    WHERE c.id = m.contact AND c.state <> 'erased' AND (
        (NOT c.chose_language AND p.language NOT IN ('', c.language))
        OR (c.topics = '[]' AND p.topics <> '[]'))
"""


async def withdraw_newsletter(members: Sequence[int]) -> None:
    """Withdraw the consent to the newsletter of suppressed members, at once."""
    async with connection() as lent:
        await lent.execute(_NEWSLETTER.format(which="m.id = ANY ($1)"), list(members))


async def apply_consents(*, with_surveys: bool, with_signals: bool) -> None:
    """Bring consents into the register, each with its source and time."""
    async with connection() as lent:
        await lent.execute(_NEWSLETTER.format(which="m.id IN (SELECT member FROM mapped)"))
        if with_surveys:
            await lent.execute(_BY_PERMISSION.format(said="p.surveys"), "survey")
        if with_signals:
            await lent.execute(_BY_PERMISSION.format(said="p.signals"), "signals")
        await lent.execute(_ABUSE)


async def apply_facts() -> None:
    """Bring languages and topics, where the person chose none themselves."""
    async with connection() as lent:
        await lent.execute(_FACTS)


async def find_moving(definition: int) -> Columns:
    """Return unit, cell to go to, its clock and the unit's number of those who give another audience.

    Units of several people stay where they are; why is noted, as is a value that no audience is mapped to.
    """
    async with connection() as lent:
        await lent.execute(
            """CREATE TEMP TABLE moving ON COMMIT DROP AS
               SELECT p.member, u.id AS unit, p.audience, NOT EXISTS (
                   SELECT FROM contact other WHERE other.unit = u.id AND other.id <> c.id
                       AND other.state NOT IN ('left', 'erased')) AS is_alone
               FROM mapped p JOIN newsletter_member m ON m.id = p.member JOIN contact c ON c.id = m.contact
               JOIN unit u ON u.id = c.unit JOIN cell k ON k.id = u.cell
               WHERE p.audience <> '' AND c.state NOT IN ('left', 'erased')
                   AND split_part(k.key, '|', 1) <> p.audience"""
        )
        await lent.execute(
            """INSERT INTO cell (cell_definition, key) SELECT DISTINCT $1::bigint, audience FROM moving
               WHERE is_alone ON CONFLICT DO NOTHING""",
            definition,
        )
        await lent.execute(
            """UPDATE newsletter_member m SET refused_for = coalesce(
                   CASE WHEN v.is_alone = false THEN 'Others of the unit are in another audience.' END,
                   p.problem)
               FROM mapped p LEFT JOIN moving v ON v.member = p.member
               WHERE m.id = p.member AND m.refused_for <> coalesce(
                   CASE WHEN v.is_alone = false THEN 'Others of the unit are in another audience.' END,
                   p.problem)"""
        )
    return await read_columns(
        """SELECT u.id, k.id, u.prn, k.clock FROM moving v JOIN unit u ON u.id = v.unit
           JOIN cell k ON k.key = v.audience AND k.cell_definition = $1 WHERE v.is_alone""",
        definition,
        columns={"unit": "int8", "cell": "int8", "prn": "float8", "clock": "float8"},
    )


class Newcomer(msgspec.Struct, frozen=True, kw_only=True):
    """A subscriber who joins the register."""

    reference: str
    audience: str
    name: str
    email: str
    email_key: str
    language: str
    topics: list[str]
    opted_at: Any


async def list_newcomers() -> list[Newcomer]:
    """Return subscribers without a contact who consent to surveys and name an audience, each once."""
    async with connection() as lent:
        rows = await lent.fetch(
            """SELECT DISTINCT ON (m.email_key) r.reference, p.audience, p.name,
                   m.email, m.email_key, p.language, p.topics,
                   coalesce(m.opted_at, m.last_changed) AS opted_at
               FROM mapped p JOIN newsletter_member m ON m.id = p.member
               -- Somebody else may have had this address before, and be a contact under its name.
               CROSS JOIN LATERAL (SELECT $1 || m.unique_email_id || CASE WHEN EXISTS (
                   SELECT FROM contact c JOIN newsletter_member o ON o.contact = c.id
                   WHERE c.reference = $1 || m.unique_email_id AND o.mailchimp_id NOT IN ('', m.mailchimp_id))
                   THEN '-' || left(m.mailchimp_id, 8) ELSE '' END AS reference) r
               WHERE m.contact IS NULL AND m.status = 'subscribed' AND m.suppressed_for IS NULL
                   AND p.surveys AND p.audience <> '' AND m.unique_email_id <> '' AND m.email_key <> ''
                   AND NOT EXISTS (SELECT FROM contact c WHERE c.reference = r.reference)
               ORDER BY m.email_key, m.id""",
            CAME_FROM,
        )
    return [Newcomer(**(dict(row) | {"topics": msgspec.json.decode(row["topics"])})) for row in rows]


async def list_units() -> list[int]:
    """Return the units of everybody looked at."""
    async with connection() as lent:
        rows = await lent.fetch(
            """SELECT DISTINCT c.unit FROM mapped p JOIN newsletter_member m ON m.id = p.member
               JOIN contact c ON c.id = m.contact"""
        )
    return [row["unit"] for row in rows]


async def settle() -> None:
    """Note that the register has what these members said."""
    async with connection() as lent:
        await lent.execute(
            "UPDATE newsletter_member m SET is_fresh = false FROM mapped p WHERE m.id = p.member"
        )


async def change_address(contact: int, email: str, email_key: str) -> int | None:
    """Give a contact a new address; return another contact who has it already, and then change nothing."""
    async with connection() as lent:
        other: int | None = await lent.fetchval(
            "SELECT contact FROM contact_detail WHERE email_key = $1 AND contact <> $2", email_key, contact
        )
        if other is None:
            await lent.execute(
                "UPDATE contact_detail SET email = $2, email_key = $3 WHERE contact = $1",
                contact, email, email_key,
            )  # fmt: skip
    return other


async def merge_contacts(kept: int, other: int) -> UUID:
    """Let a second entry of one person leave the register: its address and its consents go to nobody.

    A consent that the second one withdrew is withdrawn for the first, too.
    """
    async with connection() as lent:
        await lent.execute(
            """UPDATE consent SET is_granted = false, source = 'merged entries',
                   at = greatest(consent.at, o.at)
               FROM consent o WHERE consent.contact = $1 AND o.contact = $2 AND o.purpose = consent.purpose
                   AND consent.is_granted AND NOT o.is_granted""",
            kept, other,
        )  # fmt: skip
        await lent.execute(
            "UPDATE contact_detail SET email = NULL, email_key = NULL WHERE contact = $1", other
        )
        await lent.execute(
            """UPDATE invitation SET state = 'cancelled', cancelled_at = now(), cancelled_for = 'merged'
               WHERE contact = $1 AND state IN ('reserved', 'sent')""",
            other,
        )
        found: UUID = await lent.fetchval(
            "UPDATE contact SET state = 'left' WHERE id = $1 RETURNING pseudonym", other
        )
    return found


async def withdraw_for_contact(contact: int) -> None:
    """Withdraw consent to the newsletter of somebody Mailchimp does not know any more."""
    async with connection() as lent:
        await lent.execute(
            """UPDATE consent SET is_granted = false, source = 'Mailchimp: gone', at = now()
               WHERE contact = $1 AND purpose = 'newsletter' AND is_granted""",
            contact,
        )
