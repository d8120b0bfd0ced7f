"""What somebody pasted to ask whether it is ours: links, addresses and references found in a text."""

import re
from typing import Literal
from urllib.parse import urlsplit

import msgspec

MOST_LETTERS = 4_000
MOST_ITEMS = 5

ItemKind = Literal["link", "address", "reference"]
Verdict = Literal["ours", "our_address", "our_message", "cannot_confirm"]

Place = Literal["survey", "own_page", "open", "page"]
"""Where one of our links leads: a personal form, somebody's own page, an open form, a page for everybody."""

_link = re.compile(r"https?://[^\s<>\"']+", re.IGNORECASE)
_bare_link = re.compile(r"(?<![\w@/.])(?:[\w-]+\.)+[a-z]{2,}(?::\d+)?/[^\s<>\"']+", re.IGNORECASE)
_address = re.compile(r"[^\s<>@\"'(),;:]+@(?:[\w-]+\.)+[\w-]+")
_reference = re.compile(r"(?<![\w-])[0-9A-Za-z]{5}[-\u2010\u2011 ]?[0-9A-Za-z]{5}(?![\w-])")
_token = re.compile(r"(?<![\w-])[\w-]{22}(?![\w-])", re.ASCII)
_TRAILING = ".,;:!?)]}»”’"


class Item(msgspec.Struct, frozen=True):
    """Something in the text that can be judged."""

    kind: ItemKind
    text: str


class OurLink(msgspec.Struct, frozen=True):
    """A link to this service: where it leads, by the token or name in it."""

    place: Place
    word: str


def find_items(text: str) -> list[Item]:
    """The links, addresses and references of a text, each once, in this order."""
    text = text[:MOST_LETTERS]
    items: dict[Item, None] = {}
    for kind, patterns in (("link", (_link, _bare_link)), ("address", (_address,))):
        for pattern in patterns:
            for found in pattern.findall(text):
                items[Item(kind, found.rstrip(_TRAILING))] = None  # type: ignore[arg-type]
            text = pattern.sub(" ", text)
    for found in _token.findall(text):
        items[Item("link", found)] = None
    for found in _reference.findall(_token.sub(" ", text)):
        # Ten letters in a row are a word more often than a reference.
        if any(letter.isdigit() for letter in found):
            items[Item("reference", found)] = None
    return list(items)[:MOST_ITEMS]


def read_our_link(text: str, public_url: str) -> OurLink | None:
    """Where a link of ours leads; None for any other address, however alike it looks."""
    if _token.fullmatch(text):
        return OurLink("survey", text)
    try:
        ours = urlsplit(public_url)
        parts = urlsplit(text if "//" in text else f"{ours.scheme}://{text}")
        is_ours = parts.scheme in ("http", "https") and parts.netloc.lower() == ours.netloc.lower()
    except ValueError:
        return None
    if not is_ours:
        return None
    steps = parts.path.strip("/").split("/")
    if len(steps) >= 2 and steps[0] in ("s", "me", "o"):
        return OurLink({"s": "survey", "me": "own_page", "o": "open"}[steps[0]], steps[1])  # type: ignore[arg-type]
    is_page = steps[0] in ("join", "genuine", "privacy", "accessibility") and len(steps) <= 2
    return OurLink("page", steps[0]) if is_page else None
