"""What Mailchimp refuses, row by row: what waits is kept, who is protected is left alone, and it is said."""

from datetime import timedelta
from pathlib import Path

import pytest

from survey_service.domain.errors import Conflict
from survey_service.integrations.mailchimp.errors import KeyRefused
from survey_service.integrations.mailchimp.port import md5_of
from survey_service.integrations.mailchimp.sandbox.faults import Fault
from survey_service.integrations.mailchimp.sandbox.server import SandboxServer
from survey_service.services.gate.freeze_contact import freeze_contact
from survey_service.services.newsletter.clear_links import clear_links
from survey_service.services.newsletter.connect_newsletter import connect_newsletter
from survey_service.services.newsletter.newsletter_client import open_newsletter
from survey_service.services.newsletter.sync_newsletter import sync_newsletter
from survey_service.services.newsletter.tend_newsletter import compare_nightly, tend_links
from survey_service.services.newsletter.verify_links import verify_ride
from survey_service.services.newsletter.write_links import write_links
from survey_service.settings import Settings
from tests.support.newsletter import (
    TAG,
    fields,
    links_in_the_register,
    make_readers,
    plan_issue,
    reserve,
)
from tests.support.rows import fetch


async def states() -> dict[str, int]:
    """How many links are how far."""
    rows = await fetch("SELECT state, count(*) AS n FROM newsletter_link GROUP BY 1")
    return {str(row["state"]): int(str(row["n"])) for row in rows}


async def alarms() -> set[str]:
    """The kinds of those that are open."""
    rows = await fetch("SELECT kind FROM newsletter_alarm WHERE ended_at IS NULL")
    return {str(row["kind"]) for row in rows}


async def state_of_the_connection() -> str:
    [row] = await fetch("SELECT state FROM newsletter_connection")
    return str(row["state"])


async def test_what_is_too_much_or_unanswered_waits_and_goes_on(
    linked: Settings, skyline: SandboxServer, tmp_path: Path
) -> None:
    await make_readers(linked, skyline, tmp_path, 8)
    slug = await reserve(linked, tmp_path, 6)
    await plan_issue(linked)
    for kind in ("429", "429_bare", "403_bare", "500_empty", "502_html", "bad_json"):
        skyline.faults = [Fault(kind=kind, method="PATCH", path="members/", times=-1)]
        done = await write_links(slug, linked)
        assert (done.ready, done.refused, done.problem) == (False, 0, "6 links are not written yet."), kind
        assert await states() == {"wanted": 6}, kind
        assert await state_of_the_connection() == "ok"
        rows = await fetch("SELECT min(next_try_at) > now() AS later FROM newsletter_link")
        assert rows[0]["later"] is True
        await fetch("UPDATE newsletter_link SET next_try_at = now()")
    skyline.faults = []
    await tend_links(linked)
    assert (await states(), len(fields(skyline))) == ({"confirmed": 6}, 6)
    [ride] = await fetch("SELECT state FROM newsletter_ride")
    assert ride["state"] == "ready"


async def test_a_key_that_may_not_stops_keeps_what_waits_and_is_resumed_by_hand(
    linked: Settings, skyline: SandboxServer, tmp_path: Path
) -> None:
    await make_readers(linked, skyline, tmp_path, 8)
    slug = await reserve(linked, tmp_path, 6)
    await plan_issue(linked)
    for kind in ("403", "401"):
        skyline.faults = [Fault(kind=kind, method="PATCH", path="members/", times=-1)]
        before = len(skyline.log)
        with pytest.raises(KeyRefused):
            await write_links(slug, linked)
        assert sum(one.method == "PATCH" for one in skyline.log[before:]) <= 6
        assert (await state_of_the_connection(), await states()) == ("unauthorised", {"wanted": 6})
        assert await alarms() == {"stopped"}
        asked = len(skyline.log)
        await tend_links(linked)
        assert len(skyline.log) == asked, "nothing tries a bad key over and over"
        skyline.faults = []
        await connect_newsletter(linked, with_hook=False)
        assert await alarms() == set()
    await tend_links(linked)
    assert await states() == {"confirmed": 6}


