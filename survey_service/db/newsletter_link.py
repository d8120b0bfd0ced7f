"""Links in our merge field: who rides in which issue, and how far each link is."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from survey_service.db.engine import connection

LEASE = timedelta(minutes=10)
"""Whoever takes links has so long; then somebody else may."""


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who may ride: subscribed, in reach, and with consent to both."""

    member: int
    md5: str
    invitation: int
    contact: int


class DueLink(msgspec.Struct, frozen=True, kw_only=True):
    """A link to be written or taken away."""

    id: int
    md5: str
    unique_email_id: str
    state: str
    invitation: int
    key_version: int
    language: str
    tries: int


_CANDIDATES = """
    SELECT m.id AS member, m.md5, i.id AS invitation, i.contact
    FROM invitation i JOIN draw_member d ON d.id = i.draw_member JOIN replicate p ON p.id = d.replicate
    JOIN newsletter_member m ON m.contact = i.contact AND m.connection = $1
    JOIN consent n ON n.contact = i.contact AND n.purpose = 'newsletter' AND n.is_granted
    JOIN consent s ON s.contact = i.contact AND s.purpose = 'survey' AND s.is_granted
    WHERE i.wave = $2 AND i.state = $3 AND m.status = 'subscribed' AND m.suppressed_at IS NULL
        AND ($4::int[] IS NULL OR p.number = ANY ($4)) AND ($3 = 'reserved' OR i.expires_at > now())
        AND NOT EXISTS (SELECT FROM newsletter_link l
            WHERE l.member = m.id AND l.state IN ('wanted', 'confirmed', 'clearing'))
        AND NOT EXISTS (SELECT FROM message q WHERE q.invitation = i.id AND q.state IN ('queued', 'sending'))
    ORDER BY p.number, i.token_hash
"""

_UNFIT = """
    UPDATE newsletter_link l SET state = 'clearing', next_try_at = now(), tries = 0
    FROM newsletter_ride r, invitation i, newsletter_member m, wave w, survey s, contact c
    WHERE r.id = l.ride AND i.id = l.invitation AND m.id = l.member AND r.connection = $1
        AND w.id = r.wave AND s.id = w.survey AND c.id = i.contact
        AND l.state IN ('wanted', 'confirmed') AND l.fate = 'open' AND (
            m.status <> 'subscribed' OR m.suppressed_at IS NOT NULL
            OR NOT EXISTS (SELECT FROM consent n WHERE n.contact = i.contact AND n.purpose = 'newsletter'
                AND n.is_granted)
            OR NOT c.consents_to_surveys OR c.state <> 'active' OR c.surveys_a_year = 0 OR s.state <> 'open'
            OR EXISTS (SELECT FROM contact_freeze f WHERE f.ends_at IS NULL
                AND (f.kind IS NULL OR f.kind = r.kind) AND (f.purpose = '' OR f.purpose = s.purpose))
            OR (i.state <> CASE r.kind WHEN 'invitation' THEN 'reserved' ELSE 'sent' END
                AND NOT (s.is_anonymous AND i.state = 'answered'))
            OR (r.kind = 'reminder' AND i.expires_at <= now()))
    RETURNING l.id
"""


_MAY_STAND = """(l.state IN ('wanted', 'clearing') OR (l.member IS NOT NULL AND NOT EXISTS (
    SELECT FROM newsletter_link o WHERE o.member = l.member AND o.id <> l.id
        AND o.state IN ('wanted', 'confirmed', 'clearing'))))"""
"""One link stands for a member at a time."""


async def list_candidates(
    found: int, wave: int, *, kind: str, replicates: Sequence[int] | None = None
) -> list[Candidate]:
    """Return who of a wave may ride, in the order of release."""
    state = "reserved" if kind == "invitation" else "sent"
    async with connection() as lent:
        rows = await lent.fetch(_CANDIDATES, found, wave, state, replicates)
    return [Candidate(**row) for row in rows]


async def add_links(ride: int, rows: Sequence[tuple[Candidate, int]]) -> None:
    """Want links for these people, each under its receipt."""
    async with connection() as lent:
        await lent.copy_records_to_table(
            "newsletter_link",
            records=[(ride, one.member, one.md5, one.invitation, receipt) for one, receipt in rows],
            columns=("ride", "member", "md5", "invitation", "receipt"),
        )


