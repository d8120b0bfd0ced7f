"""Doubts about an answer of the open link, and what stands between a flood and the figures.

No puzzle and nobody else's service: how long the form was open, a field that people never see, how much
comes from one network, and, only while far too much comes, a sum for the browser to work out or a wait.
An answer in doubt is stored and flagged; staff decide what counts.
"""

import hashlib
import hmac
import ipaddress
from collections.abc import Mapping, Sequence
from typing import Literal, get_args

Flag = Literal["fast", "trap", "network", "forged"]
flags: tuple[Flag, ...] = get_args(Flag)
"""Filled in faster than anybody reads; the unseen field filled in; one of very many from its network; not a
page that was served here."""

TRAP_FIELD = "open-website"
"""Out of sight, out of the tab order and nothing that browsers fill in. (No question has a hyphen.)"""
PROOF_FIELD = "open-proof"
WAITED_FIELD = "open-waited"

LEAST_SECONDS = 3
SECONDS_AN_ANSWER = 1
PROOF_BITS = 16
"""Leading noughts asked for: about 65,000 tries, under a second on an old phone."""
WAIT_SECONDS = 20
"""For who has no JavaScript: the slower way, open all the same."""
LASTS_SECONDS = 3_600
"""How old a wait may be; an older page waits again."""

_MAC_LENGTH = 16


def widen_network(network: str) -> str:
    """The /24 of an IPv4 address, the /48 of an IPv6 address or network; anything else as it is."""
    try:
        parsed = ipaddress.ip_network(network, strict=False)
    except ValueError:
        return network
    length = 24 if parsed.version == 4 else 48
    return str(parsed.supernet(new_prefix=length) if parsed.prefixlen > length else parsed)


def count_filled(posted: Mapping[str, Sequence[str]]) -> int:
    """How many questions somebody answered; fields of the page itself have a hyphen in their names."""
    return sum(any(map(str.strip, values)) for name, values in posted.items() if "-" not in name)


def judge_open_answer(
    *, seconds: int | None, filled: int, trap: str, network_answers: int, network_limit: int
) -> tuple[Flag, ...]:
    """The doubts about one answer; `seconds` is None where nobody knows when the page was served."""
    doubts: dict[Flag, bool] = {
        "fast": seconds is not None and seconds < max(LEAST_SECONDS, filled * SECONDS_AN_ANSWER),
        "trap": bool(trap),
        "network": network_answers > network_limit,
        "forged": seconds is None,
    }
    return tuple(flag for flag, holds in doubts.items() if holds)


def make_copy(secret_key: bytes, survey: str, *, at: int, lot: bytes) -> str:
    """The name of one served copy of an open form: when it was served, eight bytes of lot, and our mark."""
    body = f"{at:08x}{lot[:8].hex()}"
    return body + _mac(secret_key, f"copy|{survey}|{body}")


def served_at(secret_key: bytes, survey: str, copy: str) -> int | None:
    """When a copy was served, or None when we did not make it for this survey."""
    body, mac = copy[:-_MAC_LENGTH], copy[-_MAC_LENGTH:]
    if not hmac.compare_digest(mac.encode(), _mac(secret_key, f"copy|{survey}|{body}").encode()):
        return None
    return int(body[:8], 16)


def make_waiting(secret_key: bytes, copy: str, *, at: int) -> str:
    """The ticket of somebody who begins to wait with this copy now."""
    return f"{at:08x}" + _mac(secret_key, f"waits|{copy}|{at:08x}")


def has_waited(secret_key: bytes, copy: str, ticket: str, *, now: int) -> bool:
    """True when the ticket is ours, for this copy, and old enough but not too old."""
    begun = ticket[:-_MAC_LENGTH]
    if not hmac.compare_digest(ticket.encode(), (begun + _mac(secret_key, f"waits|{copy}|{begun}")).encode()):
        return False
    return WAIT_SECONDS <= now - int(begun, 16) <= LASTS_SECONDS


def is_proof(copy: str, proof: str) -> bool:
    """True when the browser found a number whose hash with the copy's name begins with enough noughts."""
    if not (proof.isascii() and proof.isdigit() and len(proof) <= 12):
        return False
    digest = hashlib.sha256(f"{copy}:{proof}".encode()).digest()
    return int.from_bytes(digest) >> (256 - PROOF_BITS) == 0


def _mac(secret_key: bytes, message: str) -> str:
    return hmac.new(secret_key, message.encode(), hashlib.sha256).hexdigest()[:_MAC_LENGTH]
