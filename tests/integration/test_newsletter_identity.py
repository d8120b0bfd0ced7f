"""Members are known by the id that stays: however addresses wander, nobody becomes somebody else."""

import random
from collections.abc import Awaitable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from survey_service.integrations.mailchimp import client as client_module
from survey_service.integrations.mailchimp.errors import MailchimpError
from survey_service.integrations.mailchimp.port import md5_of
from survey_service.integrations.mailchimp.sandbox.faults import Fault
from survey_service.integrations.mailchimp.sandbox.server import SandboxServer
from survey_service.services.newsletter import sync_newsletter as sync_module
from survey_service.services.newsletter.sync_newsletter import sync_newsletter
from survey_service.services.newsletter.take_newsletter_event import take_newsletter_event
from survey_service.services.newsletter.work_newsletter_events import work_newsletter_events
from survey_service.services.rotation.draw_wave import draw_wave
from survey_service.settings import Settings
from tests.support.newsletter_hook import PATH, make_hook, take
from tests.support.register import contact_rows, fill_register, open_new_survey
from tests.support.rows import fetch

PEOPLE = 6
MORTAL = 3
"""So many of them may be forgotten by Mailchimp: more at once stop the comparison."""
who = st.integers(0, PEOPLE - 1)
cut = st.integers(0, 8)
steps = st.one_of(
    st.tuples(st.just("move"), who, st.integers(0, 2)),
    st.tuples(st.just("swap"), who, who),
    st.tuples(st.just("swap"), who, who),
    st.tuples(st.just("rotate"), who, who),
    st.tuples(st.just("unsubscribe"), who, st.sampled_from([0, 1])),
    st.tuples(st.just("forget"), st.integers(0, MORTAL - 1), st.just(0)),
    st.tuples(st.just("increment"), cut, st.just(0)),
    st.tuples(st.just("full"), cut, st.just(0)),
    st.tuples(st.just("events"), st.integers(0, 99), cut),
)


class Village:
    """People of the register who take the newsletter, and change addresses among each other."""

    def __init__(self, settings: Settings, skyline: SandboxServer) -> None:
        self.settings, self.skyline = settings, skyline
        self.ids: list[str] = []
        self.forgotten: set[int] = set()
        self.unsubscribed: set[int] = set()

    async def begin(self) -> None:
        """Everybody at home again, nothing pulled yet."""
        self.skyline.faults, self.forgotten, self.unsubscribed = [], set(), set()
        self.skyline.sandbox.members.clear()
        self.skyline.sandbox.forgotten.clear()
        take(self.skyline)
        for statement in (
            "DELETE FROM newsletter_member", "DELETE FROM newsletter_tombstone", "DELETE FROM newsletter_run",
            "DELETE FROM newsletter_event", "UPDATE newsletter_connection SET cursor = NULL",
            "UPDATE contact SET state = 'active'",
            "UPDATE contact_detail SET email = NULL, email_key = NULL",
            """UPDATE contact_detail SET email = 'person' || contact || '@example.org',
                   email_key = 'person' || contact || '@example.org'""",
            "UPDATE consent SET is_granted = true, source = 'sign-up page', at = '2025-01-01'",
            "UPDATE invitation SET state = 'reserved', cancelled_at = NULL, cancelled_for = NULL",
        ):  # fmt: skip
            await fetch(statement)
        self.skyline.people.seed(
            {"email": f"person{number}@example.org", "changed": self.skyline.sandbox.now() - 90_000 + number}
            for number in range(1, PEOPLE + 1)
        )
        self.ids = [
            self.skyline.people.member(f"person{number}@example.org").contact_id
            for number in range(1, PEOPLE + 1)
        ]
        await sync_newsletter(self.settings)

    def address(self, number: int) -> str | None:
        """Where somebody lives now; None for who is forgotten."""
        members = self.skyline.sandbox.members.values()
        return next((one.email for one in members if one.contact_id == self.ids[number]), None)

    def move(self, number: int, to: str) -> None:
        """Change an address, unless it is somebody's."""
        here = self.address(number)
        self.skyline.sandbox.time_ahead += 1
        if here is not None and md5_of(to) not in self.skyline.sandbox.members:
            self.skyline.people.change_address(here, to)

    def rotate(self, *numbers: int) -> None:
        """Each moves to where the next one lives; the last one to where the first one did."""
        homes = [self.address(number) for number in numbers]
        if None in homes or len(set(numbers)) < len(numbers):
            return
        self.move(numbers[0], "between@example.org")
        for place in range(len(numbers) - 1, 0, -1):
            self.move(numbers[place], str(homes[(place + 1) % len(numbers)]))
        self.move(numbers[0], str(homes[1]))

    async def step(self, what: str, first: int, second: int) -> None:
        """Do one thing."""
        if what == "move":
            self.move(first, f"elsewhere{second}@example.org")
        elif what == "swap":
            self.rotate(first, second)
        elif what == "rotate":
            self.rotate(first, second, (second + 1) % PEOPLE)
        elif what == "unsubscribe":
            if (here := self.address(first)) is not None:
                self.skyline.people.unsubscribe(here, "abuse" if second else "manual")
                self.unsubscribed.add(first)
        elif what == "forget":
            if (here := self.address(first)) is not None:
                self.skyline.people.forget(here)
                self.forgotten.add(first)
        elif what == "events":
            await self.hear(first, second)
        else:
            await self.cut_short(sync_newsletter(self.settings, kind=what), first)
        self.skyline.sandbox.time_ahead += 1
        await self.check()

    async def hear(self, lot: int, most: int) -> None:
        """Some events arrive, in any order, some twice; the others are lost."""
        chance = random.Random(lot)
        events = [one for one in take(self.skyline) if chance.random() > 0.3]
        events += events[:1]
        chance.shuffle(events)
        for one in events:
            signature = one.headers()["X-Mailchimp-Signature"]
            await take_newsletter_event(PATH, signature, one.body, self.settings)
        await self.cut_short(work_newsletter_events(self.settings), most)

    async def cut_short(self, work: Awaitable[object], requests: int) -> None:
        """Let so many requests through; 8 is all of them."""
        self.skyline.faults = [Fault(kind="500", skip=requests, times=-1)] if requests < 8 else []
        with suppress(MailchimpError):  # the next one goes on with it
            await work
        self.skyline.faults = []

    async def check(self) -> None:
        """Nobody is anybody else."""
        rows = await fetch("SELECT mailchimp_id, contact FROM newsletter_member WHERE contact IS NOT NULL")
        held = {str(row["mailchimp_id"]): row["contact"] for row in rows}
        assert {number: held[one] for number, one in enumerate(self.ids, 1) if one in held} == {
            number: number for number, one in enumerate(self.ids, 1) if one in held
        }
        rows = await fetch(
            """SELECT c.id, c.state, i.state AS invited FROM contact c JOIN invitation i ON i.contact = c.id
               WHERE c.state <> 'active' OR i.state <> 'reserved'"""
        )
        assert {row["id"] for row in rows} <= {number + 1 for number in self.forgotten}


