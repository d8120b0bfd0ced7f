"""The two questions after a survey, of which everybody gets one: which, follows from the link."""

from typing import Literal, get_args

Item = Literal["burden", "enjoyment"]
items: tuple[Item, ...] = get_args(Item)
scores = (1, 2, 3, 4, 5)


def choose_item(token_hash: bytes) -> Item:
    """Return the question of a link: each of the two for half of all links."""
    return items[token_hash[0] % len(items)]


def read_score(text: str) -> int | None:
    """A score as it was posted, or None for anything else."""
    return int(text) if len(text) == 1 and text.isascii() and text.isdigit() and int(text) in scores else None
