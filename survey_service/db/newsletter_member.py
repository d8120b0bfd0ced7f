"""Members of the newsletter's list as last seen. A later event outweighs what was asked before it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from survey_service.db.engine import connection

FOR_GOOD = ("abuse", "erased")
"""Suppressed for one of these, nobody comes back by anything that Mailchimp says."""


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """A member as Mailchimp showed one, cut down to what may be kept."""

    email: str
    email_key: str
    md5: str
    unique_email_id: str
    mailchimp_id: str
    web_id: int
    status: str
    language: str
    merge_fields: dict[str, Any]
    interests: list[str]
    permissions: list[str]
    rating: int
    opted_at: datetime | None
    last_changed: datetime | None
    suppressed_for: str | None


NEW = """
    new AS (SELECT * FROM jsonb_to_recordset($2::jsonb) AS n (
        email text, email_key text, md5 text, unique_email_id text, mailchimp_id text, web_id int8,
        status text, language text, merge_fields jsonb, interests jsonb, permissions jsonb, rating int2,
        opted_at timestamptz, last_changed timestamptz, suppressed_for text))
"""

_HELD = """(m.status <> 'subscribed' AND m.status_at > $3 AND excluded.status = 'subscribed')"""
"""An event, or another answer, came after this was asked for and says no: coming back is asked for later."""

_STAYS = """(m.suppressed_for = ANY ($5::text[])
    OR (m.suppressed_for = 'refused' AND m.opted_at IS NOT DISTINCT FROM excluded.opted_at))"""
"""For good, or until the person signs up anew: Mailchimp itself refused what was written to them."""

_COMPARED = """unique_email_id, mailchimp_id, status, language, merge_fields, interests, permissions, rating,
    opted_at, suppressed_for"""

_UPSERT = f"""
    WITH {NEW}
    INSERT INTO newsletter_member AS m (connection, email, email_key, md5, unique_email_id, mailchimp_id,
        web_id, status, status_at, status_source, language, merge_fields, interests, permissions, rating,
        opted_at, last_changed, suppressed_for, suppressed_at, seen_run)
    SELECT DISTINCT ON (md5) $1, email, email_key, md5, unique_email_id, mailchimp_id, web_id, status, now(),
        $4, language, merge_fields, interests, permissions, rating, opted_at, last_changed, suppressed_for,
        CASE WHEN suppressed_for IS NOT NULL THEN now() END, $6::bigint
    FROM new ORDER BY md5, last_changed DESC NULLS LAST
    ON CONFLICT (connection, md5) DO UPDATE SET
        email = excluded.email, email_key = excluded.email_key,
        unique_email_id = excluded.unique_email_id, mailchimp_id = excluded.mailchimp_id,
        web_id = excluded.web_id, language = excluded.language, merge_fields = excluded.merge_fields,
        interests = excluded.interests, permissions = excluded.permissions, rating = excluded.rating,
        opted_at = excluded.opted_at, last_changed = excluded.last_changed, is_fresh = true,
        seen_run = coalesce(excluded.seen_run, m.seen_run),
        status = CASE WHEN {_HELD} THEN m.status ELSE excluded.status END,
        status_source = CASE WHEN {_HELD} THEN m.status_source ELSE $4 END,
        status_at = CASE WHEN {_HELD} OR m.status = excluded.status THEN m.status_at ELSE now() END,
        suppressed_for = CASE WHEN {_HELD} OR {_STAYS} THEN m.suppressed_for
            ELSE excluded.suppressed_for END,
        suppressed_at = CASE WHEN {_HELD} OR {_STAYS} THEN m.suppressed_at
            WHEN excluded.suppressed_for IS NULL THEN NULL ELSE coalesce(m.suppressed_at, now()) END
    WHERE ({", ".join(f"m.{name.strip()}" for name in _COMPARED.split(","))})
        IS DISTINCT FROM ({", ".join(f"excluded.{name.strip()}" for name in _COMPARED.split(","))})
    RETURNING m.id
