"""How many members stand how, and what of them the register did not take."""

from datetime import datetime

import msgspec

from survey_service.db.engine import connection


class RefusedMember(msgspec.Struct, frozen=True, kw_only=True):
    """A member whose words the register did not take whole; by number, since pages show no addresses."""

    web_id: int
    contact: int | None
    reason: str


async def count_members(found: int) -> tuple[dict[str, int], int]:
    """Return members by status, and how many of all are contacts."""
    async with connection() as lent:
        rows = await lent.fetch(
            """SELECT status, count(*) AS count, count(contact) AS linked FROM newsletter_member
               WHERE connection = $1 GROUP BY status ORDER BY status""",
            found,
        )
    return {row["status"]: row["count"] for row in rows}, sum(row["linked"] for row in rows)


class Differences(msgspec.Struct, frozen=True, kw_only=True):
    """Where the list and the register do not say the same, in people."""

    not_in_register: int
    """Subscribed, and no contact."""
    not_subscribed: int
    """Take the newsletter by the register, and are not subscribed."""
    said_no_here: int
    """Subscribed, and said no to the newsletter here."""
    for_good: int
    """Complained, or erased: never written to, whatever Mailchimp says."""
    address_unknown: int
    """Somebody else has their address now; they are asked for."""
    fresh: int
    """Changed, and not brought into the register yet."""
    gone: int
    """Mailchimp does not know them any more; only a hash is kept."""


async def count_differences(found: int) -> Differences:
    """Count where list and register differ."""
    async with connection() as lent:
        row = await lent.fetchrow(
            """SELECT
                   count(*) FILTER (WHERE m.status = 'subscribed' AND m.contact IS NULL) AS not_in_register,
                   count(*) FILTER (WHERE m.status = 'subscribed' AND NOT n.is_granted) AS said_no_here,
                   count(*) FILTER (WHERE m.suppressed_for IN ('abuse', 'erased', 'refused')) AS for_good,
                   count(*) FILTER (WHERE m.email = '' AND m.suppressed_for IS DISTINCT FROM 'erased')
                       AS address_unknown,
                   count(*) FILTER (WHERE m.is_fresh) AS fresh,
                   (SELECT count(*) FROM consent s JOIN contact c ON c.id = s.contact
                    WHERE s.purpose = 'newsletter' AND s.is_granted AND c.state NOT IN ('left', 'erased')
                        AND NOT EXISTS (SELECT FROM newsletter_member o WHERE o.contact = s.contact
                            AND o.connection = $1 AND o.status = 'subscribed')) AS not_subscribed,
                   (SELECT count(*) FROM newsletter_tombstone t WHERE t.connection = $1) AS gone
               FROM newsletter_member m
               LEFT JOIN consent n ON n.contact = m.contact AND n.purpose = 'newsletter'
               WHERE m.connection = $1""",
            found,
        )
    return Differences(**row)


async def list_refused_members(found: int, limit: int) -> list[RefusedMember]:
    """Return whose audience could not be taken, and why."""
    async with connection() as lent:
        rows = await lent.fetch(
            """SELECT web_id, contact, refused_for AS reason FROM newsletter_member
               WHERE connection = $1 AND refused_for <> '' ORDER BY id DESC LIMIT $2""",
            found, limit,
        )  # fmt: skip
    return [RefusedMember(**row) for row in rows]


async def list_values(found: int, tag: str, limit: int) -> list[tuple[str, int]]:
    """Return the values of a kept merge field and how many say each."""
    async with connection() as lent:
        rows = await lent.fetch(
            """SELECT merge_fields ->> $2 AS value, count(*) AS count FROM newsletter_member
               WHERE connection = $1 AND merge_fields ? $2 GROUP BY 1 ORDER BY 2 DESC LIMIT $3""",
            found, tag, limit,
        )  # fmt: skip
    return [(row["value"], row["count"]) for row in rows]


class WaitingLinks(msgspec.Struct, frozen=True, kw_only=True):
    """Links that were tried and wait for another try."""

    state: str
    error: str
    count: int
    next_try_at: datetime


async def list_late(found: int) -> list[WaitingLinks]:
    """Return what waits after a failure, by reason."""
    async with connection() as lent:
        rows = await lent.fetch(
            """SELECT l.state, l.error, count(*) AS count, min(l.next_try_at) AS next_try_at
               FROM newsletter_link l JOIN newsletter_ride r ON r.id = l.ride
               WHERE r.connection = $1 AND l.state IN ('wanted', 'clearing') AND l.error <> ''
               GROUP BY l.state, l.error ORDER BY count(*) DESC LIMIT 10""",
            found,
        )
    return [WaitingLinks(**row) for row in rows]


async def list_refused(found: int, limit: int) -> list[tuple[str, str, str]]:
    """Return survey, reference of the contact and reason of links that Mailchimp refused."""
    async with connection() as lent:
        rows = await lent.fetch(
            """SELECT s.slug, c.reference, l.error FROM newsletter_link l
               JOIN newsletter_ride r ON r.id = l.ride JOIN wave w ON w.id = r.wave
               JOIN survey s ON s.id = w.survey JOIN invitation i ON i.id = l.invitation
               JOIN contact c ON c.id = i.contact
               WHERE r.connection = $1 AND l.state = 'refused' ORDER BY l.id DESC LIMIT $2""",
            found, limit,
        )  # fmt: skip
    return [tuple(row) for row in rows]
