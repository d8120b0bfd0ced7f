"""Pulls: everybody arrives, once, whatever happens between the pages, and only what changed is written."""

import asyncio
import math
import os
import random
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from survey_service.domain.errors import Conflict
from survey_service.integrations.mailchimp import client as client_module
from survey_service.integrations.mailchimp.port import md5_of
from survey_service.integrations.mailchimp.sandbox.answers import Asked
from survey_service.integrations.mailchimp.sandbox.server import SandboxServer
from survey_service.integrations.mailchimp.sandbox.state import stamp
from survey_service.services.newsletter import sync_newsletter as sync_module
from survey_service.services.newsletter.sync_newsletter import SyncResult, sync_newsletter
from survey_service.settings import Settings
from tests.support.live_server import program_environment
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
    skyline.people.seed(mixed(10_000))
    result = await sync_newsletter(linked)
    assert (result.kind, await mirror() == truth(skyline)) == ("full", True)
    counts = Counter(one.status for one in skyline.sandbox.members.values())
    rows = await fetch("SELECT status, count(*) AS n FROM newsletter_member GROUP BY 1")
    assert {row["status"]: row["n"] for row in rows} == dict(counts)
    rows = await fetch("SELECT md5, unique_email_id, mailchimp_id, email FROM newsletter_member")
    assert {tuple(row.values()) for row in rows} == {
        (one.md5, one.unique_email_id, one.contact_id, one.email) for one in skyline.sandbox.members.values()
    }
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


@pytest.mark.parametrize("order_kept", [True, False])
async def test_changes_between_pages_lose_nobody(
    linked: Settings, skyline: SandboxServer, order_kept: bool
) -> None:
    skyline.sandbox.switches.order_kept = order_kept
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
    assert {one for one in after if after[one] != before[one]} == looked_at, "nothing else is written"
    assert len(looked_at) == 50


async def sync_once_the_lock_is_free(linked: Settings) -> SyncResult:
    """PostgreSQL needs a moment to notice that the killed program is gone."""
    async with asyncio.timeout(60):
        while True:
            try:
                return await sync_newsletter(linked, kind="full")
            except Conflict:
                await asyncio.sleep(0.2)


SMALL_PAGES = """
from survey_service.integrations.mailchimp import client
from survey_service.services.newsletter import sync_newsletter
client.PAGE = sync_newsletter.PAGE = 50
sync_newsletter.OVERLAP = 5
from survey_service.cli import main
main()
"""
"""The program itself, with pages of fifty: thirty-seven of them are soon turned."""


async def test_kill_9_at_page_37_goes_on_where_it_was(
    linked: Settings, skyline: SandboxServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    members = 2_400
    skyline.people.seed(made_members(members))
    environment = program_environment(
        linked, SURVEY_MAILCHIMP_API_KEY=linked.mailchimp_api_key, SURVEY_MAILCHIMP_API_BASE=skyline.base
    )
    asked, turned = skyline.note, 0

    def kill_at_37(request: Asked) -> None:
        nonlocal turned
        asked(request)
        turned += request.path.endswith("/members")
        if turned == 38:  # thirty-seven are taken, the next one is on its way
            pull.send_signal(signal.SIGKILL)

    skyline.note = kill_at_37  # type: ignore[method-assign]
    command = [sys.executable, "-c", SMALL_PAGES, "mailchimp", "sync", "--full"]
    pull = subprocess.Popen(command, env=environment)
    try:
        await asyncio.to_thread(pull.wait, 60)
    finally:
        pull.kill()
        pull.wait()
    skyline.note = asked  # type: ignore[method-assign]
    [killed] = await fetch("SELECT pages, ended_at FROM newsletter_run")
    assert (killed["pages"], killed["ended_at"]) == (37, None)
    for module in (client_module, sync_module):
        monkeypatch.setattr(module, "PAGE", 50)
    monkeypatch.setattr(sync_module, "OVERLAP", 5)
    before = len(skyline.log)
    result = await sync_once_the_lock_is_free(linked)
    later = [one for one in skyline.log[before:] if one.path.endswith("/members")]
    # Pages overlap by one member; at most one page is read again, and the last request is for archived ones.
    assert len(later) <= math.ceil(members / 49) - 37 + 1 + 1
    assert result.pages == 37 + len(later) - 1
    assert await mirror() == truth(skyline)
    assert len(await fetch("SELECT id FROM newsletter_run")) == 1


MOST_MIB = 120
"""More at the peak than before the pull, whatever the number of members."""


async def test_100_000_members_in_few_calls_and_bounded_memory(
    linked: Settings, skyline: SandboxServer
) -> None:
    skyline.people.seed(
        {"email": f"r{one}@example.org", "changed": 1_700_000_000 + one * 3} for one in range(100_000)
    )
    skyline._description = None  # answers of this kind are held against it by the other tests
    asked, held, most = skyline.note, memory(), 0

    def note(request: Asked) -> None:
        nonlocal most
        asked(request)
        most = max(most, memory())

    skyline.note = note  # type: ignore[method-assign]
    before = len(skyline.log)
    result = await sync_newsletter(linked)
    skyline.note = asked  # type: ignore[method-assign]
    assert len(skyline.log) - before <= 110
    assert 100_000 <= result.seen <= 100_200
    [row] = await fetch("SELECT count(*) AS n, count(DISTINCT mailchimp_id) AS ids FROM newsletter_member")
    assert (row["n"], row["ids"]) == (100_000, 100_000)
    assert (max(most, memory()) - held) / 2**20 < MOST_MIB


def memory() -> int:
    """Bytes this process holds now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


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
