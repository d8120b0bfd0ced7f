"""Links for an issue: for whom the gate allows, byte for byte, and gone again once the issue is out."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from survey_service.domain.errors import Conflict
from survey_service.integrations.mailchimp.sandbox.answers import Asked
from survey_service.integrations.mailchimp.sandbox.faults import Fault
from survey_service.integrations.mailchimp.sandbox.server import SandboxServer
from survey_service.services.contacts.manage_contacts import erase_contact
from survey_service.services.contacts.recompute_burden import recompute_burden
from survey_service.services.messages.send_invitations import send_invitations
from survey_service.services.newsletter.clear_links import clear_links
from survey_service.services.newsletter.draft_issue import draft_issue
from survey_service.services.newsletter.follow_issues import follow_issues
from survey_service.services.newsletter.newsletter_client import open_newsletter
from survey_service.services.newsletter.sync_newsletter import sync_newsletter
from survey_service.services.newsletter.tend_newsletter import compare_nightly, tend_links
from survey_service.services.newsletter.write_links import write_links
from survey_service.services.rotation.draw_wave import draw_wave
from survey_service.settings import Settings
from tests.support.newsletter import (
    HTML,
    fields,
    links_in_the_register,
    make_readers,
    plan_issue,
    press_send,
    reserve,
    resolves,
)
from tests.support.rows import fetch

PLACES = "SELECT id, ticket, last_invited_on, promised_from FROM unit ORDER BY id"


async def test_a_wave_of_1200_is_written_and_verified(
    linked: Settings, skyline: SandboxServer, tmp_path: Path
) -> None:
    await make_readers(linked, skyline, tmp_path, 1_300)
    slug = await reserve_many(linked, tmp_path, 1_200)
    day = await plan_issue(linked)
    before = len(skyline.log)
    done = await write_links(slug, linked, batch_from=10_000)
    assert (done.ready, done.confirmed, done.issue, done.problem) == (True, 1_200, day, "")
    asked = skyline.log[before:]
    assert sum(one.method == "POST" and "/segments/" in one.path for one in asked) == 3
    assert sum(one.method == "PATCH" and "/members/" in one.path for one in asked) == 1_200
    standing = fields(skyline)
    assert len(standing) == 1_200 == len(set(standing.values()))
    assert set(standing) == set(await links_in_the_register())
    assert all(link.startswith(f"{linked.public_url}/s/") and len(link) < 100 for link in standing.values())
    assert await resolves(next(iter(standing.values())))
    # Nobody moved: sent is what counts.
    assert await fetch("SELECT id FROM message") == []
    again = await write_links(slug, linked)
    assert (again.added, again.confirmed, again.ready) == (0, 1_200, True)
    assert fields(skyline) == standing


async def reserve_many(settings: Settings, folder: Path, n: int) -> str:
    """A wave larger than a department may draw without an approval."""
    return await reserve(replace(settings, approval_threshold=5_000), folder, n)


async def test_lost_answers_do_no_harm(linked: Settings, skyline: SandboxServer, tmp_path: Path) -> None:
    await make_readers(linked, skyline, tmp_path, 40)
    slug = await reserve(linked, tmp_path, 30)
    await plan_issue(linked)
    skyline.faults = [
        Fault(kind="drop_after", method="PATCH", path="members/", skip=6),
        Fault(kind="drop_after", method="POST", path="segments/"),
        Fault(kind="429_bare", method="PATCH", path="members/", skip=10, times=3),
    ]
    done = await write_links(slug, linked)
    assert (done.ready, done.confirmed, len(fields(skyline))) == (True, 30, 30)
    assert [one.times for one in skyline.faults] == [0, 0, 0]


async def test_a_batch_sends_only_again_what_was_too_much(
    linked: Settings, skyline: SandboxServer, tmp_path: Path
) -> None:
    await make_readers(linked, skyline, tmp_path, 60)
    slug = await reserve(linked, tmp_path, 50)
    await plan_issue(linked)
    await sync_newsletter(linked)
    people = list(await links_in_the_register())
    refused, throttled = people[:3], people[3:8]
    skyline.sandbox.refuse_in_batches = dict.fromkeys(refused, 400) | dict.fromkeys(throttled, 429)
    answered = skyline.note_answer

    def let_the_address_grow_old(asked: Asked, body: dict[str, Any]) -> None:
        answered(asked, body)
        if "/batches/" in asked.path and body["status"] == "finished" and not skyline.sandbox.time_ahead:
            skyline.sandbox.time_ahead = 601

    skyline.note_answer = let_the_address_grow_old  # type: ignore[method-assign]
    done = await write_links(slug, linked, batch_from=10)
    skyline.note_answer = answered  # type: ignore[method-assign]
    assert skyline.sandbox.time_ahead == 601, "the first address of the results was too old"
    assert (done.ready, done.problem) == (False, "5 links are not written yet.")
    assert (done.confirmed, done.refused) == (42, 3)
    rows = await fetch("SELECT error, fate FROM newsletter_link WHERE state = 'refused'")
    assert {tuple(row.values()) for row in rows} == {("SURVEYURL: Please enter a valid URL", "returned")}
    skyline.sandbox.refuse_in_batches = {}
    before = len(skyline.log)
    await fetch("UPDATE newsletter_link SET next_try_at = now()")
    await tend_links(linked)
    [later] = await fetch("SELECT state, problem FROM newsletter_ride")
    assert tuple(later.values()) == ("ready", "")
    assert sum(one.method == "PATCH" and "/members/" in one.path for one in skyline.log[before:]) == 5
    assert len(fields(skyline)) == 47


async def test_an_issue_goes_out_and_the_sampled_alone_see_their_links(
    linked: Settings, skyline: SandboxServer, tmp_path: Path
) -> None:
    await make_readers(linked, skyline, tmp_path, 40, without=range(31, 41))
    slug = await reserve(linked, tmp_path, 40)
    await plan_issue(linked)
    before = await fetch(PLACES)
    done = await write_links(slug, linked)
    # Only people who consented to both ride.
    assert (done.confirmed, done.ready) == (30, True)
    assert await fetch(PLACES) == before
    standing = fields(skyline)
    skyline.people.unsubscribe("person3@example.org")
    campaign = skyline.sandbox.campaigns[press_send(skyline)]
    assert "person3@example.org" not in {skyline.sandbox.members[md5].email for md5 in campaign.sent}
    for md5, (html, text) in campaign.sent.items():
        assert (standing[md5] in html, standing[md5] in text) == (True, True)
        assert sum(link in html for link in standing.values()) == 1
    await tend_links(linked)
    states = await fetch(
        "SELECT i.state, i.cancelled_for, count(*) AS n FROM invitation i GROUP BY 1, 2 ORDER BY 1, 2"
    )
    assert [tuple(row.values()) for row in states] == [
        ("cancelled", "missed_issue", 1), ("reserved", None, 10), ("sent", None, 29),
    ]  # fmt: skip
    assert fields(skyline) == {}
    rows = await fetch(
        """SELECT e.kind, e.seconds, count(*) AS n, count(DISTINCT e.receipt) AS receipts FROM ledger_event e
           GROUP BY 1, 2 ORDER BY 1"""
    )
    assert [tuple(row.values()) for row in rows] == [("invitation", 15, 29, 29), ("newsletter", 0, 29, 29)]
    # The one whose link was allowed and missed the issue was asked nothing.
    assert (await recompute_burden()).is_equal
    sent = await fetch("SELECT DISTINCT kind, channel, state FROM message")
    assert [tuple(row.values()) for row in sent] == [("invitation", "newsletter", "sent")]
    moved = await fetch("SELECT count(*) AS n FROM unit WHERE last_invited_on IS NOT NULL")
    assert moved[0]["n"] == 29
    # Again, nothing more is counted; and the mails of the others must wait for the issue to be past.
    await tend_links(linked)
    assert len(await fetch("SELECT id FROM message")) == 29
    with pytest.raises(Conflict, match="near to an issue"):
        await send_invitations(slug, linked)
    second = skyline.sandbox.campaigns[press_send(skyline, "The next one")]
    assert all("/s/" not in html + text for html, text in second.sent.values())


async def test_an_issue_that_did_not_go_out_gives_everything_back(
    linked: Settings, skyline: SandboxServer, tmp_path: Path
) -> None:
    await make_readers(linked, skyline, tmp_path, 20)
    slug = await reserve(linked, tmp_path, 10)
    await plan_issue(linked)
    before = await fetch(PLACES)
    await write_links(slug, linked)
    assert len(fields(skyline)) == 10
    # A test to a handful of people is not the issue.
    segment = skyline.sandbox.segments[max(skyline.sandbox.segments)]
    staff = skyline.people.subscribe("staff@example.org")
    test = skyline.people.write_campaign("Test", html=HTML)
    segment.members, kept = {staff.md5}, segment.members
    test.segment = segment.id
    skyline.people.send(test.id)
    segment.members = kept
    await tend_links(linked)
    # Nor is one that goes to everybody without the block in it.
    skyline.people.send(skyline.people.write_campaign("News in a hurry", html="<p>News</p>").id)
    await tend_links(linked)
    assert len(fields(skyline)) == 10
    async with open_newsletter(linked) as newsletter:
        await follow_issues(newsletter, linked, at=datetime.now(UTC) + timedelta(days=1))
    await tend_links(linked)
    assert fields(skyline) == {}
    [row] = await fetch("SELECT DISTINCT state, cancelled_for FROM invitation")
    assert tuple(row.values()) == ("cancelled", "missed_issue")
    assert await fetch(PLACES) == before
    assert await fetch("SELECT id FROM message") == []
    drawn = await draw_wave(slug, linked, n=10, reserve_only=True)
    assert len(drawn.members) == 10


async def test_a_reminder_needs_its_own_receipt_and_answering_takes_the_link_away(
    linked: Settings, skyline: SandboxServer, tmp_path: Path
) -> None:
    await make_readers(linked, skyline, tmp_path, 20)
    slug = await reserve(linked, tmp_path, 10)
    await send_invitations(slug, linked, at=datetime.now(UTC) - timedelta(days=9))
    await fetch("UPDATE message SET state = 'sent', sent_at = now()")
    await plan_issue(linked)
    done = await write_links(slug, linked, kind="reminder")
    assert (done.added, done.confirmed, done.ready) == (10, 10, True)
    first = "(SELECT min(id) FROM invitation)"
    await fetch(f"UPDATE invitation SET state = 'answered', answered_at = now() WHERE id = {first}")
    await tend_links(linked)
    assert len(fields(skyline)) == 9
    press_send(skyline)
    await tend_links(linked)
    assert fields(skyline) == {}
    rows = await fetch("SELECT kind, seconds, count(*) AS n FROM ledger_event GROUP BY 1, 2 ORDER BY 1")
    assert [tuple(row.values()) for row in rows] == [
        ("invitation", 15, 10), ("newsletter", 0, 20), ("reminder", 10, 9),
    ]  # fmt: skip
    assert (await recompute_burden()).is_equal
    # One reminder is the limit: the next issue carries none.
    day = await plan_issue(linked, 14)
    again = await write_links(slug, linked, kind="reminder", issue=day)
    assert (again.added, again.denied) == (0, {"enough_reminders": 9})


async def test_people_who_leave_before_the_issue_get_nothing(
    linked: Settings, skyline: SandboxServer, tmp_path: Path
) -> None:
    await make_readers(linked, skyline, tmp_path, 6)
    slug = await reserve(linked, tmp_path, 6)
    day = await plan_issue(linked, 3)
    assert (await write_links(slug, linked, issue=day)).confirmed == 6
    skyline.people.unsubscribe("person1@example.org")
    skyline.people.archive("person2@example.org")
    skyline.people.forget("person3@example.org")
    skyline.people.change_address("person4@example.org", "person44@example.org")
    await erase_contact("R00005", linked)
    await fetch("UPDATE invitation SET state = 'cancelled', cancelled_at = now() WHERE contact = 6")
    await sync_newsletter(linked, kind="full")
    await tend_links(linked)
    left = {skyline.sandbox.members[md5].email for md5 in fields(skyline)}
    assert left == {"person2@example.org", "person44@example.org"}, (
        "an archived one cannot be written, nor mailed"
    )
    rows = await fetch("SELECT state, count(*) AS n FROM newsletter_link GROUP BY 1 ORDER BY 1")
    assert [tuple(row.values()) for row in rows] == [("cleared", 5), ("confirmed", 1)]
    # The mirror forgets who was erased here, once nothing of theirs stands in Mailchimp.
    await compare_nightly(linked)
    assert await fetch("SELECT id FROM newsletter_member WHERE email = 'person5@example.org'") == []


async def test_the_end_of_a_wave_leaves_nothing(
    linked: Settings, skyline: SandboxServer, tmp_path: Path
) -> None:
    await make_readers(linked, skyline, tmp_path, 12)
    slug = await reserve(linked, tmp_path, 8)
    day = await plan_issue(linked, 6)
    await write_links(slug, linked, issue=day)
    title = await draft_issue(slug, linked)
    assert await draft_issue(slug, linked) == title
    [draft] = skyline.sandbox.campaigns.values()
    assert (draft.status, "*|IF:SURVEYURL|*" in draft.html) == ("save", True)
    done = await clear_links(slug, linked)
    assert (done.cleared, done.standing, done.problem, fields(skyline)) == (8, 0, "", {})
    assert {*(await links_in_the_register()).values()} == {"reserved"}
    assert [len(one.members) for one in skyline.sandbox.segments.values() if not one.field] == [0]
