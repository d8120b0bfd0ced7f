"""Issues of the newsletter, by their day, and the campaigns behind them."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import msgspec

from survey_service.db.engine import connection


async def add_issue(day: date) -> bool:
    """Note an issue; False when it was known."""
    async with connection() as lent:
        made = await lent.fetchval(
            "INSERT INTO newsletter_issue (sent_on) VALUES ($1) ON CONFLICT DO NOTHING RETURNING id", day
        )
    return made is not None


async def remove_issue(day: date) -> bool:
    """Forget an issue; False when there was none."""
    async with connection() as lent:
        gone = await lent.fetchval("DELETE FROM newsletter_issue WHERE sent_on = $1 RETURNING id", day)
    return gone is not None


async def list_issues() -> list[date]:
    """Return the days of all issues, in order."""
    async with connection() as lent:
        rows = await lent.fetch("SELECT sent_on FROM newsletter_issue ORDER BY sent_on")
    return [row["sent_on"] for row in rows]


async def find_next_issue(day: date) -> date | None:
    """Return the first issue on a day or after it."""
    async with connection() as lent:
        found: date | None = await lent.fetchval(
            "SELECT min(sent_on) FROM newsletter_issue WHERE sent_on >= $1", day
        )
    return found


async def follow_calendar(days: Sequence[date], since: date) -> None:
    """Take over the days of Mailchimp's calendar; those that it does not have any more are forgotten."""
    async with connection() as lent:
        await lent.execute(
            """DELETE FROM newsletter_issue WHERE source = 'mailchimp' AND sent_on >= $2
                   AND sent_on <> ALL ($1::date[])""",
            days, since,
        )  # fmt: skip
        await lent.execute(
            """INSERT INTO newsletter_issue (sent_on, source) SELECT unnest($1::date[]), 'mailchimp'
               ON CONFLICT (sent_on) DO NOTHING""",
            days,
        )


class Campaign(msgspec.Struct, frozen=True, kw_only=True):
    """A campaign to the list."""

    id: int
    campaign: str
    title: str
    status: str
    send_at: datetime | None
    emails_sent: int
    is_counted: bool
    activity_rounds: int


_COLUMNS = ", ".join(Campaign.__struct_fields__)


async def save_campaigns(found: int, campaigns: Sequence[dict[str, Any]]) -> None:
    """Take over what Mailchimp says of its campaigns."""
    async with connection() as lent:
        await lent.execute(
            """INSERT INTO newsletter_campaign
                   (connection, campaign, title, subject, status, send_at, emails_sent, archive_url)
               SELECT $1, n.campaign, left(n.title, 200), left(n.subject, 200), n.status, n.send_at,
                   n.emails_sent, left(n.archive_url, 300)
               FROM jsonb_to_recordset($2::jsonb) AS n (campaign text, title text, subject text, status text,
                   send_at timestamptz, emails_sent int, archive_url text)
               ON CONFLICT (connection, campaign) DO UPDATE SET title = excluded.title,
                   subject = excluded.subject, status = excluded.status, send_at = excluded.send_at,
                   emails_sent = excluded.emails_sent, archive_url = excluded.archive_url""",
            found, msgspec.json.encode(campaigns).decode(),
        )  # fmt: skip


async def list_campaigns(found: int, *, only_uncounted: bool = False, limit: int = 50) -> list[Campaign]:
    """Return campaigns, the latest first."""
    async with connection() as lent:
        rows = await lent.fetch(
            f"""SELECT {_COLUMNS} FROM newsletter_campaign WHERE connection = $1
                    AND (NOT $2 OR (status = 'sent' AND NOT is_counted AND send_at IS NOT NULL))
                ORDER BY send_at DESC NULLS FIRST, id DESC LIMIT $3""",  # noqa: S608
            found, only_uncounted, limit,
        )  # fmt: skip
    return [Campaign(**row) for row in rows]


async def list_for_activity(found: int, at: datetime, days: Sequence[int]) -> list[Campaign]:
    """Return sent campaigns whose opens and clicks are due: so many days after sending, one by one."""
    async with connection() as lent:
        rows = await lent.fetch(
            f"""SELECT {_COLUMNS} FROM newsletter_campaign WHERE connection = $1 AND status = 'sent'
                    AND activity_rounds < cardinality($3::int[])
                    AND send_at + make_interval(days => ($3::int[])[activity_rounds + 1]) <= $2
                ORDER BY id""",  # noqa: S608
            found, at, list(days),
        )  # fmt: skip
    return [Campaign(**row) for row in rows]


async def note_counted(campaign: int) -> None:
    """Note that the ledger has an issue."""
    async with connection() as lent:
        await lent.execute("UPDATE newsletter_campaign SET is_counted = true WHERE id = $1", campaign)


async def note_activity(campaign: int, at: datetime, days: Sequence[int]) -> None:
    """Note that opens and clicks were read as far as they were due."""
    async with connection() as lent:
        await lent.execute(
            """UPDATE newsletter_campaign SET activity_rounds = (
                   SELECT count(*) FROM unnest($3::int[]) AS day
                   WHERE send_at + make_interval(days => day) <= $2) WHERE id = $1""",
            campaign, at, list(days),
        )  # fmt: skip


class Recipient(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody of the register who got an issue."""

    contact: int
    pseudonym: Any


async def list_recipients(found: int, md5s: Sequence[str]) -> list[Recipient]:
    """Return the contacts among the recipients of an issue."""
    async with connection() as lent:
        rows = await lent.fetch(
            """SELECT DISTINCT c.id AS contact, c.pseudonym FROM newsletter_member m
               JOIN contact c ON c.id = m.contact
               WHERE m.connection = $1 AND m.md5 = ANY ($2::text[]) AND c.state <> 'erased'""",
            found, md5s,
        )  # fmt: skip
    return [Recipient(**row) for row in rows]


async def list_reminded(invitations: Sequence[int]) -> dict[int, Recipient]:
    """Return whose these invitations are."""
    async with connection() as lent:
        rows = await lent.fetch(
            """SELECT i.id, i.contact, c.pseudonym FROM invitation i JOIN contact c ON c.id = i.contact
               WHERE i.id = ANY ($1::bigint[])""",
            invitations,
        )
    return {row["id"]: Recipient(contact=row["contact"], pseudonym=row["pseudonym"]) for row in rows}
