"""What a password must be, and the pass phrases we make up.

Length is what counts; rules about kinds of characters make people write passwords down (NCSC, "Password
administration for system owners").
"""

import secrets
import unicodedata

from survey_service.domain.errors import NotAllowed

SHORTEST = 12
LONGEST = 200
"""Hashing takes time in the length of what a stranger posts."""

_TELLING = 4
"""A shorter name turns up in words by chance."""
_GROUPS = 6
_CONSONANTS = "bdfghjklmnprstvz"
_VOWELS = "aeiou"


def normalise_password(password: str) -> str:
    """One spelling for what looks the same, so that it can be typed on any keyboard."""
    return unicodedata.normalize("NFKC", password)


def check_password(password: str, email: str) -> None:
    """Refuse a password that is too short, too long, or the address itself."""
    length = len(normalise_password(password))
    if not SHORTEST <= length <= LONGEST:
        raise NotAllowed(
            "The password has the wrong length.",
            expected=f"{SHORTEST} to {LONGEST} characters",
            got=str(length),
            code="password",
        )
    name = email.split("@")[0]
    for part in (email, name) if len(name) >= _TELLING else (email,):
        if part.lower() in password.lower() and length < SHORTEST + len(part):
            raise NotAllowed("The password is made of the address.", code="password")


def make_pass_phrase() -> str:
    """Six made-up words such as `tavo-riku-mesa-…`: 75 bits, and possible to read out."""
    return "-".join(
        "".join(secrets.choice(_CONSONANTS) + secrets.choice(_VOWELS) for _ in range(2))
        for _ in range(_GROUPS)
    )
