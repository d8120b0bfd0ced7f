"""Rate limits: each has a store of its own, bounded, in the memory of one web process.

Respondents are limited by link, open forms and sign-in by network: schools and offices share
addresses, so a personal link must not suffer for its neighbours.
"""

import ipaddress
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from litestar.connection import ASGIConnection

from survey_service.domain.errors import LimitReached

MOST_KEYS = 50_000


class RateLimit:
    """At most `limit` events per key and window; the oldest keys are forgotten first."""

    def __init__(
        self, limit: int, *, window: float = 60.0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.limit = limit
        self.window = window
        self._clock = clock
        self._windows: OrderedDict[str, tuple[float, int]] = OrderedDict()

    def count(self, key: str) -> None:
        """Count one event of `key`; raise LimitReached when there were too many."""
        now = self._clock()
        started, count = self._windows.pop(key, (now, 0))
        if now - started >= self.window:
            started, count = now, 0
        self._windows[key] = (started, count + 1)
        if len(self._windows) > MOST_KEYS:
            self._windows.popitem(last=False)
        if count >= self.limit:
            raise LimitReached(
                "Too many requests.", hint=f"Wait {int(started + self.window - now) + 1} seconds."
            )


def client_network(connection: ASGIConnection[Any, Any, Any, Any]) -> str:
    """Return the network a request comes from: an IPv4 address, or the /64 of an IPv6 address.

    `X-Forwarded-For` is believed only from a proxy named in SURVEY_TRUSTED_PROXIES, and read from
    the right, since everything further left is the client's own word.
    """
    trusted = {
        part.strip() for part in connection.app.state.settings.trusted_proxies.split(",") if part.strip()
    }
    address = connection.client.host if connection.client else ""
    hops = [hop.strip() for hop in connection.headers.get("x-forwarded-for", "").split(",") if hop.strip()]
    while address in trusted and hops:
        address = hops.pop()
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if parsed.version == 6:
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)
