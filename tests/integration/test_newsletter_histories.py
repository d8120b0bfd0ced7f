"""Whatever happens in whatever order, some things hold: nobody is made, subscribed or reminded unasked."""

import asyncio
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from survey_service.domain.errors import Conflict
from survey_service.domain.tokens import hash_token
from survey_service.integrations.mailchimp.errors import MailchimpError
from survey_service.integrations.mailchimp.sandbox.answers import Answer
from survey_service.integrations.mailchimp.sandbox.faults import Fault
from survey_service.integrations.mailchimp.sandbox.server import SandboxServer
from survey_service.services.newsletter.clear_links import clear_links
from survey_service.services.newsletter.connect_newsletter import connect_newsletter
from survey_service.services.newsletter.newsletter_client import open_newsletter
from survey_service.services.newsletter.sync_newsletter import sync_newsletter
from survey_service.services.newsletter.tend_newsletter import compare_nightly, tend_links
from survey_service.services.newsletter.work_links import work_links
from survey_service.services.newsletter.write_links import write_links
from survey_service.settings import Settings
from tests.support.mailchimp import list_subscribing, mirror, truth
from tests.support.newsletter import fields, make_readers, plan_issue, press_send, reserve, resolves
from tests.support.rows import fetch

READERS = 12
FAULTS = ("429", "403_bare", "500", "drop", "drop_after", "truncated", "empty_200", "401")
steps = st.one_of(
    st.tuples(st.just("unsubscribe"), st.integers(1, READERS)),
    st.tuples(st.just("subscribe"), st.integers(1, READERS)),
    st.tuples(st.just("archive"), st.integers(1, READERS)),
    st.tuples(st.just("clean"), st.integers(1, READERS)),
    st.tuples(st.just("forget"), st.integers(1, READERS)),
    st.tuples(st.just("move"), st.integers(1, READERS)),
    st.tuples(st.just("pull"), st.just(0)),
    st.tuples(st.just("tend"), st.just(0)),
    st.tuples(st.just("links"), st.just(0)),
    st.tuples(st.just("fault"), st.sampled_from(range(len(FAULTS)))),
    st.tuples(st.just("send"), st.just(0)),
    st.tuples(st.just("swap"), st.integers(1, READERS - 1)),
    st.tuples(st.just("clear"), st.just(0)),
    st.tuples(st.just("nightly"), st.just(0)),
)


class History:
    """One run of events, faults and work on the same list."""

    def __init__(self, settings: Settings, skyline: SandboxServer, slug: str) -> None:
        self.settings, self.skyline, self.slug = settings, skyline, slug

    async def step(self, what: str, number: int) -> None:
        """Do one thing; Mailchimp's refusals are part of the story."""
        if what in ("unsubscribe", "subscribe", "archive", "clean", "forget", "move", "swap"):
            self.act(what, number)
            return
        try:
            await self.work(what, number)
        except (MailchimpError, Conflict):
            await connect(self.settings, self.skyline)

    def act(self, what: str, number: int) -> None:
        people, address = self.skyline.people, f"person{number}@example.org"
        try:
            if what == "swap":
                people.change_address(address, "between@example.org")
                people.change_address(f"person{number + 1}@example.org", address)
                people.change_address("between@example.org", f"person{number + 1}@example.org")
            elif what == "move":
                people.change_address(address, f"moved{number}@example.org")
            else:
                getattr(people, what)(address)
        except Answer:
            pass  # nobody has this address any more

    async def work(self, what: str, number: int) -> None:
        if what == "pull":
            await sync_newsletter(self.settings)
        elif what == "tend":
            await tend_links(self.settings)
        elif what == "links":
            await write_links(self.slug, self.settings)
        elif what == "send":
            press_send(self.skyline)
        elif what == "clear":
            await clear_links(self.slug, self.settings)
        elif what == "nightly":
            await compare_nightly(self.settings)
        else:
            self.skyline.faults.append(Fault(kind=FAULTS[number], skip=1, times=2))


async def connect(settings: Settings, skyline: SandboxServer) -> None:
    """Mend what a fault broke, as somebody would."""
    skyline.faults = []
    await connect_newsletter(settings, with_hook=False)


@pytest.fixture
async def history(linked: Settings, skyline: SandboxServer, tmp_path: Path) -> History:
    await make_readers(linked, skyline, tmp_path, READERS)
    slug = await reserve(linked, tmp_path, READERS)
    await plan_issue(linked)
    return History(linked, skyline, slug)


@hypothesis_settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(story=st.lists(steps, min_size=3, max_size=14))
async def test_what_holds_after_any_history(history: History, story: list[tuple[str, int]]) -> None:
    """The same list goes on from one example to the next: the longer its history, the better."""
    skyline = history.skyline
    for what, number in story:
        await history.step(what, number)
    await connect(history.settings, skyline)
    await sync_newsletter(history.settings, kind="full")
    await tend_links(history.settings)
    await fetch("UPDATE newsletter_link SET next_try_at = now()")
    await tend_links(history.settings)
    assert list_subscribing(skyline.log) == []
    assert {md5 for md5, status in (await mirror()).items() if status == "subscribed"} <= set(truth(skyline))
    standing = fields(skyline)
    for md5, link in standing.items():
        member = skyline.sandbox.members[md5]
        assert member.status in ("subscribed", "archived"), "no link on anybody who cannot be mailed"
        assert await resolves(link), "every link leads to exactly one invitation"
    # A message is there for whom an issue carried a link, and for nobody else; each under its own receipt.
    rows = await fetch("SELECT count(*) AS n, count(DISTINCT receipt) AS receipts FROM message")
    assert rows[0]["n"] == rows[0]["receipts"]
    carried = {
        link
        for one in skyline.sandbox.campaigns.values()
        for html, _ in one.sent.values()
        for link in re.findall(r'href="(http[^"]+/s/[^"]+)"', html)
    }
    tokens = {hash_token(link.split("/s/")[1].split("/")[0]) for link in carried}
    told = await fetch("SELECT i.token_hash FROM message m JOIN invitation i ON i.id = m.invitation")
    assert {row["token_hash"] for row in told} <= tokens, "whoever counts as asked was shown the link"
    twice = await fetch("SELECT invitation FROM message GROUP BY invitation HAVING count(*) > 1")
    assert twice == []


async def test_two_workers_do_each_thing_once(history: History) -> None:
    skyline, settings = history.skyline, history.settings
    skyline.sandbox.switches.latency = 0.05
    pulls = await asyncio.gather(*(sync_newsletter(settings) for _ in range(3)), return_exceptions=True)
    assert sorted(type(one).__name__ for one in pulls) == ["Conflict", "Conflict", "SyncResult"]
    skyline.sandbox.switches.latency = 0.0
    await write_links(history.slug, settings)
    await fetch("UPDATE newsletter_link SET state = 'clearing', next_try_at = now()")
    before = len(skyline.log)

    async def work() -> int:
        async with open_newsletter(settings) as newsletter:
            return await work_links(newsletter, settings)

    assert sum(await asyncio.gather(work(), work(), work())) == READERS
    assert sum(one.method == "PATCH" for one in skyline.log[before:]) == READERS
    assert fields(skyline) == {}
