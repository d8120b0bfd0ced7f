"""A link between its writing and its issue: what takes it away, and that it opens as soon as it is out."""

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from survey_service.db import answer_writer, newsletter_connection, newsletter_link
from survey_service.db.begun_form import FormPart, find_begun_form, store_parts
from survey_service.db.engine import connection
from survey_service.db.submission import Outcome
from survey_service.integrations.mailchimp.sandbox.faults import Fault
from survey_service.integrations.mailchimp.sandbox.server import SandboxServer
from survey_service.services.contacts.recompute_burden import recompute_burden
from survey_service.services.gate.freeze_contact import freeze_contact, thaw_contact
from survey_service.services.messages.send_invitations import send_invitations
from survey_service.services.newsletter.connect_newsletter import connect_newsletter
from survey_service.services.newsletter.draft_issue import blocks_for
from survey_service.services.newsletter.follow_issues import follow_issues
from survey_service.services.newsletter.newsletter_client import open_newsletter
from survey_service.services.newsletter.sync_newsletter import sync_newsletter
from survey_service.services.newsletter.tend_newsletter import tend_links
from survey_service.services.newsletter.work_links import work_links
from survey_service.services.newsletter.write_links import write_links
from survey_service.services.rotation.draw_wave import draw_wave
from survey_service.settings import Settings
from tests.support.client import CheckingClient, running_client
from tests.support.mailchimp import no_waiting, settings_for
from tests.support.make_questionnaire import make_questionnaire
from tests.support.newsletter import TAG, fields, make_readers, plan_issue, press_send, reserve
from tests.support.register import contact_rows, fill_register, open_new_survey
from tests.support.rows import fetch


async def rides() -> list[tuple[str, str]]:
    rows = await fetch("SELECT state, left(problem, 25) AS problem FROM newsletter_ride ORDER BY id")
    return [(str(row["state"]), str(row["problem"])) for row in rows]


async def test_a_freeze_takes_every_link_away_and_so_does_a_pause(
    linked: Settings, skyline: SandboxServer, tmp_path: Path
) -> None:
    await make_readers(linked, skyline, tmp_path, 10)
    slug = await reserve(linked, tmp_path, 8)
    await plan_issue(linked, 3)
    assert (await write_links(slug, linked)).confirmed == 8
    # Allowed, and nothing asked so far: the ledger is what its events come to before, while and after.
    assert (await recompute_burden()).is_equal
    await fetch(
        """UPDATE contact SET state = 'paused', paused_until = '2099-01-01'
           WHERE id = (SELECT min(contact) FROM invitation)"""
    )
    await tend_links(linked)
    assert len(fields(skyline)) == 7
    await freeze_contact("major incident")
    await tend_links(linked)
    assert fields(skyline) == {}
    assert await rides() == [("writing", "Its links were taken away")]
    await thaw_contact()
    again = await write_links(slug, linked)
    assert (again.confirmed, again.ready) == (7, True)
    await fetch("UPDATE survey SET state = 'closed', closed_at = now()")
    await tend_links(linked)
    assert fields(skyline) == {}


async def test_a_member_who_moved_or_went_before_the_link_was_written(
    linked: Settings, skyline: SandboxServer, tmp_path: Path
) -> None:
    await make_readers(linked, skyline, tmp_path, 3)
    slug = await reserve(linked, tmp_path, 3)
    await plan_issue(linked)
    skyline.faults = [Fault(kind="500", method="PATCH", path="members/", times=-1)]
    waiting = await write_links(slug, linked)
    assert (waiting.ready, waiting.confirmed) == (False, 0)
    skyline.faults = []
    # No event told of any of this: writing finds out.
    skyline.people.change_address("person1@example.org", "person11@example.org")
    skyline.people.forget("person2@example.org")
    for _ in range(3):
        await fetch("UPDATE newsletter_link SET next_try_at = now()")
        await tend_links(linked)
    rows = await fetch("SELECT state, count(*) AS n FROM newsletter_link GROUP BY 1 ORDER BY 1")
    assert [tuple(row.values()) for row in rows] == [("cleared", 1), ("confirmed", 2)]
    assert "person2@example.org" not in {skyline.sandbox.members[md5].email for md5 in fields(skyline)}
    assert len(await fetch("SELECT id FROM newsletter_tombstone")) >= 1


async def test_a_wrong_address_of_the_api_stops_and_says_so(linked: Settings, skyline: SandboxServer) -> None:
    skyline.faults = [Fault(kind="426", times=-1)]
    with pytest.raises(Exception, match="https"):
        await sync_newsletter(linked)
    found = await newsletter_connection.find_connection()
    assert found is not None
    assert found.state == "misconfigured"
    skyline.faults = []
    await connect_newsletter(linked, with_hook=False)
    found = await newsletter_connection.find_connection()
    assert found is not None
    assert found.state == "ok"