async def claim_links(found: int, state: str, at: datetime, limit: int) -> list[DueLink]:
    """Take links that are due; nobody else takes them while the lease lasts."""
    async with connection() as lent:
        rows = await lent.fetch(
            """UPDATE newsletter_link l SET next_try_at = $3 + $5::interval, tries = l.tries + 1
               FROM newsletter_link x JOIN invitation i ON i.id = x.invitation
               LEFT JOIN newsletter_member m ON m.id = x.member WHERE x.id = l.id AND l.id IN (
                   SELECT due.id FROM newsletter_link due JOIN newsletter_ride r ON r.id = due.ride
                   WHERE r.connection = $1 AND due.state = $2 AND due.next_try_at <= $3
                   ORDER BY due.id LIMIT $4 FOR UPDATE OF due SKIP LOCKED)
               RETURNING l.id, coalesce(m.md5, l.md5) AS md5,
                   coalesce(m.unique_email_id, '') AS unique_email_id, l.state, l.invitation, i.key_version,
                   i.language, l.tries""",
            found, state, at, limit, LEASE,
        )  # fmt: skip
    return [DueLink(**row) for row in rows]


async def confirm_links(links: Sequence[int], at: datetime) -> None:
    """Note links that were read back equal. One that was unwished meanwhile is taken away right after.

    Also one that somebody took away while this was on its way: the later of two requests may arrive first.
    """
    async with connection() as lent:
        await lent.execute(
            f"""UPDATE newsletter_link l SET confirmed_at = $2, error = '',
                   state = CASE WHEN state = 'wanted' THEN 'confirmed' ELSE 'clearing' END,
                   cleared_at = NULL,
                   next_try_at = CASE WHEN state = 'wanted' THEN next_try_at ELSE now() END
               WHERE id = ANY ($1::bigint[]) AND {_MAY_STAND}""",  # noqa: S608
            links, at,
        )  # fmt: skip


async def note_cleared(links: Sequence[int], at: datetime) -> None:
    """Note links that are not in any field any more."""
    async with connection() as lent:
        await lent.execute(
            """UPDATE newsletter_link SET state = 'cleared', cleared_at = $2, error = ''
               WHERE id = ANY ($1::bigint[]) AND state = 'clearing'""",
            links, at,
        )  # fmt: skip


async def refuse_link(link: int, error: str) -> None:
    """Note a link that Mailchimp will not take: it is not tried again, and nobody was asked."""
    async with connection() as lent:
        await lent.execute(
            """UPDATE newsletter_link SET state = 'refused', fate = 'returned', error = $2
               WHERE id = $1 AND state IN ('wanted', 'clearing')""",
            link, error[:200],
        )  # fmt: skip


async def postpone_links(links: Sequence[int], at: datetime, error: str) -> None:
    """Leave links for later, each time for longer, up to an hour.

    What became of the request is unknown: one that was taken away meanwhile is taken away once more.
    """
    async with connection() as lent:
        await lent.execute(
            f"""UPDATE newsletter_link l SET error = $3,
                   next_try_at = $2::timestamptz + interval '15 seconds' * power(2, least(tries, 8)),
                   state = CASE WHEN state = 'cleared' THEN 'clearing' ELSE state END
               WHERE id = ANY ($1::bigint[]) AND state IN ('wanted', 'clearing', 'cleared')
                   AND {_MAY_STAND}""",  # noqa: S608
            links, at, error[:200],
        )  # fmt: skip


async def release_links(links: Sequence[int], at: datetime) -> None:
    """Give links back that were taken and not tried."""
    async with connection() as lent:
        await lent.execute(
            """UPDATE newsletter_link SET next_try_at = $2, tries = greatest(0, tries - 1)
               WHERE id = ANY ($1::bigint[]) AND state IN ('wanted', 'clearing')""",
            links, at,
        )  # fmt: skip


async def clear_unfit(found: int) -> int:
    """Unwish the links of who unsubscribed, left, paused, answered or was cancelled, and all in a freeze.

    Who answered an anonymous survey waits for the night (`clear_used`).
    """
    async with connection() as lent:
        return len(await lent.fetch(_UNFIT, found))


async def clear_used(found: int) -> int:
    """Unwish the links that people used to answer anonymous surveys, all of a day at once.

    Taken away at once, the moment would tell whoever looks at Mailchimp when each of them answered.
    """
    async with connection() as lent:
        rows = await lent.fetch(
            """UPDATE newsletter_link l SET state = 'clearing', next_try_at = now(), tries = 0,
                   fate = CASE WHEN fate = 'open' THEN 'returned' ELSE fate END
               FROM newsletter_ride r, invitation i, wave w, survey s
               WHERE r.id = l.ride AND i.id = l.invitation AND w.id = i.wave AND s.id = w.survey
                   AND r.connection = $1 AND s.is_anonymous AND i.state = 'answered'
                   AND l.state IN ('wanted', 'confirmed') RETURNING l.id""",
            found,
        )
    return len(rows)


