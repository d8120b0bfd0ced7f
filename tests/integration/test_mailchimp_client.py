"""The client against the sandbox: faults heal or come out as the right error, and never too much at once."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from survey_service.integrations.mailchimp import errors, lane
from survey_service.integrations.mailchimp.allowed import NotOnTheList, check_request
from survey_service.integrations.mailchimp.client import MailchimpClient, base_of
from survey_service.integrations.mailchimp.port import Mailchimp, md5_of
from survey_service.integrations.mailchimp.sandbox.faults import AFTER, KINDS, Fault
from survey_service.integrations.mailchimp.sandbox.server import SandboxServer
from survey_service.integrations.mailchimp.sandbox.state import LIST_ID
from tests.support.mailchimp import (
    Clock,
    address,
    client_of,
    made_members,
    need_description,
    sandbox_serving,
)

TAG = "SURVEYURL"
PASSING = ["429", "429_bare", "403_bare", "500", "500_empty", "502_html", "504_html", "slow", "drop",
           "drop_after", "truncated", "empty_200", "bad_json"]  # fmt: skip
LASTING = {
    "429": errors.Throttled, "429_bare": errors.Throttled, "403_bare": errors.Throttled,
    "401": errors.KeyRefused, "403": errors.KeyRefused, "426": errors.Misconfigured,
    "400_merge": errors.Refused, "400_compliance": errors.Refused,
    "400_fake": errors.Refused,
} | dict.fromkeys(PASSING[3:], errors.Unanswered)  # fmt: skip


@pytest.fixture(scope="module")
def server() -> Iterator[SandboxServer]:
    with sandbox_serving() as running:
        running.people.seed(made_members(1_300))
        running.people.make_field(TAG, "Survey link", kind="url")
        yield running
        running.faults = []


@pytest.fixture(autouse=True)
def _no_faults(server: SandboxServer) -> None:
    server.faults = []


CALLS = {
    "read": ("GET", "members$", lambda client: client.list_members()),
    "write": ("PATCH", "members/", lambda client: client.set_merge_field(md5_of(address(3)), TAG, "https://x.example/s/a")),
    "segment": ("POST", "segments/", lambda client: _fill(client)),
    "draft": ("POST", "campaigns$", lambda client: _draft(client)),
    "batch": ("POST", "batches$", lambda client: client.start_batch(TAG, {"1": (md5_of(address(5)), "")})),
}  # fmt: skip


async def _fill(client: MailchimpClient) -> object:
    segment = await client.make_segment("wave 1")
    return await client.add_to_segment(segment.id, [address(1), "nobody@example.org"])


async def _draft(client: MailchimpClient) -> object:
    segment = await client.make_segment("wave 1")
    title = f"draft {datetime.now(UTC).timestamp()}"
    await client.draft_campaign(title=title, subject="s", segment=segment.id, html="<p>", text="t")
    drafts = [one for one in await client.list_campaigns() if one.title == title]
    assert len(drafts) == 1, "a draft whose answer was lost is not made twice"
    return drafts[0]


@pytest.mark.parametrize("name", CALLS)
async def test_a_passing_fault_heals(server: SandboxServer, name: str) -> None:
    method, path, call = CALLS[name]
    for kind in PASSING:
        async with client_of(server, timeout=0.4) as client:
            server.faults = [Fault(kind=kind, method=method, path=path, seconds=0.6)]
            assert await call(client) is not None, kind
            assert server.faults[0].times == 0, f"{kind} was not met"


@pytest.mark.parametrize("name", CALLS)
async def test_a_lasting_fault_is_told_by_its_class(server: SandboxServer, name: str) -> None:
    method, path, call = CALLS[name]
    for kind, expected in LASTING.items():
        if kind == "slow":
            continue  # waits five times: looked at in the test of slow requests
        if name == "draft" and kind in AFTER:
            continue  # it was made, and looking finds it: that heals however long the fault lasts
        async with client_of(server) as client:
            server.faults = [Fault(kind=kind, method=method, path=path, times=-1)]
            with pytest.raises(errors.MailchimpError) as raised:
                await call(client)
            assert type(raised.value) is expected, kind
            assert str(raised.value)


def test_every_fault_there_is_was_looked_at() -> None:
    assert set(KINDS) == {*PASSING, *LASTING}


async def test_a_refused_key_stops_everything_else(server: SandboxServer) -> None:
    async with client_of(server, key="wrong-us1") as client:
        before = len(server.log)
        found = await asyncio.gather(*(client.ping() for _ in range(40)), return_exceptions=True)
        assert {type(one) for one in found} == {errors.KeyRefused}
        assert "SURVEY_MAILCHIMP_API_KEY" in str(found[0])
        assert len(server.log) == before, "a request without the key is not even looked at"
    async with client_of(server) as client:
        server.faults = [Fault(kind="401", times=-1)]
        before = len(server.log)
        await asyncio.gather(*(client.ping() for _ in range(40)), return_exceptions=True)
        assert len(server.log) - before <= 6


async def test_never_more_than_six_at_once(server: SandboxServer) -> None:
    server.sandbox.switches.latency = 0.05
    server.most_under_way = 0
    try:
        async with client_of(server) as client:
            await asyncio.gather(*(client.ping() for _ in range(60)))
        assert 2 <= server.most_under_way <= 6
    finally:
        server.sandbox.switches.latency = 0.0


async def test_pulls_events_and_links_share_six_places(server: SandboxServer) -> None:
    """Each opens a client of its own; Mailchimp counts the user's connections, and so do we."""
    server.sandbox.switches.latency = 0.05
    server.most_under_way, before = 0, len(server.log)
    key = server.sandbox.api_key

    async def work() -> None:
        async with MailchimpClient(key, LIST_ID, base=server.base) as client:
            await asyncio.gather(*(client.ping() for _ in range(20)))

    try:
        await asyncio.gather(work(), work(), work())
        assert 2 <= server.most_under_way <= 6
        assert len(server.log) - before == 60, "nobody was told to slow down and tried again"
    finally:
        server.sandbox.switches.latency = 0.0
    assert lane._shared == {}
    # A key that was refused closes the lane for all who have it now, and for nobody who comes later.
    server.faults = [Fault(kind="401")]
    async with MailchimpClient(key, LIST_ID, base=server.base) as refused:
        for _ in range(2):
            with pytest.raises(errors.KeyRefused):
                await refused.ping()
        async with MailchimpClient(key, LIST_ID, base=server.base) as later:
            await later.ping()
    assert lane._shared == {}