async def test_who_comes_into_the_register_later_is_found_by_the_next_pull(
    linked: Settings, skyline: SandboxServer, tmp_path: Path
) -> None:
    skyline.people.seed([{"email": "person2@example.org", "status": "unsubscribed"}])
    await sync_newsletter(linked)
    await fill_register(tmp_path, linked, contact_rows(3, consent_newsletter="yes"))
    await sync_newsletter(linked)
    rows = await fetch(
        """SELECT c.reference, s.is_granted FROM newsletter_member m JOIN contact c ON c.id = m.contact
           JOIN consent s ON s.contact = c.id AND s.purpose = 'newsletter'"""
    )
    assert [tuple(row.values()) for row in rows] == [("R00002", False)]


@pytest.fixture
async def client(settings: Settings, skyline: SandboxServer) -> AsyncIterator[CheckingClient]:
    async with no_waiting(), running_client(settings_for(settings, skyline)) as opened:
        yield opened


async def test_a_link_opens_as_soon_as_the_issue_is_out(
    client: CheckingClient,
    settings: Settings,
    skyline: SandboxServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Readers click within seconds; that the issue is out is heard a little later."""
    chosen = settings_for(settings, skyline)
    await connect_newsletter(chosen, with_hook=False)
    await make_readers(chosen, skyline, tmp_path, 6)
    slug = await reserve(chosen, tmp_path, 4)
    path = "/s/" + "A" * 22 + "/en"
    assert (await client.get(path)).status_code == 404
    await plan_issue(chosen)
    found = await newsletter_connection.find_connection()
    assert found is not None
    assert await newsletter_link.count_standing(found.id) == (0, 0)
    await write_links(slug, chosen)
    links = fields(skyline)
    link = next(iter(links.values())).removeprefix(chosen.public_url)
    press_send(skyline)
    await asyncio.sleep(1.1)  # their times are whole seconds
    early = await client.get(link)
    assert early.status_code == 200
    assert 'method="post"' in early.text
    monkeypatch.setattr(answer_writer, "PATIENCE", 0.2)
    answers = {"q1": "yes"}
    # Taken for good at once, and said so; counted when we hear of the issue.
    assert (await client.post(link, data=answers)).status_code == 303
    again = await client.get(link)
    assert (again.status_code, 'method="post"' in again.text) == (200, False)
    assert (await client.post(link, data=answers)).status_code != 503
    assert len(await fetch("SELECT FROM early_answer")) == 1
    assert await fetch("SELECT FROM response") == []
    # The reader leaves Skyline, and the field is emptied before we hear of the issue.
    hasty, later = list(fields(skyline))[1:3]
    skyline.people.unsubscribe(skyline.sandbox.members[hasty].email)
    await sync_newsletter(chosen)
    async with open_newsletter(chosen) as newsletter:
        await work_links(newsletter, chosen)
    assert hasty not in fields(skyline)
    left = next(link for md5, link in links.items() if md5 == hasty).removeprefix(chosen.public_url)
    assert (await client.post(left, data=answers)).status_code == 303
    await tend_links(chosen)
    rows = await fetch("SELECT state, count(*) AS n FROM invitation GROUP BY 1 ORDER BY 1")
    assert [tuple(row.values()) for row in rows] == [("answered", 2), ("sent", 2)]
    assert await fetch("SELECT FROM early_answer") == []
    rows = await fetch(
        "SELECT kind, seconds > 0 AS paid, count(*) AS n FROM ledger_event GROUP BY 1, 2 ORDER BY 1"
    )
    assert [tuple(row.values()) for row in rows] == [
        ("answer", True, 2), ("invitation", True, 4), ("newsletter", False, 5),
    ]  # fmt: skip
    assert len(await fetch("SELECT FROM message")) == 4
    assert later not in fields(skyline)


async def test_answers_from_a_preview_are_not_counted_when_the_issue_never_goes_out(
    client: CheckingClient, settings: Settings, skyline: SandboxServer, tmp_path: Path
) -> None:
    chosen = settings_for(settings, skyline)
    await connect_newsletter(chosen, with_hook=False)
    await make_readers(chosen, skyline, tmp_path, 6)
    slug = await reserve(chosen, tmp_path, 4)
    await plan_issue(chosen)
    await write_links(slug, chosen)
    link = next(iter(fields(skyline).values())).removeprefix(chosen.public_url)
    assert (await client.post(link, data={"q1": "yes"})).status_code == 303
    async with open_newsletter(chosen) as newsletter:
        await follow_issues(newsletter, chosen, at=datetime.now(UTC) + timedelta(days=1))
    assert await fetch("SELECT FROM early_answer") == []
    assert await fetch("SELECT FROM response") == []
    [alarm] = await fetch("SELECT kind FROM newsletter_alarm WHERE ended_at IS NULL")
    assert alarm["kind"] == "early_answers"
    assert await fetch("SELECT FROM ledger_event") == []


@pytest.mark.parametrize("hears_of_it_first", [True, False])
async def test_an_answer_at_the_last_second_before_a_reminder(
    client: CheckingClient,
    settings: Settings,
    skyline: SandboxServer,
    tmp_path: Path,
    hears_of_it_first: bool,
) -> None:
    """Cleared before the issue: no reminder was sent. Not yet: one was, and it is counted as one."""
    chosen = settings_for(settings, skyline)
    await connect_newsletter(chosen, with_hook=False)
    await make_readers(chosen, skyline, tmp_path, 6)
    slug = await reserve(chosen, tmp_path, 4)
    await send_invitations(slug, chosen, at=datetime.now(UTC) - timedelta(days=9))
    await fetch("UPDATE message SET state = 'sent', sent_at = now() - interval '9 days'")
    await plan_issue(chosen)
    assert (await write_links(slug, chosen, kind="reminder")).ready
    who, link = next(iter(fields(skyline).items()))
    assert (await client.post(link.removeprefix(chosen.public_url), data={"q1": "yes"})).status_code == 303
    if hears_of_it_first:
        await tend_links(chosen)
        assert who not in fields(skyline)
    campaign = skyline.sandbox.campaigns[press_send(skyline)]
    assert ("/s/" in campaign.sent[who][0]) is not hears_of_it_first
    await asyncio.sleep(1.1)  # their times are whole seconds
    async with open_newsletter(chosen) as newsletter:
        await work_links(newsletter, chosen)  # who answered first, before the calendar is looked at
    await tend_links(chosen)
    assert fields(skyline) == {}
    [row] = await fetch("SELECT count(*) AS n FROM ledger_event WHERE kind = 'reminder'")
    assert row["n"] == (3 if hears_of_it_first else 4)
    [row] = await fetch("SELECT count(*) AS n FROM invitation WHERE state = 'answered'")
    assert row["n"] == 1
    again = skyline.sandbox.campaigns[press_send(skyline, "The next one")]
    assert all("/s/" not in html + text for html, text in again.sent.values())


async def test_a_page_of_a_longer_form_is_kept_before_we_hear_of_the_issue(
    linked: Settings, skyline: SandboxServer, tmp_path: Path
) -> None:
    await make_readers(linked, skyline, tmp_path, 3)
    slug = await reserve(linked, tmp_path, 2)
    await plan_issue(linked)
    rows = await fetch("SELECT i.token_hash, w.survey FROM invitation i JOIN wave w ON w.id = i.wave")
    token_hash, survey = rows[0]["token_hash"], rows[0]["survey"]
    assert isinstance(token_hash, bytes)
    assert isinstance(survey, int)
    part = FormPart(
        token_hash=token_hash, key_hash=b"k" * 32, survey=survey, language="en", page=2,
        privacy_notice_version="1", posted="{}", at=datetime.now(UTC),
    )  # fmt: skip
    async with connection() as lent:
        assert await store_parts(lent, [part]) == [Outcome.CANCELLED], "no link of it was ever in a field"
        await write_links(slug, linked)
        press_send(skyline)
        assert await store_parts(lent, [part]) == [Outcome.STORED]
    begun = await find_begun_form(part.token_hash, part.key_hash)
    assert begun is not None


async def test_the_variant_for_one_question_leads_to_that_question_and_one_button(
    client: CheckingClient, settings: Settings, skyline: SandboxServer, tmp_path: Path
) -> None:
    """An answer never travels in an address: the mail shows the question, the page takes the answer."""
    chosen = settings_for(settings, skyline)
    await connect_newsletter(chosen, with_hook=False)
    await make_readers(chosen, skyline, tmp_path, 4)
    slug = await open_new_survey(tmp_path, "one", make_questionnaire(name="one", blocks=()))
    await draw_wave(slug, chosen, n=3, reserve_only=True)
    await plan_issue(chosen)
    await write_links(slug, chosen)
    _, question = await blocks_for(slug, chosen, tag=TAG)
    assert question is not None
    campaign = skyline.people.write_campaign("Skyline", html=question.html, text=question.text)
    skyline.people.send(campaign.id)
    md5, link = next(iter(fields(skyline).items()))
    html, text = skyline.sandbox.campaigns[campaign.id].sent[md5]
    assert re.findall(r'href="([^"]+)"', html) == [link], "one link, and nothing in it beside the token"
    assert text.count(link) == 1
    page = (await client.get(link.removeprefix(chosen.public_url))).text
    asked = re.findall(r'<(?:input|select|textarea)[^>]*name="(q\d+)"', page)
    assert set(asked) == {"q1"}
    assert re.findall(r"<h1[^>]*>|<legend", page).index("<legend") <= 1
    # Beside the languages there is one button.
    assert len(re.findall(r'<button[^>]*class="govuk-button"', page)) == 1
    answered = await client.post(link.removeprefix(chosen.public_url), data={"q1": "yes"})
    assert answered.status_code == 303
    # A survey of several questions has no such block: it would promise less than it asks.
    several = await open_new_survey(tmp_path, "several")
    assert (await blocks_for(several, chosen, tag=TAG))[1] is None
