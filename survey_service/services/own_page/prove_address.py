"""A one-time code to a person's own address: the proof that lets them go on, or change, on another device.

Whoever holds the link can ask; nobody learns from the answer whether anything was begun, whether there is an
address, or whether a code went out. A wrong code, an old one and none at all are the same.
"""

import hashlib
import hmac
from datetime import datetime, timedelta

from survey_service.db import one_time_code
from survey_service.db.engine import transaction
from survey_service.db.message import MessageDetails
from survey_service.domain.one_time_codes import make_code, read_code
from survey_service.services.messages.queue_service_message import queue_service_message
from survey_service.settings import Settings, load_secret_key

CODE_MINUTES = 15
MOST_CODES_AN_HOUR = 3
MOST_ATTEMPTS = 5
TEMPLATE = "one_time_code"


async def send_code(token_hash: bytes, settings: Settings, at: datetime) -> None:
    """Send a code to the address of the person a link belongs to, unless too many went there already."""
    async with transaction():
        holder = await one_time_code.find_code_holder(token_hash, at - timedelta(hours=1))
        if holder is None or not holder.has_email or holder.codes >= MOST_CODES_AN_HOUR:
            return
        number, key = await one_time_code.take_code_id(), load_secret_key(settings)
        expires_at = at + timedelta(minutes=CODE_MINUTES)
        code_hash = hash_code(key, number, make_code(key, number, holder.contact))
        await one_time_code.add_code(number, holder.invitation, code_hash, at=at, expires_at=expires_at)
        details = MessageDetails(code=number, minutes=CODE_MINUTES)
        await queue_service_message(
            TEMPLATE, details, settings, at=at, contact=holder.contact, expires_at=expires_at
        )


async def check_code(token_hash: bytes, typed: str, settings: Settings, at: datetime) -> bool:
    """Tell whether this is the code that was sent last, and use it up."""
    key = load_secret_key(settings)
    async with transaction():
        code = await one_time_code.find_open_code(token_hash, at)
        if code is None or code.attempts >= MOST_ATTEMPTS:
            return False
        is_right = hmac.compare_digest(hash_code(key, code.id, read_code(typed)), code.code_hash)
        await one_time_code.note_attempt(code.id, at=at, is_right=is_right)
    return is_right


def hash_code(secret_key: bytes, number: int, code: str) -> bytes:
    """Return what is kept of a code. Six digits are few: without the key the hash says nothing."""
    return hmac.digest(secret_key, f"one-time code hash|{number}|{code}".encode(), hashlib.sha256)
