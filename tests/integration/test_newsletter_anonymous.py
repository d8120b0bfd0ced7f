"""What Mailchimp learns of an anonymous survey: never that somebody responded, and no moment of answering."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

from survey_service.domain.anonymity import end_of_day
from survey_service.integrations.mailchimp.sandbox.server import SandboxServer
from survey_service.integrations.mailchimp.sandbox.state import md5_of
from survey_service.services.messages.send_invitations import send_invitations
from survey_service.services.newsletter.connect_newsletter import connect_newsletter
from survey_service.services.newsletter.tend_newsletter import compare_nightly, tend_links
from survey_service.services.newsletter.write_links import write_links
from survey_service.settings import Settings
from tests.support.client import CheckingClient
from tests.support.long_form import Walk
from tests.support.mailchimp import settings_for
from tests.support.newsletter import fields, make_readers, plan_issue, press_send, reserve
from tests.support.rows import fetch


async def test_used_links_go_together_at_night_and_no_tag_says_who_answered(
    linked: Settings, skyline: SandboxServer, tmp_path: Path
) -> None:
    await make_readers(linked, skyline, tmp_path, 20)
    slug = await reserve(linked, tmp_path, 10)
    await fetch("UPDATE survey SET is_anonymous = true")
    await send_invitations(slug, linked, at=datetime.now(UTC) - timedelta(days=9))
    await fetch("UPDATE message SET state = 'sent', sent_at = now()")
    await plan_issue(linked)
    assert (await write_links(slug, linked, kind="reminder")).confirmed == 10
    before = len(skyline.log)
    people = await fetch(
        """SELECT i.id, d.email FROM invitation i JOIN contact_detail d ON d.contact = i.contact
           ORDER BY i.id LIMIT 8"""
    )
    for person in people:
        # As db/sealed_answer.py notes a used link: its day, no more.
        await fetch(
            "UPDATE invitation SET state = 'answered', answered_at = $2 WHERE id = $1",
            person["id"],
            end_of_day(datetime.now(UTC)),
        )
        await tend_links(linked)
    assert len(fields(skyline)) == 10, "no link goes at the moment somebody answers"
    assert not [one for one in skyline.log[before:] if one.method in ("PATCH", "POST")]
    await compare_nightly(linked)
    standing = fields(skyline)
    answered = [md5_of(str(person["email"])) for person in people]
    assert len(standing) == 2
    assert not set(standing) & set(answered)
    cleared = [one.path for one in skyline.log[before:] if one.method == "PATCH" and "/members/" in one.path]
    order = [next(md5 for md5 in answered if md5 in path) for path in cleared]
    assert sorted(order) == sorted(answered)
    assert order != answered, "in an order that says nothing (one chance in 40,320)"
    # In all of it, from the first link on, no call that tags anybody.
    assert not [one for one in skyline.log if "/tags" in one.path or "responded" in str(one)]


async def test_an_answer_by_a_link_of_an_issue_nobody_has_heard_of_waits_sealed(
    client: CheckingClient, settings: Settings, skyline: SandboxServer, tmp_path: Path
) -> None:
    linked = settings_for(settings, skyline)
    await connect_newsletter(linked, with_hook=False)
    await make_readers(linked, skyline, tmp_path, 6)
    slug = await reserve(linked, tmp_path, 4)
    await fetch("UPDATE survey SET is_anonymous = true")
    await fetch(
        """UPDATE questionnaire_version SET definition = definition || '{"is_anonymous": true}'::jsonb"""
    )
    await plan_issue(linked)
    assert (await write_links(slug, linked)).confirmed == 4
    link = next(iter(fields(skyline).values())).removeprefix(linked.public_url)
    press_send(skyline)
    await asyncio.sleep(1.1)  # their times are whole seconds
    walk = await Walk(client, link).open()
    await walk.send(q1="yes")
    assert walk.status == 303
    [early] = await fetch("SELECT submission FROM early_answer")
    assert b"yes" not in bytes(early["submission"])  # type: ignore[arg-type]
    await tend_links(linked)
    assert await fetch("SELECT 1 FROM early_answer UNION ALL SELECT 1 FROM response") == []
    assert len(await fetch("SELECT 1 FROM sealed_answer")) == 1
    [answered] = await fetch("SELECT answered_at > sent_at AS later FROM invitation WHERE state = 'answered'")
    assert answered["later"]
