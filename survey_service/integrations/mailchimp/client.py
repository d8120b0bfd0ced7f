"""The port over mailchimp-marketing 3.0.80."""

import random
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import msgspec
from mailchimp_marketing.api.batches_api import BatchesApi
from mailchimp_marketing.api.lists_api import ListsApi
from mailchimp_marketing.api.ping_api import PingApi

from survey_service.integrations.mailchimp.batch_results import read_results
from survey_service.integrations.mailchimp.calling import Call, Caller, read
from survey_service.integrations.mailchimp.campaigns import CampaignCalls
from survey_service.integrations.mailchimp.errors import Misconfigured, NotThere
from survey_service.integrations.mailchimp.lane import MOST, TRIES, Lane, Sleep, borrow_lane, give_back_lane
from survey_service.integrations.mailchimp.port import (
    MEMBER_FIELDS,
    PAGE,
    SEGMENT_PART,
    AudienceFacts,
    BatchFacts,
    HookFacts,
    Interest,
    Member,
    MemberPage,
    MergeField,
    OperationOutcome,
    SegmentChange,
    SegmentFacts,
)
from survey_service.integrations.mailchimp.transport import TIMEOUT, CheckedApiClient

EVENTS = ("subscribe", "unsubscribe", "profile", "cleaned", "upemail", "campaign")
SOURCES = {"user": True, "admin": True, "api": False}
"""Our own writes must not come back as events; what other programs write arrives by the pull."""


def base_of(api_key: str, base: str = "") -> str:
    """Return where the API is: the address given, or the data centre that the key names."""
    if base:
        return base.rstrip("/")
    centre = api_key.rpartition("-")[2] if "-" in api_key else ""
    if not centre.isalnum():
        raise Misconfigured(
            "The Mailchimp key names no data centre.",
            expected="a key that ends in a dash and a data centre, such as …-us21",
            hint="Copy the whole key into SURVEY_MAILCHIMP_API_KEY, or set SURVEY_MAILCHIMP_API_BASE.",
        )
    return f"https://{centre}.api.mailchimp.com/3.0"


