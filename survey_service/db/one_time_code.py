"""One-time codes: written, tried, used up. Only their keyed hashes are kept."""

from datetime import datetime

import msgspec

from survey_service.db.engine import connection


class CodeHolder(msgspec.Struct, frozen=True, kw_only=True):
    """Whose address a code goes to, and how many went there lately."""

    invitation: int
    contact: int
    has_email: bool
    codes: int
    """Since the moment asked about."""


class OpenCode(msgspec.Struct, frozen=True, kw_only=True):
    """A code that may still be used."""

    id: int
    code_hash: bytes
    attempts: int


async def find_code_holder(token_hash: bytes, since: datetime) -> CodeHolder | None:
    """Return who an invitation was sent to; locked, so that two requests at once are counted one by one."""
    async with connection() as lent:
        row = await lent.fetchrow(
            """SELECT i.id AS invitation, i.contact, c.has_email,
                   (SELECT count(*)::int FROM one_time_code o WHERE o.invitation = i.id AND o.created_at > $2)
                       AS codes
               FROM invitation i JOIN contact c ON c.id = i.contact
               WHERE i.token_hash = $1 AND i.state IN ('sent', 'answered') FOR NO KEY UPDATE OF i""",
            token_hash,
            since,
        )
    return None if row is None else CodeHolder(**row)


async def take_code_id() -> int:
    """Take the id of a code before it is written: the code is made of it."""
    async with connection() as lent:
        return int(await lent.fetchval("SELECT nextval('one_time_code_id_seq')"))


async def add_code(
    code: int, invitation: int, code_hash: bytes, *, at: datetime, expires_at: datetime
) -> None:
    """Write a code; the ones before it do not count any more."""
    async with connection() as lent:
        await lent.execute(
            "UPDATE one_time_code SET expires_at = $2 WHERE invitation = $1 AND expires_at > $2",
            invitation,
            at,
        )
        await lent.execute(
            """INSERT INTO one_time_code (id, invitation, code_hash, created_at, expires_at)
               VALUES ($1, $2, $3, $4, $5)""",
            code, invitation, code_hash, at, expires_at,
        )  # fmt: skip


async def find_open_code(token_hash: bytes, at: datetime) -> OpenCode | None:
    """Return the code that may be used now, locked until the transaction ends."""
    async with connection() as lent:
        row = await lent.fetchrow(
            """SELECT o.id, o.code_hash, o.attempts FROM one_time_code o
               JOIN invitation i ON i.id = o.invitation
               WHERE i.token_hash = $1 AND o.used_at IS NULL AND o.expires_at > $2
               ORDER BY o.id DESC LIMIT 1 FOR UPDATE OF o""",
            token_hash,
            at,
        )
    return None if row is None else OpenCode(**row)


async def note_attempt(code: int, *, at: datetime, is_right: bool) -> None:
    """Use a code up, or count a wrong try."""
    async with connection() as lent:
        await lent.execute(
            """UPDATE one_time_code SET used_at = CASE WHEN $3 THEN $2::timestamptz END,
                   attempts = attempts + (NOT $3)::int WHERE id = $1""",
            code,
            at,
            is_right,
        )


async def delete_codes(before: datetime) -> None:
    """Delete the codes that ran out before a moment."""
    async with connection() as lent:
        await lent.execute("DELETE FROM one_time_code WHERE expires_at < $1", before)
