"""Whether something was really sent by us. Yes or no: never whose it is."""

from survey_service.db.engine import connection


async def is_sent_link(token_hash: bytes) -> bool:
    """True for the link of an invitation that went out, whatever became of it since."""
    return await _exists("SELECT FROM invitation WHERE token_hash = $1 AND state <> 'reserved'", token_hash)


async def is_own_page(token_hash: bytes) -> bool:
    """True for the link of somebody's own page."""
    return await _exists("SELECT FROM contact WHERE own_page_hash = $1 AND state <> 'erased'", token_hash)


async def is_join_link(token_hash: bytes) -> bool:
    """True for a link that confirms an address."""
    return await _exists("SELECT FROM join_request WHERE token_hash = $1", token_hash)


async def is_open_survey(slug: str) -> bool:
    """True for a survey that has, or had, an open link."""
    return await _exists("SELECT FROM survey WHERE slug = $1 AND has_open_link AND state <> 'draft'", slug)


async def is_sent_message(message: int) -> bool:
    """True for a message that left the house."""
    return await _exists(
        "SELECT FROM message WHERE id = $1 AND state IN ('sent', 'uncertain', 'sending')", message
    )


async def _exists(query: str, value: bytes | str | int) -> bool:
    async with connection() as lent:
        return bool(await lent.fetchval(f"SELECT EXISTS ({query})", value))