async def test_who_mailchimp_refuses_is_left_alone(
    linked: Settings, skyline: SandboxServer, tmp_path: Path
) -> None:
    await make_readers(linked, skyline, tmp_path, 6)
    slug = await reserve(linked, tmp_path, 6)
    day = await plan_issue(linked)
    kinds = ("400_merge", "400_compliance", "400_fake")
    names = [md5_of(f"person{number}@example.org") for number in (1, 2, 3)]
    await sync_newsletter(linked)
    skyline.people.archive("person4@example.org")  # nobody has told us: 405 does
    skyline.faults = [
        Fault(kind=kind, method="PATCH", path=f"members/{md5}", times=-1)
        for kind, md5 in zip(kinds, names, strict=True)
    ]
    await fetch("UPDATE newsletter_connection SET cursor = '2099-01-01T00:00:00+00:00'")
    done = await write_links(slug, linked)
    assert (done.ready, done.confirmed, done.refused) == (True, 2, 4)
    rows = await fetch("SELECT error FROM newsletter_link WHERE state = 'refused' ORDER BY error")
    assert [row["error"] for row in rows] == [
        "Mailchimp said 400 (Invalid Resource).",
        "Mailchimp said 400 (Member In Compliance State).",
        "SURVEYURL: Please enter a valid URL",
        "archived",
    ]
    assert await alarms() == {"consent"}
    protected = {md5_of(f"person{number}@example.org") for number in (2, 3, 4)}
    skyline.faults = []
    await sync_newsletter(linked, kind="full")
    rows = await fetch("SELECT md5, suppressed_for FROM newsletter_member WHERE suppressed_at IS NOT NULL")
    assert {str(row["md5"]): row["suppressed_for"] for row in rows} == dict(
        zip(sorted(protected), (["refused"] * 3), strict=True)
    ) | {md5_of("person4@example.org"): "archived"}
    rows = await fetch(
        """SELECT m.md5 FROM consent s JOIN newsletter_member m ON m.contact = s.contact
           WHERE s.purpose = 'newsletter' AND NOT s.is_granted"""
    )
    assert {row["md5"] for row in rows} == protected
    # Nothing more is sent for them, by any wish; until they sign up anew themselves.
    before = len(skyline.log)
    again = await write_links(slug, linked)
    assert (again.added, again.issue) == (1, day), "whose link was refused for the link's sake may be tried"
    assert not any(name in one.path for one in skyline.log[before:] for name in protected)
    skyline.people.subscribe("person2@example.org")
    await sync_newsletter(linked)
    rows = await fetch("SELECT suppressed_at FROM newsletter_member WHERE md5 = $1", names[1])
    assert rows[0]["suppressed_at"] is None


async def test_an_answer_with_errors_in_it_is_never_counted_as_done(
    linked: Settings, skyline: SandboxServer, tmp_path: Path
) -> None:
    """A segment takes those it knows, names the others, and says 200."""
    await make_readers(linked, skyline, tmp_path, 8)
    slug = await reserve(linked, tmp_path, 6)
    await plan_issue(linked)
    assert (await write_links(slug, linked)).ready
    md5 = next(iter(fields(skyline)))
    skyline.people.unsubscribe(skyline.sandbox.members[md5].email)
    skyline.sandbox.drop(skyline.sandbox.members[md5])
    [row] = await fetch("SELECT id FROM newsletter_ride")
    async with open_newsletter(linked) as newsletter:
        ride = await verify_ride(newsletter, int(str(row["id"])), linked)
    assert (ride.state, ride.ready_at is not None) == ("writing", True)
    assert "The segment holds 5 people, 6 are meant." in ride.problem
    assert "Mailchimp left some out of the segment" in ride.problem
    assert "@" not in ride.problem


