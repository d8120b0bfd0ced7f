"""Pulls: everybody arrives, once, whatever happens between the pages, and only what changed is written."""

import asyncio
import random
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from survey_service.domain.errors import Conflict
from survey_service.integrations.mailchimp.port import md5_of
from survey_service.integrations.mailchimp.sandbox.server import SandboxServer
from survey_service.integrations.mailchimp.sandbox.state import stamp
from survey_service.services.newsletter.sync_newsletter import SyncResult, sync_newsletter
from survey_service.settings import Settings
from tests.support.live_server import PROGRAM, program_environment
from tests.support.mailchimp import (
    address,
    made_members,
    mirror,
    truth,
)
from tests.support.rows import fetch

pytestmark = pytest.mark.usefixtures("database")

OPTED = (stamp(1_600_000_000), "", "")
STATUSES = ("subscribed", "subscribed", "subscribed", "unsubscribed", "cleaned", "pending", "archived")


def mixed(count: int) -> Iterator[dict[str, object]]:
    for number, member in enumerate(made_members(count)):
        yield member | {
            "status": STATUSES[number % len(STATUSES)],
            "opted_at": "" if number % 3 else stamp(1_600_000_000),
        }


async def test_a_full_pull_brings_everybody_as_they_are(linked: Settings, skyline: SandboxServer) -> None:
    skyline.people.seed(mixed(3_000))
    result = await sync_newsletter(linked)
    assert (result.kind, await mirror() == truth(skyline)) == ("full", True)
    [row] = await fetch("SELECT * FROM newsletter_member WHERE md5 = $1", md5_of(address(4)))
    member = skyline.people.member(address(4))
    assert (row["email"], row["unique_email_id"], row["mailchimp_id"]) == (
        "Ánna.4@Example.org", member.unique_email_id, member.contact_id,
    )  # fmt: skip
    assert row["email_key"] == "ánna.4@example.org"
    assert row["opted_at"] is None
    assert (row["suppressed_for"], row["merge_fields"]) == ("cleaned", "{}")
    again = await sync_newsletter(linked)
    assert (again.kind, again.changed) == ("increment", 0)


@pytest.mark.parametrize("since_inclusive", [True, False])
@pytest.mark.parametrize("archived_in_default", [True, False])
async def test_what_is_not_documented_makes_no_difference(
    linked: Settings, skyline: SandboxServer, since_inclusive: bool, archived_in_default: bool
) -> None:
    skyline.sandbox.switches.since_inclusive = since_inclusive
    skyline.sandbox.switches.archived_in_default = archived_in_default
    skyline.sandbox.switches.order_kept = False
    skyline.people.seed(mixed(2_200))
    await sync_newsletter(linked)
    assert await mirror() == truth(skyline)
    for number in (0, 7, 14):
        skyline.people.archive(address(number))
    await sync_newsletter(linked)
    assert await mirror() == truth(skyline)


async def test_equal_times_over_many_pages_all_arrive_and_it_ends(
    linked: Settings, skyline: SandboxServer
) -> None:
    skyline.people.seed(made_members(3_500, step=0))
    skyline.people.seed(
        {"email": f"late{number}@example.org", "changed": 1_700_000_500} for number in range(40)
    )
    result = await sync_newsletter(linked)
    assert await mirror() == truth(skyline)
    assert result.pages <= 6


async def test_changes_between_pages_lose_nobody(linked: Settings, skyline: SandboxServer) -> None:
    skyline.people.seed(made_members(4_000))
    chance = random.Random(3)
    asked = skyline.note

    def note(request: object) -> None:
        asked(request)
        for _ in range(200):
            skyline.people.change(address(chance.randrange(4_000)), rating=chance.randrange(1, 5))

    skyline.note = note
    await sync_newsletter(linked)
    skyline.note = asked
    await sync_newsletter(linked)
    assert await mirror() == truth(skyline)
    rows = await fetch("SELECT md5, rating FROM newsletter_member")
    assert {row["md5"]: row["rating"] for row in rows} == {
        md5: one.rating for md5, one in skyline.sandbox.members.items()
    }


