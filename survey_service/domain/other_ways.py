"""Other ways to answer that the customer offers: what may stand there, and what holds for one survey."""

import re
from collections.abc import Mapping
from typing import Literal, get_args
from urllib.parse import urlsplit

import msgspec

from survey_service.domain.errors import SurveyServiceError

WayKind = Literal["phone", "easy_read", "bsl", "interpreter"]
way_kinds: tuple[WayKind, ...] = get_args(WayKind)

NOT_HERE = "-"
"""Typed for a survey where something is not offered that holds everywhere else."""

MOST_LETTERS = 300
_number = re.compile(r"\+?[0-9][0-9 ()-]{3,24}[0-9]")


class Way(msgspec.Struct, frozen=True):
    """One way: a number to call, or a page to open."""

    kind: WayKind
    value: str

    @property
    def link(self) -> str:
        """Where it leads."""
        return self.value if self.is_page else "tel:" + re.sub(r"[^+0-9]", "", self.value)

    @property
    def is_page(self) -> bool:
        """True for an address of a page, False for a number."""
        return self.value.startswith("https://")


class WayRefused(SurveyServiceError):
    """What was typed is neither a number nor an address; `field` says where."""

    code = "way_refused"

    def __init__(self, field: WayKind, *, expected: str, got: str) -> None:
        super().__init__("This cannot be offered.", expected=expected, got=got)
        self.field = field


def read_way(kind: WayKind, text: str) -> str:
    """The value to keep, empty for nothing: a number is called, a page opened, no more can be offered."""
    text = " ".join(text.split())[:MOST_LETTERS]
    if text in ("", NOT_HERE):
        return text
    if kind != "easy_read" and _number.fullmatch(text):
        return text
    parts = urlsplit(text)
    if kind == "phone" or parts.scheme != "https" or not parts.netloc or " " in text:
        expected = {
            "phone": "a number such as 020 7946 0000",
            "easy_read": "an address that begins with https://",
        }.get(kind, "a number, or an address that begins with https://")
        raise WayRefused(kind, expected=expected, got=text)
    return text


def merge_ways(everywhere: Mapping[str, str], here: Mapping[str, str]) -> tuple[Way, ...]:
    """What a form shows: the survey's own, else what holds everywhere."""
    merged = {**everywhere, **here}
    return tuple(Way(kind, merged[kind]) for kind in way_kinds if merged.get(kind, "") not in ("", NOT_HERE))