async def test_slow_answers_make_no_storm(server: SandboxServer) -> None:
    """A request given up here may still hold a place there: five tries each, spread by waiting."""
    clock = Clock()
    server.faults = [Fault(kind="slow", method="GET", path="ping", times=-1, seconds=1.0)]
    server.most_under_way, before = 0, len(server.log)
    async with client_of(server, timeout=0.1, clock=clock) as client:
        found = await asyncio.gather(*(client.ping() for _ in range(4)), return_exceptions=True)
    assert {type(one) for one in found} == {errors.Unanswered}
    assert len(server.log) - before <= 4 * 5
    assert len(clock.slept) == 4 * (5 + 4)
    assert max(clock.slept) <= 60
    await asyncio.sleep(1.1)


async def test_being_told_to_slow_down_halves_and_peace_brings_it_back(server: SandboxServer) -> None:
    async with client_of(server) as client:
        taken = client._caller._lane
        server.faults = [Fault(kind="429", path="ping", times=2)]
        await client.ping()
        assert taken.limit == 1
        for _ in range(110):
            await client.ping()
        assert taken.limit == 6


async def test_members_come_whole(server: SandboxServer) -> None:
    async with client_of(server) as client:
        page = await client.list_members()
        assert (len(page.members), page.total_items) == (1_000, 1_300)
        first = page.members[0]
        assert (first.email_address, first.id) == (address(0), md5_of(address(0)))
        assert first.timestamp_opt == ""
        assert first.last_changed
        assert await client.find_member(first.unique_email_id) == await client.get_member(first.id)
        with pytest.raises(errors.NotThere):
            await client.get_member("0" * 32)
        with pytest.raises(errors.NotThere):
            await client.set_merge_field("0" * 32, TAG, "https://x.example/s/a")


async def test_segments_are_filled_in_parts_and_tell_whom_they_left_out(server: SandboxServer) -> None:
    async with client_of(server) as client:
        segment = await client.make_segment("wave 2")
        before = len(server.log)
        wanted = [address(number) for number in range(1_200)]
        change = await client.add_to_segment(segment.id, [*wanted, "stranger@example.org"])
        assert len(server.log) - before == 3
        assert (change.added, set(change.refused)) == (1_200, {"stranger@example.org"})
        assert (await client.get_segment(segment.id)).member_count == 1_200
        assert await client.make_segment("wave 2") == await client.get_segment(segment.id)
        await client.empty_segment(segment)
        assert (await client.get_segment(segment.id)).member_count == 0


