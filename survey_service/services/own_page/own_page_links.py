"""Addresses of people's own pages, and what a mail says so that one click unsubscribes (RFC 8058)."""

from collections.abc import Collection

from survey_service.db import own_page
from survey_service.db.engine import transaction
from survey_service.domain.tokens import hash_token, make_own_page_token
from survey_service.settings import Settings, load_secret_key


async def own_page_links(contacts: Collection[int], settings: Settings) -> dict[int, str]:
    """Return the address of each person's own page, by contact; erased people have none.

    The address names no language: it leads to the person's own. The first time, the token's hash is
    stored; before, the page is not there.
    """
    key = load_secret_key(settings)
    tokens = {contact: make_own_page_token(key, contact) for contact in sorted(contacts)}
    async with transaction():
        known = await own_page.set_hashes(
            {contact: hash_token(token) or b"" for contact, token in tokens.items()}
        )
    return {
        contact: f"{settings.public_url}/me/{token}" for contact, token in tokens.items() if contact in known
    }


def unsubscribe_headers(own_page_link: str) -> dict[str, str]:
    """Return the two headers of a mail that let a mail program unsubscribe with one click.

    A mail program that knows RFC 8058 posts there; an older one opens the address, which asks first.
    """
    return {
        "List-Unsubscribe": f"<{own_page_link}/unsubscribe>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
