"""Clicks and opens of people who agreed to their use; nobody else's are kept."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from survey_service.db.columns import Columns, read_columns
from survey_service.db.engine import connection

AGREED = """EXISTS (SELECT FROM consent a WHERE a.contact = {contact} AND a.purpose = 'signals'
    AND a.is_granted)"""


class Signal(msgspec.Struct, frozen=True, kw_only=True):
    """What one member did with one issue."""

    md5: str
    opens: int
    machine_opens: int
    clicks: int
    first_click_at: datetime | None


async def replace_signals(found: int, campaign: int, signals: Sequence[Signal]) -> int:
    """Write the signals of a campaign anew, of those who agreed; return of how many."""
    async with connection() as lent:
        await lent.execute("DELETE FROM newsletter_signal WHERE campaign = $1", campaign)
        rows = await lent.fetch(
            f"""INSERT INTO newsletter_signal (contact, campaign, sent_at, opens, machine_opens, clicks,
                    first_click_at)
                SELECT DISTINCT ON (m.contact) m.contact, $2, p.send_at, n.opens, n.machine_opens, n.clicks,
                    n.first_click_at
                FROM jsonb_to_recordset($3::jsonb) AS n (md5 text, opens int, machine_opens int, clicks int,
                    first_click_at timestamptz)
                JOIN newsletter_member m ON m.connection = $1 AND m.md5 = n.md5
                JOIN contact c ON c.id = m.contact AND c.state <> 'erased'
                JOIN newsletter_campaign p ON p.id = $2
                WHERE p.send_at IS NOT NULL AND {AGREED.format(contact="m.contact")}
                ORDER BY m.contact RETURNING contact""",  # noqa: S608
            found, campaign, msgspec.json.encode(signals).decode(),
        )  # fmt: skip
    return len(rows)


async def remove_unwanted() -> None:
    """Delete the signals of whoever does not agree any more, or was erased."""
    async with connection() as lent:
        await lent.execute(
            f"DELETE FROM newsletter_signal s WHERE NOT {AGREED.format(contact='s.contact')}"  # noqa: S608
        )


async def remove_signals(contact: int, source: str, at: datetime) -> int:
    """Withdraw a person's agreement and delete what was kept; return of how many issues."""
    async with connection() as lent:
        await lent.execute(
            """INSERT INTO consent (contact, purpose, is_granted, source, at)
               VALUES ($1, 'signals', false, $2, $3) ON CONFLICT (contact, purpose)
               DO UPDATE SET is_granted = false, source = excluded.source, at = excluded.at""",
            contact, source, at,
        )  # fmt: skip
        rows = await lent.fetch("DELETE FROM newsletter_signal WHERE contact = $1 RETURNING id", contact)
    return len(rows)


_HISTORY = f"""
    SELECT m.contact, m.rating::int8,
        CASE WHEN m.opted_at IS NULL THEN -1
            ELSE greatest(0, extract(day FROM $1::timestamptz - m.opted_at)) END::int8,
        count(s.id)::int8, count(s.id) FILTER (WHERE s.opens > 0)::int8,
        count(s.id) FILTER (WHERE s.machine_opens > 0)::int8,
        count(s.id) FILTER (WHERE s.first_click_at < $1::timestamptz)::int8,
        coalesce(sum(s.clicks) FILTER (WHERE s.first_click_at < $1::timestamptz), 0)::int8
    FROM newsletter_member m
    LEFT JOIN newsletter_signal s ON s.contact = m.contact AND s.sent_at < $1::timestamptz
        AND s.sent_at >= $1::timestamptz - interval '365 days'
    WHERE m.contact IS NOT NULL AND m.status = 'subscribed' AND {AGREED.format(contact="m.contact")}
    GROUP BY m.contact, m.rating, m.opted_at ORDER BY m.contact
"""  # noqa: S608


async def read_history(before: datetime) -> Columns:
    """Return, of those who agreed, what is known before a moment, over the year up to it.

    Columns: contact, rating (1 to 5, 0 unknown), tenure_days (-1 unknown), issues (sent), opened and
    machine_opened (issues), clicked (issues), clicks.
    """
    names = ("contact", "rating", "tenure_days", "issues", "opened", "machine_opened", "clicked", "clicks")
    return await read_columns(_HISTORY, before, columns=dict.fromkeys(names, "int8"))


async def forget_before(at: datetime) -> None:
    """Delete what is old."""
    async with connection() as lent:
        await lent.execute("DELETE FROM newsletter_signal WHERE sent_at < $1", at)