@pytest.fixture
def _small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that few people are on different pages."""
    monkeypatch.setattr(client_module, "PAGE", 3)
    monkeypatch.setattr(sync_module, "PAGE", 3)
    monkeypatch.setattr(sync_module, "OVERLAP", 1)


@pytest.fixture
async def village(linked: Settings, skyline: SandboxServer, tmp_path: Path, _small_pages: None) -> Village:
    rows = contact_rows(PEOPLE, audience="worker", consent_newsletter="yes")
    await fill_register(tmp_path, linked, rows)
    await draw_wave(await open_new_survey(tmp_path), linked, n=PEOPLE, reserve_only=True)
    await make_hook(linked, skyline)
    return Village(linked, skyline)


async def settle_and_compare(village: Village) -> None:
    """Whatever was lost on the way, a whole pull brings it: register, mirror and Mailchimp agree."""
    await sync_newsletter(village.settings)  # what was cut short is finished first
    await sync_newsletter(village.settings, kind="full")
    await village.check()
    members = {one.contact_id: one for one in village.skyline.sandbox.members.values()}
    rows = await fetch("SELECT mailchimp_id, md5, email, status, suppressed_for FROM newsletter_member")
    assert {str(row["mailchimp_id"]): (row["md5"], row["email"], row["status"]) for row in rows} == {
        one: (member.md5, member.email, member.status) for one, member in members.items()
    }
    suppressed = {str(row["mailchimp_id"]) for row in rows if row["suppressed_for"]}
    assert suppressed == {one for one, member in members.items() if member.status != "subscribed"}
    rows = await fetch(
        """SELECT d.contact, d.email, s.is_granted FROM contact_detail d
           LEFT JOIN consent s ON s.contact = d.contact AND s.purpose = 'newsletter'"""
    )
    found = {row["contact"]: (row["email"], row["is_granted"]) for row in rows}
    for number, one in enumerate(village.ids):
        if one in members:
            takes = number not in village.unsubscribed
            assert found[number + 1] == (members[one].email, takes), f"person {number + 1}"


@hypothesis_settings(
    max_examples=10,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(story=st.lists(steps, min_size=2, max_size=9))
async def test_nobody_becomes_anybody_else(village: Village, story: list[tuple[str, int, int]]) -> None:
    await village.begin()
    for step in story:
        await village.step(*step)
    await settle_and_compare(village)


@pytest.mark.parametrize("requests", range(1, 6))
async def test_two_who_swap_addresses_between_two_pages(village: Village, requests: int) -> None:
    """The first and the last of the list swap after so many requests of a pull."""
    await village.begin()
    asked, seen = village.skyline.note, 0

    def note(request: object) -> None:
        nonlocal seen
        seen += 1
        asked(request)  # type: ignore[arg-type]
        if seen == requests:
            village.rotate(0, PEOPLE - 1)

    village.skyline.note = note  # type: ignore[method-assign]
    await sync_newsletter(village.settings, kind="full")
    village.skyline.note = asked  # type: ignore[method-assign]
    await village.check()
    await settle_and_compare(village)
