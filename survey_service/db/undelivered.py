"""What a mail that came back changes: message, address and invitation."""

from datetime import datetime

from survey_service.db.engine import connection


async def find_message(mail_id: str) -> int | None:
    """Return the message that went out under this number."""
    async with connection() as lent:
        found = await lent.fetchval(
            "SELECT id FROM message WHERE mail_id = $1 AND state IN ('sent', 'uncertain')", mail_id
        )
    return None if found is None else int(found)


async def mark_returned(message: int, *, at: datetime) -> bool:
    """Note that a message came back for now; True when that is new."""
    async with connection() as lent:
        return bool(
            await lent.fetchval(
                "UPDATE message SET bounced_at = $2 WHERE id = $1 AND bounced_at IS NULL RETURNING true",
                message,
                at,
            )
        )


async def mark_undelivered(message: int, *, status: str, at: datetime) -> bool:
    """Note that a message came back for good; True when the address was not known to be bad before.

    An address that was entered after the message went is left alone: it was not that one.
    """
    async with connection() as lent:
        sent = await lent.fetchrow(
            """UPDATE message SET bounced_at = $2 WHERE id = $1 AND bounced_at IS NULL
               RETURNING contact, newcomer, invitation, coalesce(sent_at, $2) AS sent_at""",
            message,
            at,
        )
        if sent is None:
            return False
        await lent.execute(
            "UPDATE invitation SET undelivered_at = $2 WHERE id = $1 AND state = 'sent'",
            sent["invitation"],
            at,
        )
        await lent.execute("UPDATE newcomer SET email = NULL WHERE id = $1", sent["newcomer"])
        return bool(
            await lent.fetchval(
                """UPDATE contact_detail SET email_failed_at = $2, email_failed_for = left($3, 20)
                   WHERE contact = $1 AND email IS NOT NULL AND email_failed_at IS NULL
                       AND (email_changed_at IS NULL OR email_changed_at <= $4) RETURNING true""",
                sent["contact"],
                at,
                status,
                sent["sent_at"],
            )
        )