async def clear_again(found: int, since: datetime) -> None:
    """Take away once more what was taken away lately: a request that was given up may have landed since."""
    async with connection() as lent:
        await lent.execute(
            f"""UPDATE newsletter_link l SET state = 'clearing', next_try_at = now(), tries = 0
                FROM newsletter_ride r WHERE r.id = l.ride AND r.connection = $1
                    AND l.state = 'cleared' AND l.cleared_at >= $2 AND {_MAY_STAND}
                    AND l.id = (SELECT max(id) FROM newsletter_link o WHERE o.member = l.member)""",  # noqa: S608
            found, since,
        )  # fmt: skip


async def clear_ride(ride: int) -> int:
    """Unwish every link of a ride that stands; return how many."""
    async with connection() as lent:
        rows = await lent.fetch(
            """UPDATE newsletter_link SET state = 'clearing', next_try_at = now(), tries = 0
               WHERE ride = $1 AND state IN ('wanted', 'confirmed') RETURNING id""",
            ride,
        )
    return len(rows)


async def return_links(ride: int) -> list[int]:
    """Give back what did not go out; return the invitations whose links were wished for to the end."""
    async with connection() as lent:
        rows = await lent.fetch(
            """UPDATE newsletter_link SET fate = 'returned' WHERE ride = $1 AND fate = 'open'
               RETURNING invitation, state""",
            ride,
        )
    return [row["invitation"] for row in rows if row["state"] in ("wanted", "confirmed")]


async def mark_ridden(ride: int, recipients: Sequence[str], sent_at: datetime) -> dict[int, int]:
    """Mark as sent what stood in the field of a recipient when the issue went out; invitation to receipt.

    Also what was unwished meanwhile, by an answer at the last second say: the issue had it all the same.
    """
    async with connection() as lent:
        rows = await lent.fetch(
            """UPDATE newsletter_link l SET fate = 'sent' WHERE l.ride = $1 AND l.fate = 'open'
                   -- Their times are whole seconds.
                   AND l.confirmed_at < $3::timestamptz + interval '1 second'
                   AND (l.cleared_at IS NULL OR l.cleared_at >= $3::timestamptz + interval '1 second')
                   AND (l.md5 = ANY ($2::text[]) OR l.member IN (
                       SELECT id FROM newsletter_member WHERE md5 = ANY ($2::text[])))
               RETURNING invitation, receipt""",
            ride, recipients, sent_at,
        )  # fmt: skip
    return {row["invitation"]: row["receipt"] for row in rows}


async def list_addresses(ride: int) -> list[str]:
    """Return the addresses of those whose link is confirmed, for the segment."""
    async with connection() as lent:
        rows = await lent.fetch(
            """SELECT m.email FROM newsletter_link l JOIN newsletter_member m ON m.id = l.member
               WHERE l.ride = $1 AND l.state = 'confirmed' ORDER BY m.md5""",
            ride,
        )
    return [row["email"] for row in rows]


async def sample_links(ride: int, count: int) -> list[DueLink]:
    """Return some confirmed links, by lot, to be read back."""
    async with connection() as lent:
        rows = await lent.fetch(
            """SELECT l.id, m.md5, m.unique_email_id, l.state, l.invitation, i.key_version, i.language,
                   l.tries
               FROM newsletter_link l JOIN invitation i ON i.id = l.invitation
               JOIN newsletter_member m ON m.id = l.member
               WHERE l.ride = $1 AND l.state = 'confirmed' ORDER BY random() LIMIT $2""",
            ride, count,
        )  # fmt: skip
    return [DueLink(**row) for row in rows]


async def count_standing(found: int) -> tuple[int, int]:
    """Return how many links are confirmed and how many wait to be taken away, over all waves."""
    async with connection() as lent:
        row = await lent.fetchrow(
            """SELECT count(*) FILTER (WHERE l.state = 'confirmed') AS confirmed,
                   count(*) FILTER (WHERE l.state = 'clearing') AS clearing
               FROM newsletter_link l JOIN newsletter_ride r ON r.id = l.ride WHERE r.connection = $1""",
            found,
        )
    return row["confirmed"], row["clearing"]
