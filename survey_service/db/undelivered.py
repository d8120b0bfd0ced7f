"""What a mail that came back changes: message, address and invitation."""

from datetime import datetime

from survey_service.db.engine import connection


async def mark_undelivered(message: int, *, status: str, at: datetime) -> bool:
    """Note that a message came back for good; True when the address was not known to be bad before.

    A newer address of the same person is left alone: it was not that one.
    """
    async with connection() as lent:
        sent = await lent.fetchrow(
            """UPDATE message SET bounced_at = $2 WHERE id = $1
               RETURNING contact, newcomer, invitation, queued_at""",
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
                   WHERE contact = $1 AND email_failed_at IS NULL RETURNING true""",
                sent["contact"],
                at,
                status,
            )
        )
