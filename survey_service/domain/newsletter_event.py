"""Events of the newsletter's webhook: whether they are genuine, and what they say."""

import hashlib
import hmac
from datetime import UTC, datetime
from typing import Literal
from urllib.parse import parse_qsl

import msgspec

SIGNATURE_SECONDS = 300
"""An older signature is somebody's recording."""

KINDS = frozenset({"subscribe", "unsubscribe", "profile", "cleaned", "upemail", "campaign"})

Verdict = Literal["genuine", "missing", "old", "wrong"]


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """One event; whatever it does not say is empty."""

    kind: str
    list_id: str
    email: str = ""
    old_email: str = ""
    unique_email_id: str = ""
    reason: str = ""
    action: str = ""
    fired_at: datetime | None = None
    key: bytes = b""
    """Of its own, since events have no id: the same event sent again has the same."""

    @property
    def is_restricting(self) -> bool:
        """True when somebody may not be mailed any more: it counts at once, before anything is asked."""
        return self.kind in ("unsubscribe", "cleaned")

    @property
    def status(self) -> str:
        """The status a restricting event leads to."""
        if self.kind == "cleaned":
            return "cleaned"
        return "archived" if self.action == "delete" else "unsubscribed"

    @property
    def is_abuse(self) -> bool:
        """True when the person called a message spam: that is for good."""
        return self.is_restricting and self.reason == "abuse"


def judge_signature(header: str, raw: bytes, secret: str, at: datetime) -> Verdict:
    """Judge `t=<seconds>,v1=<hex>`, over the raw bytes; of several v1 one must be right."""
    parts = [part.strip().partition("=") for part in header.split(",") if "=" in part]
    moments = [value for name, _, value in parts if name == "t" and value.isascii() and value.isdigit()]
    signatures = [value for name, _, value in parts if name == "v1"]
    if not moments or not signatures:
        return "missing"
    expected = hmac.new(secret.encode(), f"{moments[0]}.".encode() + raw, hashlib.sha256).hexdigest()
    if not any(hmac.compare_digest(expected.encode(), one.encode()) for one in signatures):
        return "wrong"
    return "genuine" if abs(at.timestamp() - int(moments[0][:15])) <= SIGNATURE_SECONDS else "old"


def read_event(raw: bytes) -> Event:
    """Read a form; nothing in it is believed beyond that something changed."""
    fields = dict(parse_qsl(raw.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=500))

    def data(name: str, most: int = 254) -> str:
        return fields.get(f"data[{name}]", "").strip()[:most]

    kind, fired = fields.get("type", "")[:20], fields.get("fired_at", "")[:30]
    named = data("new_email") or data("email")
    told = "|".join((kind, data("id") or named, fired)).encode()
    return Event(
        kind=kind,
        list_id=data("list_id", 40),
        email=named,
        old_email=data("old_email"),
        unique_email_id=data("new_id", 20) or data("id", 20),
        reason=data("reason", 20),
        action=data("action", 20),
        fired_at=_moment(fired),
        key=hashlib.sha256(told + b"|" + raw).digest(),
    )


def _moment(text: str) -> datetime | None:
    """Read a moment without a zone, taken as UTC; nothing depends on it."""
    try:
        return datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
    except ValueError:
        return None
