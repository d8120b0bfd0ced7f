"""The port: everything this service asks of Mailchimp, in its own words.

What is not here cannot be done from here. There is no call that creates a member, changes a status or
sends a campaign.
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import msgspec

PAGE = 1_000
"""Members of one page; Mailchimp allows no more."""
SEGMENT_PART = 500
"""Addresses of one change of a segment; Mailchimp allows no more."""
ACTIVITY_PAGE = 500
"""Asked for by Mailchimp's own support: 1,000 runs into their time-out."""

MEMBER_FIELDS = (
    "id", "email_address", "unique_email_id", "contact_id", "web_id", "status", "unsubscribe_reason",
    "language", "merge_fields", "interests", "marketing_permissions", "member_rating", "timestamp_opt",
    "last_changed",
)  # fmt: skip


def md5_of(address: str) -> str:
    """Return the name Mailchimp gives an address in its own addresses."""
    return hashlib.md5(address.strip().lower().encode(), usedforsecurity=False).hexdigest()


class Permission(msgspec.Struct, frozen=True, kw_only=True):
    """One marketing permission of a member."""

    marketing_permission_id: str = ""
    text: str = ""
    enabled: bool = False


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """A member of the audience. Times may be empty; values of merge fields may be of any kind."""

    id: str
    email_address: str = ""
    unique_email_id: str = ""
    contact_id: str = ""
    web_id: int = 0
    status: str = ""
    unsubscribe_reason: str = ""
    language: str = ""
    merge_fields: dict[str, Any] = {}
    interests: dict[str, bool] = {}
    marketing_permissions: list[Permission] = []
    member_rating: int = 0
    timestamp_opt: str = ""
    last_changed: str = ""


class MemberPage(msgspec.Struct, frozen=True, kw_only=True):
    """Some members, and how many there are in all."""

    members: list[Member]
    total_items: int = 0


class AudienceFacts(msgspec.Struct, frozen=True, kw_only=True):
    """A list of the account."""

    id: str
    name: str
    double_optin: bool = False
    members: int = 0


class MergeField(msgspec.Struct, frozen=True, kw_only=True):
    """A merge field of the list."""

    tag: str
    name: str = ""
    type: str = "text"
    public: bool = False
    default_value: str = ""


class Interest(msgspec.Struct, frozen=True, kw_only=True):
    """An interest, with the title of its group."""

    id: str
    name: str
    group: str = ""


class SegmentFacts(msgspec.Struct, frozen=True, kw_only=True):
    """A segment of the list."""

    id: int
    name: str
    member_count: int = 0


class SegmentChange(msgspec.Struct, frozen=True, kw_only=True):
    """What a change of a segment did; an address that Mailchimp would not take has its reason."""

    added: int
    refused: dict[str, str]


class HookFacts(msgspec.Struct, frozen=True, kw_only=True):
    """A webhook; the secret is told once, when it is made."""

    id: str
    url: str
    signing_secret: str = ""


class CampaignFacts(msgspec.Struct, frozen=True, kw_only=True):
    """A campaign as its editors left it."""

    id: str
    title: str = ""
    subject: str = ""
    status: str = "save"
    send_time: str = ""
    list_id: str = ""
    emails_sent: int = 0
    segment: int | None = None
    archive_url: str = ""


class Activity(msgspec.Struct, frozen=True, kw_only=True):
    """What one member did with one campaign: (action, moment) of each event."""

    email_id: str
    events: list[tuple[str, str]]


class BatchFacts(msgspec.Struct, frozen=True, kw_only=True):
    """How far a batch is. Finished is not succeeded: see `errored`."""

    id: str
    status: str
    total: int = 0
    finished: int = 0
    errored: int = 0
    results_url: str = ""


class OperationOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """One operation of a batch: its own status and answer."""

    operation_id: str
    status: int
    answer: dict[str, Any]


class Mailchimp(Protocol):
    """All of it. Every call may raise the errors of `errors.py`."""

    async def ping(self) -> None: ...
    async def list_audiences(self) -> list[AudienceFacts]: ...
    async def get_audience(self) -> AudienceFacts: ...

    async def list_members(
        self, *, since: str | None = None, offset: int = 0, status: str | None = None, count: int = 0
    ) -> MemberPage: ...
    async def get_member(self, md5: str) -> Member: ...
    async def find_member(self, unique_email_id: str) -> Member | None: ...
    async def set_merge_field(self, md5: str, tag: str, value: str) -> Member: ...

    async def list_merge_fields(self) -> list[MergeField]: ...
    async def add_merge_field(self, tag: str, name: str) -> MergeField: ...
    async def list_interests(self) -> list[Interest]: ...

    async def make_segment(self, name: str) -> SegmentFacts: ...
    async def make_field_segment(self, name: str, tag: str) -> SegmentFacts: ...
    async def get_segment(self, segment: int) -> SegmentFacts: ...
    async def add_to_segment(self, segment: int, addresses: Sequence[str]) -> SegmentChange: ...
    async def empty_segment(self, segment: SegmentFacts) -> None: ...

    async def list_hooks(self) -> list[HookFacts]: ...
    async def add_hook(self, url: str) -> HookFacts: ...
    async def remove_hook(self, hook: str) -> None: ...

    async def list_campaigns(self, *, since: str | None = None) -> list[CampaignFacts]: ...
    async def carries_tag(self, campaign: str, tag: str) -> bool: ...
    async def list_recipients(self, campaign: str) -> list[str]: ...
    async def list_activity(self, campaign: str) -> list[Activity]: ...
    async def draft_campaign(
        self, *, title: str, subject: str, segment: int, html: str, text: str
    ) -> CampaignFacts: ...

    async def start_batch(self, tag: str, values: Mapping[str, tuple[str, str]]) -> BatchFacts: ...
    async def get_batch(self, batch: str) -> BatchFacts: ...
    async def read_batch(self, url: str) -> list[OperationOutcome]: ...
