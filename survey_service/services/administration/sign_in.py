"""Signing in and out, and finding out who a cookie belongs to."""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

import msgspec

from survey_service.db import engine, sign_in_attempt, staff_session
from survey_service.db import staff as staff_table
from survey_service.db.audit_event import add_audit_event
from survey_service.db.staff import Credentials, StaffMember
from survey_service.domain.errors import LimitReached, NotAllowed
from survey_service.domain.lockout import MEMORY, NETWORK_WINDOW, wait_for_account, wait_for_network
from survey_service.integrations.passwords import hash_password, is_right_password, needs_new_hash

IDLE = timedelta(minutes=60)
"""A session that nobody used for so long is over."""

REFUSED = "sign_in_refused"
THROTTLED = "sign_in_throttled"


class Caller(msgspec.Struct, frozen=True, kw_only=True):
    """Where somebody signs in from."""

    network: str
    device_key: str | None = None
    """What the device was given at an earlier sign-in, if it says so."""
    session_key: str | None = None
    """The session it holds now, which ends when another begins."""


class SignedIn(msgspec.Struct, frozen=True, kw_only=True):
    """A new session. The keys go to the browser; only their hashes are known here."""

    staff: StaffMember
    session_key: str
    device_key: str
    lasts: timedelta


async def sign_in(
    *, email: str, password: str, caller: Caller, secret_key: bytes, session_hours: int, now: datetime
) -> SignedIn:
    """Begin a session under a new key.

    Raises `NotAllowed` when the address or the password is wrong, in the same words and time for both, and
    `LimitReached` after too many of them.
    """
    address = email.strip().lower()
    account = _keyed_hash(secret_key, "account", address)
    knows_device = _is_device_of(secret_key, address, caller.device_key)
    place = _keyed_hash(
        secret_key, *(("device", caller.device_key or "") if knows_device else ("network", caller.network))
    )
    await _count_attempt(account, place, is_network=not knows_device, now=now)
    credentials = await staff_table.find_credentials(address)
    is_right = await is_right_password(password, credentials.password_hash if credentials else None)
    if credentials is None or not is_right:
        await add_audit_event(
            staff=credentials.staff.id if credentials else None,
            action=REFUSED,
            object_kind="staff",
            object_id="",
        )
        raise NotAllowed("The email address or the password is wrong.", code=REFUSED)
    async with engine.transaction():
        await sign_in_attempt.delete_attempts(account, place)
        session_key = await _begin_session(credentials, caller, session_hours, now)
    await _renew_hash(credentials, password)
    return SignedIn(
        staff=credentials.staff,
        session_key=session_key,
        device_key=caller.device_key
        if knows_device and caller.device_key
        else _device_key(secret_key, address),
        lasts=timedelta(hours=session_hours),
    )


async def sign_out(session_key: str, staff: StaffMember) -> None:
    """End a session."""
    async with engine.transaction():
        await staff_session.delete_session(_session_hash(session_key))
        await add_audit_event(
            staff=staff.id, action="signed_out", object_kind="staff", object_id=str(staff.id)
        )


async def find_signed_in(session_key: str, now: datetime) -> StaffMember | None:
    """Whose session this is."""
    return await staff_session.find_session_staff(_session_hash(session_key), now=now, idle=IDLE)


async def _count_attempt(account: bytes, place: bytes, *, is_network: bool, now: datetime) -> None:
    """Count the attempt as failed until shown otherwise, so that many at once are still one after another."""
    async with engine.transaction():
        await sign_in_attempt.lock_place(place)
        wait = wait_for_account(await sign_in_attempt.find_attempts(account, place, since=now - MEMORY), now)
        if is_network:
            failures = await sign_in_attempt.find_attempts_from(place, since=now - NETWORK_WINDOW)
            wait = max(wait, wait_for_network(failures, now))
        if not wait:
            await sign_in_attempt.add_attempt(account, place, now)
    if wait:
        seconds = int(wait.total_seconds()) + 1
        raise LimitReached(
            "Too many attempts to sign in.", got=str(seconds), hint=f"Wait {seconds} seconds.", code=THROTTLED
        )


async def _begin_session(credentials: Credentials, caller: Caller, session_hours: int, now: datetime) -> str:
    session_key = secrets.token_urlsafe(32)
    if caller.session_key is not None:
        await staff_session.delete_session(_session_hash(caller.session_key))
    await staff_session.add_session(
        key_hash=_session_hash(session_key),
        staff=credentials.staff.id,
        now=now,
        expires_at=now + timedelta(hours=session_hours),
    )
    await add_audit_event(
        staff=credentials.staff.id,
        action="signed_in",
        object_kind="staff",
        object_id=str(credentials.staff.id),
    )
    return session_key


async def _renew_hash(credentials: Credentials, password: str) -> None:
    if needs_new_hash(credentials.password_hash):
        await staff_table.change_password_hash(credentials.staff.id, await hash_password(password))


def _session_hash(session_key: str) -> bytes:
    return hashlib.sha256(session_key.encode()).digest()


def _device_key(secret_key: bytes, address: str, nonce: str | None = None) -> str:
    nonce = nonce or secrets.token_urlsafe(16)
    return f"{nonce}.{_keyed_hash(secret_key, 'signed in before', address, nonce).hex()}"


def _is_device_of(secret_key: bytes, address: str, device_key: str | None) -> bool:
    if not device_key:
        return False
    nonce = device_key.split(".")[0]
    return hmac.compare_digest(_device_key(secret_key, address, nonce or "-").encode(), device_key.encode())


def _keyed_hash(secret_key: bytes, *parts: str) -> bytes:
    return hmac.new(secret_key, "\0".join(parts).encode(), hashlib.sha256).digest()
