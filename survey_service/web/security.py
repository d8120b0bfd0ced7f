"""Security headers on every answer, also on those no middleware sees: an unmatched path, a broken handler."""

import secrets
from collections.abc import Mapping, MutableMapping
from typing import Any, cast

from litestar.types import Message, Scope, Send

NONCE = "csp_nonce"

PRIVATE_AREAS = ("/s/", "/me/", "/staff", "/t/", "/join/confirm/", "/tablet/")
"""Personal pages: kept out of search engines."""

FIXED_HEADERS = [
    (b"x-content-type-options", b"nosniff"),
    # With no-referrer browsers send `Origin: null` with forms, and the forgery check could not work.
    (b"referrer-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
]
HTTPS_HEADERS = [(b"strict-transport-security", b"max-age=63072000; includeSubDomains")]


def csp_nonce(scope: Mapping[str, Any]) -> str:
    """Return the nonce that scripts of this answer carry."""
    nonce: str = scope[NONCE]
    return nonce


def _may_be_framed(path: str) -> bool:
    """Previews stand in a frame of the page they are written on; nothing else ever stands in one."""
    return path.startswith("/t/") or (path.startswith("/staff/surveys/") and path.endswith("/preview"))


def _policy(nonce: str, path: str) -> bytes:
    ancestors = "'self'" if _may_be_framed(path) else "'none'"
    frames = "frame-src 'self'; " if path.startswith("/staff/") else ""
    # Only a tablet's pages may start a worker: the one that keeps them while there is no network.
    frames += "worker-src 'self'; " if path.startswith("/tablet/") else ""
    return (
        f"default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic'; style-src 'self'; "
        "img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; "
        f"{frames}form-action 'self'; base-uri 'none'; frame-ancestors {ancestors}"
    ).encode()


class SecuredSend:
    """Wraps ASGI's `send`: adds the headers to the answer's start and remembers its status."""

    def __init__(self, scope: Scope, send: Send, *, is_https: bool) -> None:
        self.status = 0
        self._scope = cast(MutableMapping[str, Any], scope)
        self._send = send
        self._is_https = is_https
        self._scope[NONCE] = secrets.token_urlsafe(16)

    async def __call__(self, message: Message) -> None:
        """Pass a message on."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            message["headers"] = [*message.get("headers", []), *self._extra(message)]
        await self._send(message)

    def _extra(self, message: Any) -> list[tuple[bytes, bytes]]:
        path = self._scope["path"]
        extra = [
            (b"content-security-policy", _policy(csp_nonce(self._scope), path)),
            (b"x-frame-options", b"SAMEORIGIN" if _may_be_framed(path) else b"DENY"),
            *FIXED_HEADERS,
        ]
        if self._is_https:
            extra += HTTPS_HEADERS
        if path.startswith(PRIVATE_AREAS):
            extra.append((b"x-robots-tag", b"noindex, nofollow, noarchive"))
        if not any(name.lower() == b"cache-control" for name, _ in message.get("headers", [])):
            extra.append((b"cache-control", b"no-store"))
        return extra