"""  # noqa: S608


async def take_members(
    found: int, seen: Sequence[Seen], *, observed_at: datetime, source: str, run: int | None = None
) -> int:
    """Take members as they were seen by a request that began at `observed_at`; return how many changed."""
    async with connection() as lent:
        changed = await lent.fetch(_UPSERT, found, encode(seen), observed_at, source, list(FOR_GOOD), run)
        if run is not None:
            await lent.execute(
                """UPDATE newsletter_member SET seen_run = $3
                   WHERE connection = $1 AND md5 = ANY ($2::text[]) AND seen_run IS DISTINCT FROM $3""",
                found, [one.md5 for one in seen], run,
            )  # fmt: skip
    return len(changed)


async def suppress_member(
    found: int, *, md5: str, unique_email_id: str, status: str, reason: str, at: datetime
) -> list[int]:
    """Suppress whoever an event speaks of, before anything is asked; return the ids of the members."""
    async with connection() as lent:
        rows = await lent.fetch(
            """UPDATE newsletter_member SET status = $4, status_at = $6, status_source = 'event',
                   suppressed_at = coalesce(suppressed_at, $6), is_fresh = true,
                   suppressed_for = CASE WHEN suppressed_for = ANY ($7::text[]) THEN suppressed_for
                       ELSE $5 END
               WHERE connection = $1 AND (md5 = $2 OR (unique_email_id = $3 AND $3 <> '')) RETURNING id""",
            found, md5, unique_email_id, status, reason, at, list(FOR_GOOD),
        )  # fmt: skip
    return [row["id"] for row in rows]


async def suppress_for_good(found: int, md5: str, reason: str) -> None:
    """Suppress somebody who is not subscribed for good."""
    async with connection() as lent:
        await lent.execute(
            """UPDATE newsletter_member SET suppressed_for = $3, is_fresh = true,
                   suppressed_at = coalesce(suppressed_at, now())
               WHERE connection = $1 AND md5 = $2 AND status <> 'subscribed'
                   AND suppressed_for IS DISTINCT FROM 'erased'""",
            found, md5, reason,
        )  # fmt: skip


async def list_unseen(found: int, run: int, limit: int) -> tuple[int, int, list[tuple[str, str]]]:
    """Return how many members there are, how many a full pull did not show, and md5 and id of the first."""
    async with connection() as lent:
        row = await lent.fetchrow(
            """SELECT count(*) AS all, count(*) FILTER (WHERE seen_run IS DISTINCT FROM $2) AS unseen
               FROM newsletter_member WHERE connection = $1""",
            found, run,
        )  # fmt: skip
        rows = await lent.fetch(
            """SELECT md5, unique_email_id FROM newsletter_member
               WHERE connection = $1 AND seen_run IS DISTINCT FROM $2 ORDER BY id LIMIT $3""",
            found, run, limit,
        )  # fmt: skip
    return row["all"], row["unseen"], [(one["md5"], one["unique_email_id"]) for one in rows]


async def remove_member(found: int, md5: str) -> tuple[str, int | None, str | None] | None:
    """Let a member go with everything that names them; return address, contact and contact's reference."""
    async with connection() as lent:
        row = await lent.fetchrow(
            """SELECT m.id, m.email, m.contact, c.reference FROM newsletter_member m
               LEFT JOIN contact c ON c.id = m.contact WHERE m.connection = $1 AND m.md5 = $2""",
            found, md5,
        )  # fmt: skip
        if row is None:
            return None
        await lent.execute(
            """UPDATE newsletter_link SET member = NULL, md5 = '', cleared_at = coalesce(cleared_at, now()),
                   state = CASE WHEN state = 'refused' THEN state ELSE 'cleared' END WHERE member = $1""",
            row["id"],
        )
        await lent.execute("DELETE FROM newsletter_member WHERE id = $1", row["id"])
    return row["email"], row["contact"], row["reference"]


async def bury(found: int, hashes: Sequence[bytes], reason: str) -> None:
    """Keep records of addresses that must not come back by a pull."""
    async with connection() as lent:
        await lent.execute(
            """INSERT INTO newsletter_tombstone (connection, address_hash, reason)
               SELECT $1, unnest($2::bytea[]), $3
               ON CONFLICT (connection, address_hash) DO UPDATE SET at = now(), reason = CASE
                   WHEN newsletter_tombstone.reason = 'gone' THEN excluded.reason
                   ELSE newsletter_tombstone.reason END""",
            found, hashes, reason,
        )  # fmt: skip


async def list_buried(found: int, hashes: Sequence[bytes]) -> dict[bytes, tuple[str, datetime]]:
    """Return why and when these addresses went, those of the register's own erasures among them."""
    async with connection() as lent:
        rows = await lent.fetch(
            """SELECT address_hash, reason, at FROM newsletter_tombstone
               WHERE connection = $1 AND address_hash = ANY ($2::bytea[])
               UNION ALL
               SELECT address_hash, CASE reason WHEN 'gone' THEN 'gone' ELSE 'erased' END, at
               FROM suppression WHERE address_hash = ANY ($2::bytea[])
               ORDER BY 2 DESC, 3""",
            found, hashes,
        )  # fmt: skip
    # The weightiest word last: erased or abuse before gone, and the latest.
    return {row["address_hash"]: (row["reason"], row["at"]) for row in rows}


async def dig_up(found: int, hashes: Sequence[bytes]) -> None:
    """Forget that these addresses went: the people signed up again themselves."""
    async with connection() as lent:
        await lent.execute(
            """DELETE FROM newsletter_tombstone
               WHERE connection = $1 AND address_hash = ANY ($2::bytea[]) AND reason = 'gone'""",
            found, hashes,
        )  # fmt: skip
        await lent.execute(
            "DELETE FROM suppression WHERE address_hash = ANY ($1::bytea[]) AND reason = 'gone'", hashes
        )


async def forget_words(contact: int) -> None:
    """Forget what an erased person said at Mailchimp, and the signals; the md5 goes with the last link."""
    async with connection() as lent:
        await lent.execute(
            """UPDATE newsletter_member SET email = '', email_key = '', merge_fields = '{}', interests = '[]',
                   permissions = '[]', language = '',
                   suppressed_for = 'erased',
                   suppressed_at = coalesce(suppressed_at, now()) WHERE contact = $1""",
            contact,
        )
        await lent.execute("DELETE FROM newsletter_signal WHERE contact = $1", contact)


async def list_of_erased(found: int) -> list[str]:
    """Return the md5 of members whose contact was erased here."""
    async with connection() as lent:
        rows = await lent.fetch(
            """SELECT m.md5 FROM newsletter_member m JOIN contact c ON c.id = m.contact
               WHERE m.connection = $1 AND c.state = 'erased' AND NOT EXISTS (
                   SELECT FROM newsletter_link l WHERE l.member = m.id
                       AND l.state IN ('wanted', 'confirmed', 'clearing'))""",
            found,
        )
    return [row["md5"] for row in rows]


def encode(seen: Sequence[Seen]) -> str:
    return msgspec.json.encode(seen).decode()
