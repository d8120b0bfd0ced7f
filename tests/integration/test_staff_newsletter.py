"""The newsletter for staff: how it is, what its fields mean, and the blocks for editors."""

import time
from collections.abc import AsyncIterator
from html import unescape
from pathlib import Path

import pytest

from survey_service.db import newsletter_connection
from survey_service.domain.newsletter_mapping import Mapping
from survey_service.integrations.mailchimp.errors import KeyRefused, Misconfigured
from survey_service.integrations.mailchimp.sandbox.faults import Fault
from survey_service.integrations.mailchimp.sandbox.server import SandboxServer
from survey_service.services.newsletter import newsletter_client
from survey_service.services.newsletter.connect_newsletter import check_hook, connect_newsletter
from survey_service.services.newsletter.sync_newsletter import sync_newsletter
from survey_service.services.newsletter.write_links import write_links
from survey_service.settings import Settings
from tests.support.client import CheckingClient, running_client
from tests.support.mailchimp import made_members, no_waiting, settings_for
from tests.support.newsletter import fields, make_readers, plan_issue, reserve
from tests.support.rows import fetch
from tests.support.staff import audited, csrf_of, make_staff, sign_in_as

MAPPING = "/staff/newsletter/mapping"


@pytest.fixture
async def client(settings: Settings, skyline: SandboxServer) -> AsyncIterator[CheckingClient]:
    async with no_waiting(), running_client(settings_for(settings, skyline)) as opened:
        await make_staff("ann@example.org", role="admin", department="Parks")
        await make_staff("vic@example.org", role="viewer", department="Parks")
        yield opened


async def test_the_page_says_how_the_connection_is(
    client: CheckingClient, settings: Settings, skyline: SandboxServer, tmp_path: Path
) -> None:
    chosen = settings_for(settings, skyline)
    await sign_in_as(client, "vic@example.org")
    assert (await client.get("/staff/newsletter")).status_code == 403
    await sign_in_as(client)
    assert "not connected" in (await client.get("/staff/newsletter")).text
    assert (await client.get(MAPPING)).status_code == 409
    await connect_newsletter(chosen, with_hook=False)
    await make_readers(chosen, skyline, tmp_path, 30)
    skyline.people.seed({"email": f"gone{one}@example.org", "status": "cleaned"} for one in range(5))
    slug = await reserve(chosen, tmp_path, 12)
    day = await plan_issue(chosen, 2)
    await write_links(slug, chosen, issue=day)
    assert len(fields(skyline)) == 12
    page = (await client.get("/staff/newsletter")).text
    assert "newsletter.refused_viewed" not in await audited()
    await fetch("UPDATE newsletter_link SET state = 'refused', error = 'gone' WHERE id = 1")
    refused = (await client.get("/staff/newsletter")).text
    assert "Link of parks to R000" in refused
    assert "newsletter.refused_viewed" in await audited(), "whose references were seen is noted"
    await fetch("UPDATE newsletter_link SET state = 'confirmed', error = '' WHERE id = 1")
    for words in (
        "Skyline (5ebd6d2f1c)",
        "In order",
        "Mail comes back",
        "Ready to send",
        "30 of them are in",
    ):
        assert words in page, words
    assert "example.org" not in page
    blocks = unescape((await client.get(f"/staff/newsletter/blocks/{slug}")).text)
    assert "are ready: 12 people" in blocks
    assert "*|IF:SURVEYURL|*" in blocks
    assert blocks.count("*|END:IF|*") == 2
    skyline.faults = [Fault(kind="401", times=-1)]
    refused = await client.get(MAPPING)
    assert "SURVEY_MAILCHIMP_API_KEY" in refused.text
    looked = (await client.get("/staff/newsletter")).text
    assert "The connection is stopped" not in looked, "looking changes nothing"
    with pytest.raises(KeyRefused):
        await sync_newsletter(chosen)
    stopped = (await client.get("/staff/newsletter")).text
    assert "The connection is stopped" in stopped
    assert "SURVEY_MAILCHIMP_API_KEY" in stopped
    ordered = await client.post(
        "/staff/newsletter/pull",
        data={"csrf_token": csrf_of(stopped)},
        headers={"sec-fetch-site": "same-origin"},
    )
    assert ordered.status_code == 303
    jobs = await fetch("SELECT task_name FROM procrastinate_jobs WHERE task_name = 'newsletter:pull_changes'")
    assert len(jobs) == 1


async def look(client: CheckingClient) -> str:
    """The mapping page, and that it came in time."""
    began = time.monotonic()
    answer = await client.get(MAPPING)
    assert (answer.status_code, time.monotonic() - began < 3) == (200, True)
    return unescape(answer.text)


FAILURES = (
    (Fault(kind="drop", times=-1), "did not answer"),
    (Fault(kind="slow", times=-1, seconds=3.0), "did not answer"),
    (Fault(kind="502_html", times=-1), "Mailchimp said 502"),
    (Fault(kind="429_bare", times=-1), "Mailchimp said 429"),
    (Fault(kind="401", times=-1), "SURVEY_MAILCHIMP_API_KEY"),
)