class MailchimpClient(CampaignCalls):
    """All calls for one list of one account; close it when done."""

    def __init__(
        self,
        api_key: str,
        list_id: str,
        *,
        base: str = "",
        timeout: tuple[float, float] = TIMEOUT,
        tries: int = TRIES,
        most: int = MOST,
        sleep: Sleep | None = None,
        chance: random.Random | None = None,
    ) -> None:
        self.base = base_of(api_key, base)
        if urlsplit(self.base).scheme not in ("http", "https"):
            raise Misconfigured("SURVEY_MAILCHIMP_API_BASE is no address.", expected="https://…/3.0")
        api = CheckedApiClient(self.base, api_key, timeout)
        self._key = api_key
        if sleep is None:
            self._lane = borrow_lane(self.base, api_key)
        else:
            self._lane = Lane(most, sleep=sleep, chance=chance)
        super().__init__(api, list_id, Caller(self._lane, tries))
        self._lists, self._batches, self._ping = ListsApi(api), BatchesApi(api), PingApi(api)
        self._download = api.download

    async def __aenter__(self) -> "MailchimpClient":
        """Use it as a context."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Let the threads go."""
        give_back_lane(self.base, self._key, self._lane)
        self._caller.close()

    async def _ask_list(self, call: Call) -> Any:
        """Call something that is there as long as the list is: else everybody would seem to be gone."""
        try:
            return await self._caller.call(call)
        except NotThere as gone:
            raise Misconfigured(
                f"The list {self._list} is not in this account.",
                status=gone.status,
                expected="the list that was connected, or another one",
                hint="Set its account's key, or choose a list: survey-service mailchimp connect --list ID",
            ) from gone

    async def ping(self) -> None:
        """Say whether the key opens the account; raises when it does not."""
        await self._caller.call(self._ping.get)

    async def list_audiences(self) -> list[AudienceFacts]:
        """Return the lists of the account."""
        fields = ["lists.id", "lists.name", "lists.double_optin", "lists.stats.member_count"]
        call = partial(self._lists.get_all_lists, count=PAGE, fields=fields)
        return [_audience(one) for one in (await self._caller.call(call)).get("lists", [])]

    async def get_audience(self) -> AudienceFacts:
        """Return the list this client is for."""
        return _audience(await self._ask_list(partial(self._lists.get_list, self._list)))

    async def list_members(
        self, *, since: str | None = None, offset: int = 0, status: str | None = None, count: int = 0
    ) -> MemberPage:
        """Return a page of members in the order of their last change."""
        fields = ["total_items", *(f"members.{name}" for name in MEMBER_FIELDS)]
        query: dict[str, Any] = {"count": count or PAGE, "offset": offset, "fields": fields}
        query |= {"sort_field": "last_changed", "sort_dir": "ASC"}
        query |= {"since_last_changed": since} if since else {}
        query |= {"status": status} if status else {}
        call = partial(self._lists.get_list_members_info, self._list, **query)
        return read(await self._ask_list(call), MemberPage)

    async def get_member(self, md5: str) -> Member:
        """Return one member; raises NotThere."""
        call = partial(self._lists.get_list_member, self._list, md5, fields=list(MEMBER_FIELDS))
        return read(await self._caller.call(call), Member)

    async def find_member(self, unique_email_id: str) -> Member | None:
        """Return the member an event speaks of: it names them by this and not by their md5."""
        fields = [f"members.{name}" for name in MEMBER_FIELDS]
        call = partial(
            self._lists.get_list_members_info, self._list, unique_email_id=unique_email_id, fields=fields
        )
        page = read(await self._caller.call(call), MemberPage)
        return next(iter(page.members), None)

    async def set_merge_field(self, md5: str, tag: str, value: str) -> Member:
        """Write our own field of one member; an unknown member is refused, never made."""
        body = {"merge_fields": {tag: value}}
        call = partial(self._lists.update_list_member, self._list, md5, body, skip_merge_validation="true")
        return read(await self._caller.call(call), Member)

    async def list_merge_fields(self) -> list[MergeField]:
        """Return the merge fields of the list."""
        found = await self._ask_list(partial(self._lists.get_list_merge_fields, self._list, count=PAGE))
        return read(found.get("merge_fields", []), list[MergeField])

    async def add_merge_field(self, tag: str, name: str) -> MergeField:
        """Make our own field: an address, empty by default, that people do not see in forms."""
        body = {
            "tag": tag,
            "name": name,
            "type": "url",
            "public": False,
            "default_value": "",
            "required": False,
        }

        async def find() -> MergeField | None:
            return next((one for one in await self.list_merge_fields() if one.tag == tag), None)

        made = await self._caller.make(partial(self._lists.add_list_merge_field, self._list, body), find)
        return made if isinstance(made, MergeField) else read(made, MergeField)

    async def list_interests(self) -> list[Interest]:
        """Return the interests of every group."""
        call = partial(self._lists.get_list_interest_categories, self._list, count=PAGE)
        found = []
        for group in (await self._caller.call(call)).get("categories", []):
            call = partial(self._lists.list_interest_category_interests, self._list, group["id"], count=PAGE)
            for one in (await self._caller.call(call)).get("interests", []):
                found.append(Interest(id=one["id"], name=one["name"], group=group.get("title", "")))
        return found

    async def make_segment(self, name: str) -> SegmentFacts:
        """Return the static segment of this name, made when missing."""
        return await self._segment(name, {"name": name, "static_segment": []})

    async def make_field_segment(self, name: str, tag: str) -> SegmentFacts:
        """Return the segment of everybody whose field holds something, made when missing."""
        condition = {"condition_type": "TextMerge", "field": tag, "op": "blank_not"}
        return await self._segment(
            name, {"name": name, "options": {"match": "all", "conditions": [condition]}}
        )

    async def _segment(self, name: str, body: dict[str, Any]) -> SegmentFacts:
        async def find() -> SegmentFacts | None:
            fields = ["segments.id", "segments.name", "segments.member_count"]
            call = partial(self._lists.list_segments, self._list, count=PAGE, fields=fields)
            listed = read((await self._caller.call(call)).get("segments", []), list[SegmentFacts])
            return next((one for one in listed if one.name == name), None)

        found = await find()
        if found is None:
            found = await self._caller.make(partial(self._lists.create_segment, self._list, body), find)
        return found if isinstance(found, SegmentFacts) else read(found, SegmentFacts)

    async def get_segment(self, segment: int) -> SegmentFacts:
        """Return a segment with its count."""
        return read(
            await self._caller.call(partial(self._lists.get_segment, self._list, str(segment))), SegmentFacts
        )

    async def add_to_segment(self, segment: int, addresses: Sequence[str]) -> SegmentChange:
        """Add members by address, in parts; an address Mailchimp would not take comes back with a reason."""
        added, refused = 0, {}
        for start in range(0, len(addresses), SEGMENT_PART):
            body = {"members_to_add": list(addresses[start : start + SEGMENT_PART])}
            # The one call of the library that takes the body first.
            call = partial(self._lists.batch_segment_members, body, self._list, str(segment))
            answer = await self._caller.call(call)
            added += int(answer.get("total_added", 0))
            for error in answer.get("errors") or []:
                for address in error.get("email_addresses", []):
                    refused[address] = str(error.get("error", "refused"))
        return SegmentChange(added=added, refused=refused)

    async def empty_segment(self, segment: SegmentFacts) -> None:
        """Take everybody out of a static segment."""
        body = {"name": segment.name, "static_segment": []}
        await self._caller.call(partial(self._lists.update_segment, self._list, str(segment.id), body))

    async def list_hooks(self) -> list[HookFacts]:
        """Return the webhooks of the list."""
        found = await self._caller.call(partial(self._lists.get_list_webhooks, self._list))
        return read(found.get("webhooks", []), list[HookFacts])

    async def add_hook(self, url: str) -> HookFacts:
        """Make a webhook; its signing secret is told only now."""
        body = {
            "url": url,
            "events": dict.fromkeys(EVENTS, True),
            "sources": SOURCES,
            "signing_enabled": True,
        }

        async def find() -> HookFacts | None:
            return next((one for one in await self.list_hooks() if one.url == url), None)

        made = await self._caller.make(partial(self._lists.create_list_webhook, self._list, body), find)
        return made if isinstance(made, HookFacts) else read(made, HookFacts)

    async def remove_hook(self, hook: str) -> None:
        """Take a webhook away."""
        await self._caller.call(partial(self._lists.delete_list_webhook, self._list, hook))

    async def start_batch(self, tag: str, values: Mapping[str, tuple[str, str]]) -> BatchFacts:
        """Write our field of many members: operation id to md5 and value."""
        operations = [
            {
                "method": "PATCH",
                "path": f"/lists/{self._list}/members/{md5}",
                "operation_id": one,
                "params": {"skip_merge_validation": "true"},
                "body": msgspec.json.encode({"merge_fields": {tag: value}}).decode(),
            }
            for one, (md5, value) in values.items()
        ]
        # Sent twice it only writes the same values twice.
        return _batch(await self._caller.call(partial(self._batches.start, {"operations": operations})))

    async def get_batch(self, batch: str) -> BatchFacts:
        """Return how far a batch is, with a fresh address of its results."""
        return _batch(await self._caller.call(partial(self._batches.status, batch)))

    async def read_batch(self, url: str) -> list[OperationOutcome]:
        """Return what became of each operation; raises NotThere for an address older than ten minutes."""
        return read_results(await self._caller.call(partial(self._download, url)))


def _audience(answer: dict[str, Any]) -> AudienceFacts:
    count = (answer.get("stats") or {}).get("member_count", 0)
    return read(answer | {"members": count}, AudienceFacts)


def _batch(answer: dict[str, Any]) -> BatchFacts:
    return BatchFacts(
        id=answer["id"],
        status=answer["status"],
        total=answer.get("total_operations", 0),
        finished=answer.get("finished_operations", 0),
        errored=answer.get("errored_operations", 0),
        results_url=answer.get("response_body_url") or "",
    )
