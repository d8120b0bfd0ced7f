"""Survey links: a keyed hash of the invitation; a reminder carries the same link, only its hash is stored."""

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
    message = f"survey link|{key_version}|{invitation_id}".encode()
    digest = hmac.new(secret_key, message, hashlib.sha256).digest()[:TOKEN_BYTES]
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


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
