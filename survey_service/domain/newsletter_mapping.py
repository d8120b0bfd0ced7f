"""What members of the newsletter's list say about themselves, in the words of the register.

Staff set the mapping and look at a preview before it takes effect. Only what it names is kept.
"""

import re
from collections.abc import Mapping as Values
from typing import Any

import msgspec

_CODE = re.compile(r"[a-z]{2,3}(_[A-Z]{2})?")
_OLD_CODES = {"iw": "he", "in": "id"}
_LONGEST = 200


class Mapping(msgspec.Struct, frozen=True, kw_only=True):
    """Which field means what. Empty: Mailchimp says nothing about it."""

    audience_field: str = ""
    """Merge tag whose value is the audience, by `audiences`."""
    audiences: dict[str, str] = {}
    """A value of that field, folded, to an audience of the register."""
    language_field: str = ""
    """Merge tag of the language; empty means the language Mailchimp keeps of each member."""
    name_fields: tuple[str, ...] = ("FNAME", "LNAME")
    topics: dict[str, str] = {}
    """Id of an interest to a topic of the own page."""
    survey_permission: str = ""
    """Id of the permission or interest by which people consent to surveys."""
    signal_permission: str = ""
    """Id of the one by which they let their clicks and opens be used."""
    takes_newcomers: bool = False
    """Whether subscribers who are not in the register, and consent to surveys, join it."""

    @property
    def kept_fields(self) -> frozenset[str]:
        """The merge fields that may be stored."""
        names = self.name_fields if self.takes_newcomers else ()
        return frozenset({self.audience_field, self.language_field, *names}) - {""}


class Mapped(msgspec.Struct, frozen=True, kw_only=True):
    """One member in the register's words."""

    audience: str
    language: str
    name: str
    topics: tuple[str, ...]
    consents_to_surveys: bool
    consents_to_signals: bool
    problem: str = ""
    """Why the audience cannot be taken."""


def fold(value: Any) -> str:
    """Return the form in which two spellings of a value are the same; it may be a number or an address."""
    if isinstance(value, dict):
        value = " ".join(str(one) for one in value.values())
    return " ".join(str(value).casefold().split())[:_LONGEST]


def read_language(code: str) -> str:
    """Return a code as the register writes it (pt_PT), or nothing where there is none."""
    code = code.strip().replace("-", "_")
    head, _, tail = code.partition("_")
    found = "_".join(filter(None, (_OLD_CODES.get(head.lower(), head.lower()), tail.upper())))
    return found if _CODE.fullmatch(found) else ""


def map_member(
    mapping: Mapping, *, fields: Values[str, Any], language: str, ticked: frozenset[str]
) -> Mapped:
    """Say one member in the register's words; `ticked` are ids of interests and permissions."""
    audience, problem = _audience(mapping, fields)
    said = str(fields.get(mapping.language_field, "")) if mapping.language_field else language
    return Mapped(
        audience=audience,
        problem=problem,
        language=read_language(said),
        name=" ".join(filter(None, (str(fields.get(one, "")).strip() for one in mapping.name_fields)))[
            :_LONGEST
        ],
        topics=tuple(sorted({topic for one, topic in mapping.topics.items() if one in ticked})),
        consents_to_surveys=bool(mapping.survey_permission) and mapping.survey_permission in ticked,
        consents_to_signals=bool(mapping.signal_permission) and mapping.signal_permission in ticked,
    )


def _audience(mapping: Mapping, fields: Values[str, Any]) -> tuple[str, str]:
    if not mapping.audience_field:
        return "", ""
    value = fold(fields.get(mapping.audience_field, ""))
    if not value:
        return "", ""
    found = mapping.audiences.get(value, "")
    return found, "" if found else f"{mapping.audience_field} says {value!r}, which no audience is mapped to."
