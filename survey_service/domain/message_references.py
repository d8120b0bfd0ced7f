"""The short reference on each message, with which anybody can ask whether it is genuine.

Ten letters and digits that nobody can make up and that say nothing: the message's number, padded with
noughts to fifty bits and turned over by a keyed permutation (Feistel, four rounds). Nothing is stored for it.
"""

import hashlib
import hmac

BITS = 50
_HALF = BITS // 2
_MASK = 2**_HALF - 1
_NUMBER_BITS = 34
"""Room for 17 billion messages; the other sixteen bits must come out as noughts."""

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O or U."""

_misread = str.maketrans(
    {"I": "1", "L": "1", "O": "0", "U": "V", "-": None, "\u2010": None, "\u2011": None, " ": None}
)
LENGTH = BITS // 5


def make_reference(secret_key: bytes, message: int) -> str:
    """The reference of a message, as it is printed: `7XK2P-0QMD4`."""
    if not 0 <= message < 2**_NUMBER_BITS:
        raise ValueError("A message's number is out of range.")
    left, right = message >> _HALF, message & _MASK
    for turn in range(4):
        left, right = right, left ^ _mix(secret_key, turn, right)
    block = left << _HALF | right
    letters = "".join(_ALPHABET[block >> shift & 31] for shift in range(BITS - 5, -1, -5))
    return f"{letters[:5]}-{letters[5:]}"


def read_reference(secret_key: bytes, text: str) -> int | None:
    """The number of the message, or None when this cannot be one of our references."""
    letters = text.upper().translate(_misread)
    if len(letters) != LENGTH or not set(letters) <= set(_ALPHABET):
        return None
    block = 0
    for letter in letters:
        block = block << 5 | _ALPHABET.index(letter)
    left, right = block >> _HALF, block & _MASK
    for turn in reversed(range(4)):
        left, right = right ^ _mix(secret_key, turn, left), left
    message = left << _HALF | right
    return message if message < 2**_NUMBER_BITS else None


def _mix(secret_key: bytes, turn: int, half: int) -> int:
    digest = hmac.new(secret_key, f"message reference|{turn}|{half}".encode(), hashlib.sha256).digest()
    mixed: int = int.from_bytes(digest[:8]) & _MASK
    return mixed
