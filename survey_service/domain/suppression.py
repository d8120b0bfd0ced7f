"""Suppression records: a keyed hash of what must not be taken in again, which nobody can read back."""

import hashlib
import hmac
import unicodedata
from typing import Literal

SuppressedKind = Literal["email", "mobile", "reference"]


def fold_email(email: str) -> str:
    """Return the form under which two spellings of one address are the same."""
    return unicodedata.normalize("NFKC", email).strip().casefold()


def hash_suppressed(secret_key: bytes, kind: SuppressedKind, value: str) -> bytes:
    """Return the record of an address (folded), a number or a reference of the register."""
    return hmac.digest(secret_key, f"suppression|{kind}|{value}".encode(), hashlib.sha256)
