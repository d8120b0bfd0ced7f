"""Named limits: fewer invitations for one purpose, or for people of one kind, than everybody is protected by.

They only ever lower what a person may be asked. One invitation is the least: who is never to be asked
belongs outside the frame, and a limit of none would leave them in it with no chance at all.
"""

import re

import msgspec

from survey_service.domain.errors import SurveyServiceError

LONGEST_NAME, LONGEST_REASON, LONGEST_ATTRIBUTE, LONGEST_VALUE = 80, 400, 80, 200
MOST_INVITATIONS, MOST_DAYS = 50, 1826
"""Five years of days."""
_PURPOSE = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


class ContactLimit(msgspec.Struct, frozen=True, kw_only=True):
    """At most so many invitations in so many days, counted over surveys of a purpose (or all).

    It protects whoever has the value of the attribute (or everybody), and with them their unit.
    """

    name: str
    purpose: str = ""
    attribute: str = ""
    value: str = ""
    invitations: int
    window_days: int


def check_limit(limit: ContactLimit) -> None:
    """Refuse a limit that says nothing, or that would keep people from ever being asked."""
    if not 0 < len(limit.name) <= LONGEST_NAME:
        raise SurveyServiceError("A limit needs a name.", expected=f"1 to {LONGEST_NAME} characters")
    if not limit.purpose and not limit.attribute:
        raise SurveyServiceError(
            "A limit needs a purpose or an attribute.",
            hint="For everybody and every survey the settings have limits already.",
        )
    if limit.purpose:
        check_purpose(limit.purpose)
    if bool(limit.attribute) != bool(limit.value):
        raise SurveyServiceError("A limit by attribute needs the attribute and its value.")
    if len(limit.attribute) > LONGEST_ATTRIBUTE or len(limit.value) > LONGEST_VALUE:
        raise SurveyServiceError("The attribute or its value is too long.")
    if not 1 <= limit.invitations <= MOST_INVITATIONS:
        raise SurveyServiceError(
            "A limit allows one invitation at least.",
            expected=f"1 to {MOST_INVITATIONS}",
            got=str(limit.invitations),
            hint="To keep people out of every survey, have them choose none, or record that they left.",
        )
    if not 1 <= limit.window_days <= MOST_DAYS:
        raise SurveyServiceError(
            "A limit counts over some days.", expected=f"1 to {MOST_DAYS}", got=str(limit.window_days)
        )


def check_purpose(purpose: str) -> None:
    """Refuse what is no short word for a purpose."""
    if not _PURPOSE.fullmatch(purpose):
        raise SurveyServiceError(
            "This cannot be the name of a purpose.",
            expected="small letters, digits and hyphens, 40 at most",
            got=repr(purpose[:60]),
        )
