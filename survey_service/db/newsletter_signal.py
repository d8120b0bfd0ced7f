"""Clicks and opens of people who agreed to their use; nobody else's are kept."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

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


async def replace_signals(found: int, campaign: int, signals: Sequence[Signal], at: datetime) -> int:
    """Write the signals of a campaign as they are read at a moment, of those who agreed; return of how many.

    When something was read first stays: what a model may look at begins there, and not where it happened.
    """
    async with connection() as lent:
        rows = await lent.fetch(
            f"""WITH signal AS (
                    SELECT DISTINCT ON (m.contact) m.contact, p.send_at, n.*
                    FROM jsonb_to_recordset($3::jsonb) AS n (md5 text, opens int, machine_opens int,
                        clicks int, first_click_at timestamptz)
                    JOIN newsletter_member m ON m.connection = $1 AND m.md5 = n.md5
                    JOIN contact c ON c.id = m.contact AND c.state <> 'erased'
                    JOIN newsletter_campaign p ON p.id = $2
                    WHERE p.send_at IS NOT NULL AND {AGREED.format(contact="m.contact")}
                    ORDER BY m.contact
                ), gone AS (
                    DELETE FROM newsletter_signal WHERE campaign = $2
                        AND NOT EXISTS (SELECT FROM signal WHERE signal.contact = newsletter_signal.contact)
                )
                INSERT INTO newsletter_signal AS kept (contact, campaign, sent_at, opens, machine_opens,
                    clicks, first_click_at, known_at, click_known_at)
                SELECT contact, $2, send_at, opens, machine_opens, clicks, first_click_at, $4::timestamptz,
                    CASE WHEN first_click_at IS NOT NULL THEN $4::timestamptz END
                FROM signal ON CONFLICT (contact, campaign) DO UPDATE SET sent_at = excluded.sent_at,
                    opens = excluded.opens, machine_opens = excluded.machine_opens, clicks = excluded.clicks,
                    first_click_at = excluded.first_click_at,
                    click_known_at = coalesce(kept.click_known_at, excluded.click_known_at)
                RETURNING contact""",  # noqa: S608
            found, campaign, msgspec.json.encode(signals).decode(), at,
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


class KeptSignal(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept of one person and one issue."""

    sent_at: datetime
    opens: int
    machine_opens: int
    clicks: int
    first_click_at: datetime | None


async def list_signals(contact: int) -> list[KeptSignal]:
    """Return what is kept of a person, the oldest issue first."""
    async with connection() as lent:
        rows = await lent.fetch(
            """SELECT sent_at, opens, machine_opens, clicks, first_click_at FROM newsletter_signal
               WHERE contact = $1 ORDER BY sent_at, id""",
            contact,
        )
    return [KeptSignal(**row) for row in rows]


async def forget_before(at: datetime) -> None:
    """Delete what is old."""
    async with connection() as lent:
        await lent.execute("DELETE FROM newsletter_signal WHERE sent_at < $1", at)
