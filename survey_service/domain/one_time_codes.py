"""One-time codes: made of the secret key and a number, so that no table holds one that could be read."""

import hashlib
import hmac
import unicodedata

CODE_DIGITS = 6


def make_code(secret_key: bytes, code_id: int, recipient: int) -> str:
    """Return the code of this row; the same for the same key, so that a mail can be written later."""
    digest = hmac.new(secret_key, f"one-time code|{code_id}|{recipient}".encode(), hashlib.sha256).digest()
    return f"{int.from_bytes(digest[:8]) % 10**CODE_DIGITS:0{CODE_DIGITS}}"


def read_code(typed: str) -> str:
    """Return the digits of a code as typed: in groups, or in the digits of another script."""
    return "".join(str(unicodedata.decimal(sign)) for sign in typed[:40] if sign.isdecimal())