async def test_no_page_hangs_whatever_mailchimp_does(
    client: CheckingClient, settings: Settings, skyline: SandboxServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(newsletter_client, "PAGE_TIMEOUT", (0.5, 0.5))
    chosen = settings_for(settings, skyline)
    skyline.people.make_field("AUDIENCE", "You are")
    await connect_newsletter(chosen, with_hook=False)
    found = await newsletter_connection.find_connection()
    assert found is not None
    await newsletter_connection.set_mapping(
        found.id, Mapping(audience_field="AUDIENCE", audiences={"at work": "worker"})
    )
    await sign_in_as(client)
    live = await look(client)
    assert "Show what this does" in live
    form = {"csrf_token": csrf_of(live), "audience_field": "", "do": "save"}
    for fault, words in FAILURES:
        skyline.faults = [fault]
        page = await look(client)
        for said in (words, "What holds now", "You are (AUDIENCE)", "at work = worker", "Seen "):
            assert said in page, (fault.kind, said)
        assert "Show what this does" not in page
        refused = await client.post(MAPPING, data=form, headers={"sec-fetch-site": "same-origin"})
        assert refused.status_code == 200, "the page again, and nothing saved"
    skyline.faults = []
    mapping = (await newsletter_connection.find_connection() or found).mapping
    assert mapping.audience_field == "AUDIENCE"


async def test_a_wrong_list_and_a_missing_field_say_what_to_do(
    client: CheckingClient, settings: Settings, skyline: SandboxServer
) -> None:
    chosen = settings_for(settings, skyline)
    await connect_newsletter(chosen, with_hook=False)
    skyline.people.seed(made_members(6))
    await sync_newsletter(chosen)
    await sign_in_as(client)
    skyline.sandbox.switches.list_is_there = False
    assert "connect --list" in await look(client)
    # What a page only shows, a pull acts on; and nobody is gone because the list is.
    with pytest.raises(Misconfigured, match="not in this account"):
        await sync_newsletter(chosen)
    assert len(await fetch("SELECT FROM newsletter_member")) == 6
    assert "The connection is stopped" in (await client.get("/staff/newsletter")).text
    assert "The connection is stopped" in await look(client)
    skyline.sandbox.switches.list_is_there = True
    await connect_newsletter(chosen, with_hook=False)
    fields_before = skyline.sandbox.merge_fields
    skyline.sandbox.merge_fields = [one for one in fields_before if one["tag"] != "SURVEYURL"]
    assert "no field for survey links any more" in await look(client)
    await check_hook(chosen)
    page = (await client.get("/staff/newsletter")).text
    assert "The list has no merge field SURVEYURL" in page
    assert "It makes the field again." in page
    await connect_newsletter(chosen, with_hook=False)
    page = unescape((await client.get("/staff/newsletter")).text)
    assert page.index("Alarms of the last seven days") < page.index("The list has no merge field SURVEYURL")


async def test_a_mapping_is_shown_before_it_is_taken_into_use(
    client: CheckingClient, settings: Settings, skyline: SandboxServer
) -> None:
    chosen = settings_for(settings, skyline)
    await connect_newsletter(chosen, with_hook=False)
    skyline.people.make_field("AUDIENCE", "You are")
    skyline.sandbox.permissions = {"p1": "Surveys of the force"}
    skyline.sandbox.interests = [{"id": "i1", "name": "Fraud news", "group": "Topics"}]
    skyline.people.seed(made_members(6, merge_fields={"AUDIENCE": "Living here"}, permissions={"p1": True}))
    skyline.people.seed([{"email": "odd@example.org", "merge_fields": {"AUDIENCE": "Passing by"}}])
    await sync_newsletter(chosen)
    await sign_in_as(client)
    page = await client.get(MAPPING)
    form = {
        "csrf_token": csrf_of(page.text), "audience_field": "AUDIENCE", "survey_permission": "p1",
        "audiences": "living HERE = resident\nnonsense", "topic-i1": "fraud", "takes_newcomers": "yes",
        "language_field": "NOSUCH", "do": "show",
    }  # fmt: skip
    site = {"sec-fetch-site": "same-origin"}
    wrong = await client.post(MAPPING, data=form, headers=site)
    assert (wrong.status_code, "“nonsense” is none of that" in wrong.text) == (409, True)
    unknown = await client.post(MAPPING, data=form | {"audiences": "x = martian"}, headers=site)
    assert "no audience “martian”" in unknown.text
    form["audiences"] = "living HERE = resident"
    shown = await client.post(MAPPING, data=form, headers=site)
    assert shown.status_code == 200
    text = unescape(shown.text)
    assert "What it makes of 7 members" in text
    assert "resident: 6" in text
    assert "passing by" in text
    assert "example.org" not in text
    found = await newsletter_connection.find_connection()
    assert found is not None
    assert found.mapping.audience_field == "", "showing changes nothing"
    saved = await client.post(MAPPING, data=form | {"do": "save"}, headers=site)
    assert saved.status_code == 303
    result = await sync_newsletter(chosen)
    assert (result.kind, result.joined) == ("full", 6)
    [row] = await fetch("SELECT count(*) AS n FROM contact WHERE reference LIKE 'mc-%'")
    assert row["n"] == 6
    refused = (await client.get("/staff/newsletter")).text
    assert "which no audience is mapped to" in unescape(refused)
    await sign_in_as(client, "vic@example.org")
    assert (await client.get(MAPPING)).status_code in (403, 409)