async def test_a_batch_tells_what_became_of_each(server: SandboxServer) -> None:
    async with client_of(server) as client:
        values = {str(one): (md5_of(address(one)), f"https://x.example/s/{one}") for one in range(50)}
        values["gone"] = ("0" * 32, "https://x.example/s/gone")
        values["bad"] = (md5_of(address(60)), "no address")
        batch = await client.start_batch(TAG, values)
        while (batch := await client.get_batch(batch.id)).status != "finished":
            pass
        outcomes = {one.operation_id: one for one in await client.read_batch(batch.results_url)}
        assert (batch.total, batch.errored, len(outcomes)) == (52, 2, 52)
        assert (outcomes["gone"].status, outcomes["bad"].status) == (404, 400)
        assert outcomes["7"].answer["merge_fields"][TAG] == "https://x.example/s/7"
        server.sandbox.time_ahead += 601
        with pytest.raises(errors.NotThere):
            await client.read_batch(batch.results_url)
        server.sandbox.time_ahead = 0
        again = await client.get_batch(batch.id)
        assert len(await client.read_batch(again.results_url)) == 52


def test_nobody_can_be_created_subscribed_or_mailed_from_here() -> None:
    member, subscribing = f"/lists/{LIST_ID}/members/{'0' * 32}", '{"status":"subscribed"}'
    for method, path, body in [
        ("PUT", member, {"email_address": "x", "status_if_new": "subscribed"}),
        ("POST", f"/lists/{LIST_ID}/members", {}),
        ("POST", f"/lists/{LIST_ID}", {}),
        ("PATCH", member, {"status": "subscribed"}),
        ("PATCH", member, {"merge_fields": {}, "status": "pending"}),
        ("DELETE", member, None),
        ("POST", f"{member}/actions/delete-permanent", None),
        ("POST", "/campaigns/abc/actions/send", None),
        ("POST", "/campaigns/abc/actions/schedule", {}),
        ("POST", "/batches", {"operations": [{"method": "PUT", "path": member, "body": "{}"}]}),
        ("POST", "/batches", {"operations": [{"method": "PATCH", "path": member, "body": subscribing}]}),
        ("PATCH", f"/lists/{LIST_ID}/members/somebody@example.org", {"merge_fields": {}}),
    ]:  # fmt: skip
        with pytest.raises(NotOnTheList):
            check_request(method, path, body)
    offered = {name for name in dir(Mailchimp) if not name.startswith("_")}
    assert not {
        name for name in offered if any(word in name for word in ("subscri", "send", "put", "add_member"))
    }


async def test_the_list_of_allowed_requests_stands_before_the_network(server: SandboxServer) -> None:
    async with client_of(server) as client:
        before = len(server.log)
        with pytest.raises(NotOnTheList):
            await asyncio.to_thread(
                client._lists.add_list_member, LIST_ID, {"email_address": "x@example.org"}
            )
        with pytest.raises(NotOnTheList):
            await asyncio.to_thread(client._campaigns.send, "abc")
        assert len(server.log) == before


def test_a_key_without_its_data_centre_is_told_apart() -> None:
    assert base_of("abc-us21") == "https://us21.api.mailchimp.com/3.0"
    with pytest.raises(errors.Misconfigured, match="data centre"):
        base_of("abc")


def test_the_sandbox_knows_the_official_description(server: SandboxServer) -> None:
    need_description()
    described = server._description
    assert described is not None
    assert described.check_request("GET", f"/lists/{LIST_ID}/members", {"fields": "m,e,m"}, None)
    assert described.check_request("GET", f"/lists/{LIST_ID}/members", {"count": "1001"}, None)
    assert described.check_request("GET", f"/lists/{LIST_ID}/member", {}, None)
    assert described.check_request("POST", "/campaigns", {}, {"type": "carrier pigeon"})
    assert described.check_request("PATCH", f"/lists/{LIST_ID}/segments/1", {}, {"static_segment": []})
    assert described.check_request("POST", "/ping", {}, {})
