"""Who is who: members are known by the id of Mailchimp that stays, never by an address that wanders.

Two members may swap addresses between two pages of a pull. Whoever stands where somebody else lives now is
set aside, under a name nobody has, until Mailchimp has said where they live: nobody is merged on a guess.
"""

from collections.abc import Sequence

import msgspec

from survey_service.db.engine import connection
from survey_service.db.newsletter_member import FOR_GOOD, Seen


class InTheWay(msgspec.Struct, frozen=True, kw_only=True):
    """A member we hold under an address that Mailchimp shows with another one."""

    member: int
    mailchimp_id: str
    mine: int | None
    """The row of whoever lives there now, where we have one."""


class Moved(msgspec.Struct, frozen=True, kw_only=True):
    """A contact whose member's address changed: from this one, to another or to one we do not know yet."""

    contact: int
    old_key: str
    email: str
    email_key: str


_WHERE = """
    new AS (SELECT * FROM unnest($2::text[], $3::text[], $4::text[], $5::text[])
        AS n (mailchimp_id, md5, email, email_key))
"""

_IN_THE_WAY = f"""
    WITH {_WHERE}
    SELECT o.id AS member, o.mailchimp_id, m.id AS mine
    FROM new n JOIN newsletter_member o ON o.connection = $1 AND o.md5 = n.md5
        AND o.mailchimp_id <> n.mailchimp_id
    LEFT JOIN newsletter_member m ON m.connection = $1 AND m.mailchimp_id = n.mailchimp_id
    WHERE n.mailchimp_id <> '' AND (o.mailchimp_id <> '' OR m.id IS NOT NULL)
"""  # noqa: S608

_SET_ASIDE = """
    UPDATE newsletter_member m SET md5 = md5(m.mailchimp_id), email = '', email_key = '', is_fresh = true
    FROM newsletter_member old WHERE old.id = m.id AND m.id = ANY ($1::bigint[])
    RETURNING m.id, m.contact, old.email_key AS old_key
"""

_MOVE = f"""
    WITH {_WHERE}
    UPDATE newsletter_member m SET md5 = n.md5, email = n.email, email_key = n.email_key, is_fresh = true
    FROM new n, newsletter_member old
    WHERE old.id = m.id AND m.connection = $1 AND n.mailchimp_id <> '' AND m.mailchimp_id = n.mailchimp_id
        AND m.md5 <> n.md5
    RETURNING m.id, m.contact, old.email_key AS old_key, n.email, n.email_key
"""  # noqa: S608


async def list_in_the_way(found: int, seen: Sequence[Seen]) -> list[InTheWay]:
    """Return whom we hold under addresses that others have now."""
    async with connection() as lent:
        rows = await lent.fetch(_IN_THE_WAY, found, *_columns(seen))
    return [InTheWay(**row) for row in rows]


async def move_members(found: int, seen: Sequence[Seen], aside: Sequence[int]) -> list[Moved]:
    """Set these members aside, then give everybody seen the address they have; return whose changed."""
    async with connection() as lent:
        freed = {row["id"]: row for row in await lent.fetch(_SET_ASIDE, list(aside))} if aside else {}
        moved = {row["id"]: row for row in await lent.fetch(_MOVE, found, *_columns(seen))}
    return [
        Moved(
            contact=(one := freed.get(member) or moved[member])["contact"],
            old_key=one["old_key"],
            email=moved[member]["email"] if member in moved else "",
            email_key=moved[member]["email_key"] if member in moved else "",
        )
        for member in {**freed, **moved}
        if (freed.get(member) or moved[member])["contact"] is not None
    ]


def _columns(seen: Sequence[Seen]) -> tuple[list[str], ...]:
    return (
        [one.mailchimp_id for one in seen],
        [one.md5 for one in seen],
        [one.email for one in seen],
        [one.email_key for one in seen],
    )


