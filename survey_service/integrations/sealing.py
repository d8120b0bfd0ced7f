"""Secrets kept in the database: sealed with a key derived from SURVEY_SECRET_KEY, so that a copy of the
database alone opens nothing."""

import os
import zlib

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from survey_service.domain.errors import SettingsError

_NONCE, _LENGTH = 12, 4
_CONNECT = "Set the old key again, or connect anew: survey-service mailchimp connect"


def seal(secret_key: bytes, text: str, *, purpose: str) -> bytes:
    """Encrypt a text; what was sealed for one purpose opens for no other."""
    return _encrypt(secret_key, text.encode(), purpose)


def unseal(secret_key: bytes, sealed: bytes, *, purpose: str) -> str:
    """Decrypt what `seal` made with the same key for the same purpose."""
    return _decrypt(secret_key, sealed, purpose, hint=_CONNECT).decode()


def seal_padded(secret_key: bytes, content: bytes, *, purpose: str, block: int) -> bytes:
    """Encrypt so that the length says how many blocks there are, and no more."""
    packed = zlib.compress(content)
    packed = len(packed).to_bytes(_LENGTH) + packed
    return _encrypt(secret_key, packed.ljust(-(-len(packed) // block) * block, b"\0"), purpose)


def unseal_padded(secret_key: bytes, sealed: bytes, *, purpose: str) -> bytes:
    """Decrypt what `seal_padded` made."""
    packed = _decrypt(secret_key, sealed, purpose, hint="Set the old key again.")
    return zlib.decompress(packed[_LENGTH : _LENGTH + int.from_bytes(packed[:_LENGTH])])


def _encrypt(secret_key: bytes, content: bytes, purpose: str) -> bytes:
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(_derive(secret_key)).encrypt(nonce, content, purpose.encode())


def _decrypt(secret_key: bytes, sealed: bytes, purpose: str, *, hint: str) -> bytes:
    try:
        return AESGCM(_derive(secret_key)).decrypt(sealed[:_NONCE], sealed[_NONCE:], purpose.encode())
    except InvalidTag as error:
        raise SettingsError(
            f"The {purpose} kept in the database cannot be opened.",
            expected="the SURVEY_SECRET_KEY it was kept under",
            hint=hint,
        ) from error


def _derive(secret_key: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"sealed secrets|1").derive(secret_key)