async def test_who_said_no_here_is_not_made_to_say_yes_by_a_mirror_made_anew(
    linked: Settings, skyline: SandboxServer, tmp_path: Path
) -> None:
    await make_readers(linked, skyline, tmp_path, 2)
    skyline.people.change("person2@example.org", opted_at="2026-01-01T00:00:00+00:00")
    await sync_newsletter(linked)
    await fetch(
        """UPDATE consent SET is_granted = false, source = 'own page', at = now() - interval '1 day'
           WHERE purpose = 'newsletter'"""
    )
    await fetch("DELETE FROM newsletter_member")
    await sync_newsletter(linked, kind="full")
    said = "SELECT contact FROM consent WHERE purpose = 'newsletter' AND is_granted"
    assert await fetch(said) == []
    skyline.people.subscribe("person1@example.org")
    await sync_newsletter(linked)
    assert len(await fetch(said)) == 1


async def test_what_stands_in_the_way_is_said(
    linked: Settings, skyline: SandboxServer, tmp_path: Path
) -> None:
    await make_readers(linked, skyline, tmp_path, 8)
    slug = await reserve(linked, tmp_path, 6)
    with pytest.raises(Conflict, match="skyline add"):
        await write_links(slug, linked)
    day = await plan_issue(linked, 2)
    with pytest.raises(Conflict, match=day.isoformat()):
        await write_links(slug, linked, issue=day + timedelta(days=1))
    fields_before, skyline.sandbox.merge_fields = skyline.sandbox.merge_fields, []
    with pytest.raises(Conflict, match="mailchimp connect"):
        await write_links(slug, linked)
    skyline.sandbox.merge_fields = fields_before
    await connect_newsletter(linked, with_hook=False)
    skyline.sandbox.switches.url_bytes = 40
    short = await write_links(slug, linked)
    assert (short.ready, short.refused, fields(skyline)) == (False, 6, {})
    assert "Nobody" in short.problem
    skyline.sandbox.switches.url_bytes = 255
    skyline.faults = [Fault(kind="401", method="PATCH", path="members/", times=-1)]
    with pytest.raises(KeyRefused):
        await write_links(slug, linked)
    [row] = await fetch("SELECT count(*) AS n FROM newsletter_link WHERE state = 'wanted'")
    assert row["n"] == 6, "what waits is kept"
    skyline.faults = []
    await connect_newsletter(linked, with_hook=False)
    # Something else in the field than our links: the editors are not told to send.
    drawn = await links_in_the_register()
    stranger = next(one for one in skyline.sandbox.members.values() if one.md5 not in drawn)
    stranger.merge_fields = {TAG: "https://elsewhere.example"}
    assert "7 people have something in the field, 6 are meant." in (await write_links(slug, linked)).problem
    stranger.merge_fields = {}
    assert (await write_links(slug, linked)).ready
    await freeze_contact("incident")
    with pytest.raises(Conflict, match="frozen"):
        await write_links(slug, linked)


async def test_a_request_that_lands_after_its_link_was_taken_away(
    linked: Settings, skyline: SandboxServer, tmp_path: Path
) -> None:
    """Given up here, done there, later than the request that emptied the field: no link may stand unseen."""
    await make_readers(linked, skyline, tmp_path, 8)
    slug = await reserve(linked, tmp_path, 6)
    await plan_issue(linked)
    await write_links(slug, linked)
    standing = fields(skyline)
    md5, link = next(iter(standing.items()))
    await clear_links(slug, linked)
    assert fields(skyline) == {}
    skyline.sandbox.members[md5].merge_fields = {TAG: link}
    await compare_nightly(linked)
    assert (fields(skyline), await alarms()) == ({}, set())
    # What is not of ours is left to people.
    stranger = next(one for one in skyline.sandbox.members if one not in standing)
    skyline.sandbox.members[stranger].merge_fields = {TAG: "https://elsewhere.example"}
    await compare_nightly(linked)
    assert (len(fields(skyline)), await alarms()) == (1, {"links_standing"})
