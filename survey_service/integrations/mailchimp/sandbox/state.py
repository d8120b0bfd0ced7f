"""What the sandbox remembers: one account with one list, and how it is told to behave."""

import hashlib
import secrets
import threading
import time
from datetime import UTC, datetime
from typing import Any

import msgspec

LIST_ID = "5ebd6d2f1c"
API_KEY = "0123456789abcdef0123456789abcdef-sandbox"
CONNECTIONS = 10


class SandboxMember(msgspec.Struct, kw_only=True):
    """A member, with times in seconds."""

    email: str
    md5: str
    unique_email_id: str
    contact_id: str
    web_id: int
    status: str = "subscribed"
    language: str = ""
    merge_fields: dict[str, Any] = {}
    interests: dict[str, bool] = {}
    permissions: dict[str, bool] = {}
    rating: int = 2
    opted_at: str = ""
    changed: int = 0
    reason: str = ""
    before_archive: str = ""


class SandboxSegment(msgspec.Struct, kw_only=True):
    """A static segment holds members; a saved one has a field that must not be blank."""

    id: int
    name: str
    members: set[str] = set()
    field: str = ""


class SandboxCampaign(msgspec.Struct, kw_only=True):
    """A campaign; once sent, with what each recipient got."""

    id: str
    title: str
    subject: str
    status: str = "save"
    created: str = ""
    send_time: str = ""
    segment: int | None = None
    html: str = ""
    text: str = ""
    sent: dict[str, tuple[str, str]] = {}
    """md5 of a recipient to the HTML and the plain text of their copy."""
    events: dict[str, list[tuple[str, str]]] = {}


class SandboxHook(msgspec.Struct, kw_only=True):
    """A webhook, and what became of it."""

    id: str
    url: str
    events: dict[str, bool]
    sources: dict[str, bool]
    secret: str = ""
    is_disabled: bool = False


class Switches(msgspec.Struct, kw_only=True):
    """What is not documented: the integration must work either way."""

    since_inclusive: bool = False
    archived_in_default: bool = False
    order_kept: bool = True
    """False: members with the same last_changed come in another order at each call."""
    unsub_on_archive: bool = True
    signing: bool = True
    tag_moves_last_changed: bool = False
    url_bytes: int = 255
    list_is_there: bool = True
    """False: the list was deleted, or the key is of another account."""
    latency: float = 0.0
    connections: int = CONNECTIONS


class Kept(msgspec.Struct, kw_only=True):
    """What a file keeps of the sandbox from one run to the next."""

    members: list[SandboxMember] = []
    forgotten: set[str] = set()
    merge_fields: list[dict[str, Any]] = []
    interests: list[dict[str, str]] = []
    permissions: dict[str, str] = {}
    segments: list[SandboxSegment] = []
    campaigns: list[SandboxCampaign] = []
    hooks: list[SandboxHook] = []


class Sandbox:
    """The account. Whoever reads or changes it holds `lock`."""

    def __init__(self, kept: Kept | None = None) -> None:
        kept = kept or Kept()
        self.lock = threading.RLock()
        self.switches = Switches()
        self.api_key = API_KEY
        self.members: dict[str, SandboxMember] = {one.md5: one for one in kept.members}
        self.forgotten = kept.forgotten
        self.merge_fields: list[dict[str, Any]] = kept.merge_fields or [
            _field("FNAME", "First Name"),
            _field("LNAME", "Last Name"),
        ]
        self.interests = kept.interests
        self.permissions = kept.permissions
        self.segments = {one.id: one for one in kept.segments}
        self.campaigns = {one.id: one for one in kept.campaigns}
        self.hooks = {one.id: one for one in kept.hooks}
        self.batches: dict[str, Any] = {}
        self.refuse_in_batches: dict[str, int] = {}
        """md5 of members whose operations in a batch fail, with the status they get."""
        self.time_ahead = 0
        self._order: list[SandboxMember] | None = None

    def keep(self) -> Kept:
        """Return what a file may keep."""
        with self.lock:
            return Kept(
                members=list(self.members.values()),
                forgotten=self.forgotten,
                merge_fields=self.merge_fields,
                interests=self.interests,
                permissions=self.permissions,
                segments=list(self.segments.values()),
                campaigns=list(self.campaigns.values()),
                hooks=list(self.hooks.values()),
            )

    def now(self) -> int:
        """Return the sandbox's own time in seconds: not ours, as Mailchimp's is not."""
        return int(time.time()) + self.time_ahead

    def touch(self, member: SandboxMember) -> None:
        """Note that a member changed now."""
        member.changed = self.now()
        self._order = None

    def ordered(self) -> list[SandboxMember]:
        """Return all members in the order of their last change."""
        if self._order is None:
            self._order = sorted(self.members.values(), key=lambda one: (one.changed, one.contact_id))
        return self._order

    def put(self, member: SandboxMember) -> None:
        """Take a member in."""
        self.members[member.md5] = member
        self._order = None

    def drop(self, member: SandboxMember) -> None:
        """Let a member go."""
        self.members.pop(member.md5, None)
        for segment in self.segments.values():
            segment.members.discard(member.md5)
        self._order = None


def new_member(email: str, **others: Any) -> SandboxMember:
    """Make a member as Mailchimp names one: the md5 of the address, an id of it, and one that stays."""
    email = email.strip()
    md5 = md5_of(email)
    number = int(md5[:8], 16)
    values: dict[str, Any] = {"contact_id": secrets.token_hex(16), "web_id": number % 900_000_000 + 1}
    return SandboxMember(email=email, md5=md5, unique_email_id=unique_id(email), **values | others)


def md5_of(email: str) -> str:
    """Return the md5 of an address as Mailchimp takes it."""
    return hashlib.md5(email.strip().lower().encode(), usedforsecurity=False).hexdigest()


def unique_id(email: str) -> str:
    """Return ten hex digits that change with the address."""
    return hashlib.sha256(f"unique|{email.strip().lower()}".encode()).hexdigest()[:10]


def stamp(seconds: int) -> str:
    """Write a time as the API does."""
    return datetime.fromtimestamp(seconds, UTC).isoformat()


def new_id() -> str:
    """Make an id of ten hex digits."""
    return secrets.token_hex(5)


def _field(tag: str, name: str) -> dict[str, Any]:
    return {"tag": tag, "name": name, "type": "text", "public": True, "default_value": ""}
