"""Secrets kept in the database: sealed with a key derived from SURVEY_SECRET_KEY, so that a copy of the
database alone opens nothing."""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from survey_service.domain.errors import SettingsError

_NONCE = 12


def seal(secret_key: bytes, text: str, *, purpose: str) -> bytes:
    """Encrypt a text; what was sealed for one purpose opens for no other."""
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(_derive(secret_key)).encrypt(nonce, text.encode(), purpose.encode())


def unseal(secret_key: bytes, sealed: bytes, *, purpose: str) -> str:
    """Decrypt what `seal` made with the same key for the same purpose."""
    try:
        plain = AESGCM(_derive(secret_key)).decrypt(sealed[:_NONCE], sealed[_NONCE:], purpose.encode())
    except InvalidTag as error:
        raise SettingsError(
            f"The {purpose} kept in the database cannot be opened.",
            expected="the SURVEY_SECRET_KEY it was kept under",
            hint="Set the old key again, or connect anew: survey-service mailchimp connect",
        ) from error
    return plain.decode()


def _derive(secret_key: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"sealed secrets|1").derive(secret_key)
