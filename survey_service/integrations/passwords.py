"""Passwords as argon2id hashes; slow on purpose, so never in the event loop."""

import asyncio
import secrets
from concurrent.futures import ThreadPoolExecutor
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from survey_service.domain.passwords import LONGEST, normalise_password

_hasher = PasswordHasher()  # argon2id with the parameters of RFC 9106 for machines with little memory
_threads = ThreadPoolExecutor(max_workers=4, thread_name_prefix="passwords")
"""So many hashes at the same time and no more: each takes 64 MiB."""


async def hash_password(password: str) -> str:
    """The hash to store, with its parameters and its salt."""
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(_threads, _hasher.hash, normalise_password(password))


async def is_right_password(password: str, password_hash: str | None) -> bool:
    """Compare; without a hash (nobody of that name) it takes the same time and is never right."""
    if len(password) > LONGEST:
        password, password_hash = "", None
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(_threads, _is_right, normalise_password(password), password_hash)


def needs_new_hash(password_hash: str) -> bool:
    """True when the parameters have moved on since it was made."""
    return _hasher.check_needs_rehash(password_hash)


def _is_right(password: str, password_hash: str | None) -> bool:
    nobody = _hash_of_nobody()
    try:
        _hasher.verify(password_hash or nobody, password)
    except (Argon2Error, InvalidHashError):
        return False
    return password_hash is not None


@cache
def _hash_of_nobody() -> str:
    return _hasher.hash(secrets.token_urlsafe(32))
