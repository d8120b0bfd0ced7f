"""Is this genuine? Judge what somebody pasted, and keep nothing of it."""

import re

import msgspec

from survey_service.db import genuine
from survey_service.domain.genuine import Item, Verdict, find_items, read_our_link
from survey_service.domain.message_references import read_reference
from survey_service.domain.suppression import fold_email
from survey_service.domain.tokens import hash_token
from survey_service.settings import Settings, load_secret_key

_SLUG = re.compile("[a-z0-9]+(-[a-z0-9]+)*")


class Finding(msgspec.Struct, frozen=True):
    """One thing that was pasted, and whether it is ours."""

    text: str
    verdict: Verdict


async def check_genuine(text: str, settings: Settings) -> list[Finding]:
    """Judge every link, address and reference of a text; empty when there is none."""
    return [Finding(item.text, await _judge(item, settings)) for item in find_items(text)]


async def _judge(item: Item, settings: Settings) -> Verdict:
    if item.kind == "address":
        ours = {settings.mail_from or settings.contact_email, settings.contact_email}
        is_ours = fold_email(item.text) in {fold_email(one) for one in ours}
        return "our_address" if is_ours else "cannot_confirm"
    if item.kind == "reference":
        message = read_reference(
            load_secret_key(settings), item.text.replace("\u2010", "-").replace("\u2011", "-")
        )
        is_ours = message is not None and await genuine.is_sent_message(message)
        return "our_message" if is_ours else "cannot_confirm"
    return "ours" if await _is_our_link(item.text, settings) else "cannot_confirm"


async def _is_our_link(text: str, settings: Settings) -> bool:
    link = read_our_link(text, settings.public_url)
    if link is None:
        return False
    if link.place == "page":
        return True
    if link.place == "open":
        return _SLUG.fullmatch(link.word) is not None and await genuine.is_open_survey(link.word)
    token_hash = hash_token(link.word)
    if token_hash is None:
        return False
    # A bare code may be of any kind; each is asked for, so that the time taken tells nothing of which.
    found = [
        await genuine.is_sent_link(token_hash),
        await genuine.is_own_page(token_hash),
        await genuine.is_join_link(token_hash),
    ]
    return any(found)
