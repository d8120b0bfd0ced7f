"""Links: keyed hashes, of which only a further hash is stored.

A survey's link is made of the invitation, so that a reminder carries the same one; the link of a person's
own page is made of the contact. The word before them differs, so neither opens what the other does.
"""

import base64
import binascii
import hashlib
import hmac

TOKEN_BYTES = 16
TOKEN_LENGTH = 22
"""Characters of a token: 128 bits in base64url without padding."""

KEY_VERSION = 1


def make_token(secret_key: bytes, invitation_id: int, key_version: int = KEY_VERSION) -> str:
    """Return the token of an invitation; the same for the same key, version and id."""
    return _keyed_hash(secret_key, f"survey link|{key_version}|{invitation_id}")


def make_own_page_token(secret_key: bytes, contact_id: int) -> str:
    """Return the token of a person's own page; the same in every message."""
    return _keyed_hash(secret_key, f"own page|{contact_id}")


def make_purpose_token(secret_key: bytes, purpose: str, number: int) -> str:
    """Return the token of a row for one purpose, such as `join`; it opens nothing else."""
    return _keyed_hash(secret_key, f"purpose|{purpose}|{number}")


def hash_token(token: str) -> bytes | None:
    """Return what is stored of a token, or None when the text cannot be one (mangled, cut, padded)."""
    if len(token) != TOKEN_LENGTH or not token.isascii():
        return None
    try:
        raw = base64.b64decode(token + "==", altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    # Several spellings decode to the same bytes; only the one we make is a token.
    if base64.urlsafe_b64encode(raw).rstrip(b"=").decode() != token:
        return None
    return hashlib.sha256(raw).digest()


def _keyed_hash(secret_key: bytes, message: str) -> str:
    digest = hmac.new(secret_key, message.encode(), hashlib.sha256).digest()[:TOKEN_BYTES]
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def make_trial_token(secret_key: bytes, survey_id: int) -> str:
    """Return the token of the link that tries a survey out and stores nothing."""
    return _keyed_hash(secret_key, f"trial|{survey_id}")
