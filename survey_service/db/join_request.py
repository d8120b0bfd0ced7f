"""People who asked to join: what they wished, until the address is confirmed or the time is over."""

from datetime import datetime

import msgspec

from survey_service.db.engine import connection


class JoinRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A wish to join; `email` is None once it is confirmed or over."""

    id: int
    newcomer: int
    email: str | None
    mobile: str | None
    audience: str
    language: str
    channel: str
    surveys_a_year: int | None
    wants_surveys: bool
    wants_newsletter: bool
    privacy_notice_version: str
    asked_at: datetime
    expires_at: datetime
    confirmed_at: datetime | None


async def add_join_request(request: JoinRequest) -> int:
    """Note a wish; return its id. Its `id` and `email` are not looked at: the newcomer has the address."""
    async with connection() as lent:
        return int(
            await lent.fetchval(
                """INSERT INTO join_request (newcomer, mobile, audience, language, channel, surveys_a_year,
                       wants_surveys, wants_newsletter, privacy_notice_version, asked_at, expires_at)
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) RETURNING id""",
                request.newcomer, request.mobile, request.audience, request.language, request.channel,
                request.surveys_a_year, request.wants_surveys, request.wants_newsletter,
                request.privacy_notice_version, request.asked_at, request.expires_at,
            )
        )  # fmt: skip


async def set_token_hash(request: int, token_hash: bytes) -> None:
    """Store what is kept of the link in the mail."""
    async with connection() as lent:
        await lent.execute("UPDATE join_request SET token_hash = $2 WHERE id = $1", request, token_hash)


async def find_join_request(token_hash: bytes) -> JoinRequest | None:
    """Return the wish a link belongs to."""
    async with connection() as lent:
        row = await lent.fetchrow(
            """SELECT j.id, j.newcomer, n.email, j.mobile, j.audience, j.language, j.channel,
                   j.surveys_a_year, j.wants_surveys, j.wants_newsletter,
                   j.privacy_notice_version, j.asked_at, j.expires_at, j.confirmed_at
               FROM join_request j JOIN newcomer n ON n.id = j.newcomer WHERE j.token_hash = $1""",
            token_hash,
        )
    return None if row is None else JoinRequest(**row)


async def mark_confirmed(request: int, at: datetime) -> None:
    """Note that somebody confirmed; what they wished is in the register now."""
    async with connection() as lent:
        await lent.execute(
            "UPDATE join_request SET confirmed_at = $2, mobile = NULL WHERE id = $1", request, at
        )


async def delete_expired(at: datetime) -> None:
    """Delete wishes whose time is over, confirmed or not."""
    async with connection() as lent:
        await lent.execute("DELETE FROM join_request WHERE expires_at <= $1", at)


async def find_contact_by_email(email_key: str) -> int | None:
    """Return the contact with this address (folded)."""
    async with connection() as lent:
        contact: int | None = await lent.fetchval(
            """SELECT d.contact FROM contact_detail d JOIN contact c ON c.id = d.contact
               WHERE d.email_key = $1 AND c.state <> 'erased'""",
            email_key,
        )
    return contact


async def is_reference_taken(reference: str) -> bool:
    """True when a contact or unit has this reference."""
    async with connection() as lent:
        return bool(
            await lent.fetchval(
                """SELECT EXISTS (SELECT FROM contact WHERE reference = $1)
                       OR EXISTS (SELECT FROM unit WHERE reference = $1)""",
                reference,
            )
        )


async def is_number_taken(mobile: str) -> bool:
    """True when somebody else is written to on this number."""
    async with connection() as lent:
        return bool(
            await lent.fetchval(
                """SELECT EXISTS (SELECT FROM contact_detail d JOIN contact c ON c.id = d.contact
                       WHERE d.mobile = $1 AND c.channel = 'text')""",
                mobile,
            )
        )


async def set_chosen(reference: str, surveys_a_year: int | None) -> tuple[int, int]:
    """Write what the person chose themselves; return contact and unit."""
    async with connection() as lent:
        row = await lent.fetchrow(
            """UPDATE contact SET surveys_a_year = $2, chose_language = true, chose_channel = true
               WHERE reference = $1 RETURNING id, unit""",
            reference,
            surveys_a_year,
        )
    return row["id"], row["unit"]


async def forget_unsaid(contact: int) -> None:
    """Keep no word on the newsletter: here nobody says yes or no to it, Mailchimp tells who takes it."""
    async with connection() as lent:
        await lent.execute(
            """DELETE FROM consent WHERE contact = $1 AND purpose = 'newsletter' AND NOT is_granted
                   AND source LIKE 'join page%'""",
            contact,
        )
