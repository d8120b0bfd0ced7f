"""What somebody who wants to join says about themselves, read from what was posted."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Literal

import msgspec

from survey_service.domain.wishes import AS_USUAL, MOST_SURVEYS

AUDIENCES = ("resident", "worker", "business", "visitor")
CHANNELS = ("email", "text")
"""How we may write. Only the address for mail is confirmed; a number is taken as it is given."""
PURPOSES = ("surveys", "newsletter")
TRAP_FIELD = "join-website"

Posted = Mapping[str, Sequence[str]]
Trouble = Literal["missing", "wrong"]


class JoinWishes(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that was said, right in itself."""

    email: str
    mobile: str | None
    audience: str
    language: str
    channel: str
    surveys_a_year: int | None
    """None for whatever everybody else gets."""
    wants_surveys: bool
    wants_newsletter: bool


class Joining(msgspec.Struct, frozen=True, kw_only=True):
    """What a post came to: wishes, or troubles by field, or somebody too young, of whom nothing is kept."""

    wishes: JoinWishes | None = None
    troubles: dict[str, Trouble] = {}
    is_too_young: bool = False


def read_joining(
    posted: Posted,
    *,
    languages: Collection[str],
    read_email: Callable[[str], str | None],
    read_mobile: Callable[[str], str | None],
    offered: Collection[str] = PURPOSES,
) -> Joining:
    """Read the form; the age first, as nothing else of who is too young is looked at."""
    age = _first(posted, "age")
    if age == "no":
        return Joining(is_too_young=True)
    troubles: dict[str, Trouble] = {}

    def note(field: str, *, is_missing: bool, is_wrong: bool) -> None:
        if is_missing:
            troubles[field] = "missing"
        elif is_wrong:
            troubles[field] = "wrong"

    email, mobile = read_email(_first(posted, "email")), read_mobile(_first(posted, "mobile"))
    channel, audience = _first(posted, "channel"), _first(posted, "audience")
    language, surveys = _first(posted, "language"), _first(posted, "surveys") or AS_USUAL
    purposes = posted.get("purposes", ())
    note("age", is_missing=not age, is_wrong=age != "yes")
    note("email", is_missing=not _first(posted, "email"), is_wrong=email is None)
    note("audience", is_missing=not audience, is_wrong=audience not in AUDIENCES)
    note("purposes", is_missing=not purposes, is_wrong=not set(purposes) <= set(offered))
    note("language", is_missing=not language, is_wrong=language not in languages)
    note("channel", is_missing=not channel, is_wrong=channel not in CHANNELS)
    number = _first(posted, "mobile")
    needs_number = channel == "text" or bool(number)
    note("mobile", is_missing=needs_number and not number, is_wrong=needs_number and not mobile)
    note("surveys", is_missing=False, is_wrong=_read_number(surveys) is False)
    if troubles or email is None:
        return Joining(troubles=troubles)
    chosen = _read_number(surveys)
    return Joining(
        wishes=JoinWishes(
            email=email,
            mobile=mobile,
            audience=audience,
            language=language,
            channel=channel,
            surveys_a_year=None if chosen is None or chosen is False else int(chosen),
            wants_surveys="surveys" in purposes,
            wants_newsletter="newsletter" in purposes,
        )
    )


def _read_number(text: str) -> int | Literal[False] | None:
    """The number of surveys a year, None for the usual one, False for what cannot be chosen."""
    if text == AS_USUAL:
        return None
    return int(text) if text in map(str, range(MOST_SURVEYS + 1)) else False


def _first(posted: Posted, field: str) -> str:
    return next(iter(posted.get(field, ())), "").strip()