async def test_an_increment_writes_what_changed_and_nothing_else(
    linked: Settings, skyline: SandboxServer
) -> None:
    skyline.people.seed(made_members(2_500))
    await sync_newsletter(linked)
    before = {row["id"]: row["xmin"] for row in await fetch("SELECT id, xmin::text FROM newsletter_member")}
    for number in range(50):
        skyline.people.change(address(number * 40), rating=5)
    result = await sync_newsletter(linked)
    assert result.changed == 50
    after = {row["id"]: row["xmin"] for row in await fetch("SELECT id, xmin::text FROM newsletter_member")}
    looked_at = {row["id"] for row in await fetch("SELECT id FROM newsletter_member WHERE rating = 5")}
    assert {one for one in after if after[one] != before[one]} - looked_at <= set(before)
    assert len(looked_at) == 50


async def sync_once_the_lock_is_free(linked: Settings) -> SyncResult:
    """PostgreSQL needs a moment to notice that the killed program is gone."""
    async with asyncio.timeout(60):
        while True:
            try:
                return await sync_newsletter(linked, kind="full")
            except Conflict:
                await asyncio.sleep(0.2)


async def test_kill_9_in_the_middle_goes_on_where_it_was(
    linked: Settings, skyline: SandboxServer, tmp_path: Path
) -> None:
    skyline.people.seed(made_members(8_000))
    skyline.sandbox.switches.latency = 0.1
    environment = program_environment(
        linked, SURVEY_MAILCHIMP_API_KEY=linked.mailchimp_api_key, SURVEY_MAILCHIMP_API_BASE=skyline.base
    )
    pull = subprocess.Popen([*PROGRAM, "mailchimp", "sync", "--full"], env=environment)
    try:
        async with asyncio.timeout(60):
            while (await fetch("SELECT coalesce(max(pages), 0) AS n FROM newsletter_run"))[0]["n"] < 4:
                await asyncio.sleep(0.02)
        pull.send_signal(signal.SIGKILL)
    finally:
        pull.kill()
        pull.wait()
    skyline.sandbox.switches.latency = 0.0
    [killed] = await fetch("SELECT pages, ended_at FROM newsletter_run")
    assert killed["ended_at"] is None
    before = sum(one.path.endswith("/members") for one in skyline.log)
    result = await sync_once_the_lock_is_free(linked)
    asked = sum(one.path.endswith("/members") for one in skyline.log) - before
    assert result.pages > killed["pages"]
    assert asked <= 9 - killed["pages"] + 3
    assert await mirror() == truth(skyline)
    assert len(await fetch("SELECT id FROM newsletter_run")) == 1


async def test_calls_and_memory_are_bounded(linked: Settings, skyline: SandboxServer) -> None:
    """Of 100,000 members `benchmarks/newsletter_pull.py` says the same."""
    skyline.people.seed(made_members(15_000, step=3))
    before = len(skyline.log)
    result = await sync_newsletter(linked)
    assert len(skyline.log) - before <= 17
    assert 15_000 <= result.seen < 15_100
    [row] = await fetch("SELECT count(*) AS n FROM newsletter_member")
    assert row["n"] == 15_000


async def test_many_that_vanish_stop_the_comparison(linked: Settings, skyline: SandboxServer) -> None:
    skyline.people.seed(made_members(1_200))
    await sync_newsletter(linked)
    for number in range(40):
        skyline.people.forget(address(number))
    result = await sync_newsletter(linked, kind="full")
    assert result.vanished == 40
    assert len(await mirror()) == 1_200
    [alarm] = await fetch("SELECT kind FROM newsletter_alarm WHERE ended_at IS NULL")
    assert alarm["kind"] == "vanished"


async def test_a_few_that_vanish_are_asked_for_and_buried(
    linked: Settings, skyline: SandboxServer, tmp_path: Path
) -> None:
    skyline.people.seed(made_members(1_200))
    await sync_newsletter(linked)
    skyline.people.forget(address(3))
    skyline.people.archive(address(6))
    await sync_newsletter(linked, kind="full")
    assert await mirror() == truth(skyline)
    [grave] = await fetch("SELECT reason FROM newsletter_tombstone")
    assert grave["reason"] == "gone"
    # Somebody adds the address again by another program: that is not the person's own word.
    skyline.people.seed([{"email": address(3), "changed": 1_800_000_000}])
    await sync_newsletter(linked)
    assert md5_of(address(3)) not in await mirror()
    skyline.people.subscribe(address(3))
    await sync_newsletter(linked, kind="full")
    assert (await mirror())[md5_of(address(3))] == "subscribed"