async def merge_member(kept: int, dropped: int) -> tuple[int | None, int | None]:
    """Give one member the links of another, who is gone, and let that go; return the contacts of both."""
    async with connection() as lent:
        await lent.execute("UPDATE newsletter_link SET member = $1 WHERE member = $2", kept, dropped)
        gone = await lent.fetchrow(
            "DELETE FROM newsletter_member WHERE id = $1 RETURNING contact, suppressed_for", dropped
        )
        contact = await lent.fetchval(
            """UPDATE newsletter_member SET
                   suppressed_for = CASE WHEN $3 = ANY ($4::text[]) THEN $3 ELSE suppressed_for END,
                   suppressed_at = CASE WHEN $3 = ANY ($4::text[]) THEN coalesce(suppressed_at, now())
                       ELSE suppressed_at END,
                   contact = coalesce(contact, $2), is_fresh = true WHERE id = $1 RETURNING contact""",
            kept, gone["contact"], gone["suppressed_for"], list(FOR_GOOD),
        )  # fmt: skip
    return contact, gone["contact"]


async def find_mailchimp_id(found: int, md5: str) -> str | None:
    """Return the id that stays of whom we hold under an address; None where we hold nobody."""
    async with connection() as lent:
        known: str | None = await lent.fetchval(
            "SELECT mailchimp_id FROM newsletter_member WHERE connection = $1 AND md5 = $2", found, md5
        )
    return known


async def find_md5(found: int, mailchimp_id: str) -> str | None:
    """Return the name we hold a member under now."""
    async with connection() as lent:
        md5: str | None = await lent.fetchval(
            "SELECT md5 FROM newsletter_member WHERE connection = $1 AND mailchimp_id = $2",
            found, mailchimp_id,
        )  # fmt: skip
    return md5


async def list_set_aside(found: int, limit: int) -> list[str]:
    """Return the names of those whose address is not known."""
    async with connection() as lent:
        rows = await lent.fetch(
            """SELECT md5 FROM newsletter_member WHERE connection = $1 AND email = '' AND mailchimp_id <> ''
                   AND suppressed_for IS DISTINCT FROM 'erased' ORDER BY id LIMIT $2""",
            found, limit,
        )  # fmt: skip
    return [row["md5"] for row in rows]


async def suppress_buried(found: int, mailchimp_ids: Sequence[str]) -> None:
    """Suppress members who moved to the address of somebody erased: nobody is written to there."""
    async with connection() as lent:
        await lent.execute(
            """UPDATE newsletter_member SET suppressed_for = 'erased',
                   suppressed_at = coalesce(suppressed_at, now()), is_fresh = true
               WHERE connection = $1 AND mailchimp_id = ANY ($2::text[]) AND mailchimp_id <> ''
                   AND suppressed_for IS DISTINCT FROM 'erased'""",
            found, mailchimp_ids,
        )  # fmt: skip


async def free_addresses(moved: Sequence[Moved]) -> list[int]:
    """Take the old address off these contacts, unless they gave us another one themselves; return whose."""
    async with connection() as lent:
        rows = await lent.fetch(
            """UPDATE contact_detail d SET email = NULL, email_key = NULL
               FROM unnest($1::bigint[], $2::text[]) AS gone (contact, key), contact c
               WHERE d.contact = gone.contact AND c.id = d.contact AND c.state NOT IN ('left', 'erased')
                   AND coalesce(d.email_key, '') = gone.key
               RETURNING d.contact""",
            [one.contact for one in moved], [one.old_key for one in moved],
        )  # fmt: skip
    return [row["contact"] for row in rows]


async def has_own_member(contact: int) -> bool:
    """Tell whether a contact is a member of their own: then nobody else is the same person."""
    async with connection() as lent:
        return bool(
            await lent.fetchval(
                """SELECT EXISTS (
                       SELECT FROM newsletter_member WHERE contact = $1 AND mailchimp_id <> '')""",
                contact,
            )
        )
