"""Looking for people and at one of them: who may, what is shown, what is noted."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from survey_service.settings import Settings
from tests.support.client import CheckingClient, running_client
from tests.support.make import MadeContact, insert, make_contact, make_invitation, make_survey
from tests.support.rows import fetch
from tests.support.staff import audited, csrf_of, make_staff, sign_in_as


@pytest.fixture
async def client(settings: Settings) -> AsyncIterator[CheckingClient]:
    """The running application with somebody of communications signed in."""
    async with running_client(settings) as opened:
        await make_staff()
        await sign_in_as(opened)
        yield opened


async def make_named(name: str, **overrides: object) -> MadeContact:
    """A contact with a name, an address made of it, and consent to be asked."""
    contact = await make_contact(**overrides)
    email = f"{name.split()[0].lower()}.{contact.id}@Example.org"
    detail = {"contact": contact.id, "name": name, "email": email, "email_key": email.lower()}
    await insert("contact_detail", detail)
    await insert(
        "consent",
        {
            "contact": contact.id,
            "purpose": "survey",
            "is_granted": True,
            "source": "sign-up",
            "at": datetime.now(UTC),
        },
    )
    return contact


async def search(client: CheckingClient, beginning: str, **fields: str) -> httpx.Response:
    token = csrf_of((await client.get("/staff/contacts")).text)
    return await client.post(
        "/staff/contacts",
        data={"csrf_token": token, "beginning": beginning, **fields},
        headers={"sec-fetch-site": "same-origin"},
    )


async def ledger(contact: MadeContact, *, days_ago: int, seconds: int, planned: int, survey: str) -> None:
    await insert(
        "ledger_event",
        {
            "pseudonym": contact.pseudonym,
            "kind": "invitation",
            "seconds": seconds,
            "planned_seconds": planned,
            "survey_slug": survey,
            "at": datetime.now(UTC) - timedelta(days=days_ago),
        },
    )


async def test_people_are_found_by_the_beginning_of_what_names_them(client: CheckingClient) -> None:
    ada = await make_named("Ada Lovelace", reference="C001")
    await make_named("Grace Hopper", reference="C002")
    await make_named("Alan Turing", reference="D100")
    for beginning, found in (
        ("c00", {"Ada", "Grace"}),
        ("LOVE", {"Ada"}),
        ("alan t", {"Alan"}),
        (f"ada.{ada.id}@example.ORG", {"Ada"}),
        ("vel", set()),
        ("%a", set()),
        ("__", set()),
    ):
        page = (await search(client, beginning)).text
        assert {name for name in ("Ada", "Grace", "Alan") if f">{name} " in page} == found, beginning


async def test_what_is_typed_is_neither_in_an_address_nor_noted(client: CheckingClient) -> None:
    ada = await make_named("Ada Lovelace")
    answer = await search(client, "ada.")
    assert answer.url.query == b""
    noted = (await fetch("SELECT * FROM audit_event ORDER BY id DESC LIMIT 1"))[0]
    assert noted["action"] == "contact.search"
    assert str(ada.id) in str(noted["detail"])
    assert "ada." not in str(noted)
    assert (await client.get("/staff/contacts?beginning=ada")).text.count("Lovelace") == 0


async def test_too_little_is_an_error_beside_the_field(client: CheckingClient) -> None:
    for beginning in ("", " ", "a", "\x00a"):
        answer = await search(client, beginning)
        assert answer.status_code == 422
        assert "Enter two letters or more" in answer.text
    assert "contact.search" not in await audited()


async def test_many_are_shown_page_by_page(client: CheckingClient) -> None:
    for number in range(30):
        await make_named("Ada Lovelace", reference=f"P{number:03}")
    first = (await search(client, "p0")).text
    assert "30 people found" in first
    assert "P024" in first
    assert "P025" not in first
    assert "Page 1 of 2" in first
    second = (await search(client, "p0", page="2")).text
    assert "P025" in second
    assert "P024" not in second
    for odd in ("99", "-1", "no number", "9" * 400):
        assert "Page 1 of 2" in (await search(client, "p0", page=odd)).text


async def test_a_person_with_a_past(client: CheckingClient) -> None:
    ada = await make_named("Ada Lovelace", surveys_a_year=1, topics='["cycling"]')
    survey = await make_survey(slug="alerts", title='{"en": "Alerts"}')
    now = datetime.now(UTC)
    await make_invitation(survey=survey, contact=ada, state="answered", answered_at=now)
    old = await make_survey(slug="old", title='{"en": "Long ago"}')
    await make_invitation(survey=old, contact=ada, expires_at=now - timedelta(days=1))
    await ledger(ada, days_ago=1, seconds=15, planned=180, survey="alerts")
    await ledger(ada, days_ago=400, seconds=77, planned=60, survey="old")
    page = (await client.get(f"/staff/contacts/{ada.id}")).text
    assert "Alerts" in page
    assert "No answer" in page
    assert "cycling" in page
    totals = page.split("Asked in the rolling year")[1].split("</dl>")[0]
    assert [part.split("<")[0] for part in totals.split('figure__number">')[1:]] == ["1", "3", "15"]
    assert ">77<" in page, "an old event is in the ledger, though not in the totals"
    noted = (await fetch("SELECT * FROM audit_event ORDER BY id DESC LIMIT 1"))[0]
    assert (noted["action"], noted["object_id"]) == ("contact.view", str(ada.id))


async def test_answers_are_never_on_the_page_of_a_person(client: CheckingClient) -> None:
    ada = await make_named("Ada Lovelace")
    survey = await make_survey()
    invitation = await make_invitation(
        survey=survey, contact=ada, state="answered", answered_at=datetime.now(UTC)
    )
    response = {
        "survey": survey.id,
        "questionnaire_version": survey.questionnaire_version,
        "form": invitation.form,
        "origin": "sample",
        "invitation": invitation.id,
        "language": "en",
        "disposition": "partial",
        "privacy_notice_version": "2026-11",
        "submission": '{"q4": ["what I think of it"]}',
    }
    await insert("response", response)
    page = (await client.get(f"/staff/contacts/{ada.id}")).text
    assert "Partial" in page
    assert "what I think of it" not in page


async def test_nobody_is_there_for_absent_erased_and_impossible_numbers(client: CheckingClient) -> None:
    erased = await make_contact(state="erased")
    for number in (erased.id, 0, 999_999, 2**63, 10**30):
        assert (await client.get(f"/staff/contacts/{number}")).status_code == 404
    assert (await client.get("/staff/contacts/ada")).status_code == 404
    assert "contact.view" not in await audited()


async def test_a_viewer_sees_no_contacts(client: CheckingClient) -> None:
    ada = await make_named("Ada Lovelace")
    await make_staff("v@example.org", role="viewer")
    await sign_in_as(client, "v@example.org")
    assert "/staff/contacts" not in (await client.get("/staff/surveys")).text
    for path in ("/staff/contacts", f"/staff/contacts/{ada.id}", "/staff/contacts/999"):
        answer = await client.get(path)
        assert answer.status_code == 403
        assert "Lovelace" not in answer.text
    token = csrf_of((await client.get("/staff/surveys")).text)
    post = await client.post("/staff/contacts", data={"csrf_token": token, "beginning": "ada"})
    assert post.status_code == 403


async def test_a_search_needs_the_token_of_the_session(client: CheckingClient) -> None:
    await make_named("Ada Lovelace")
    answer = await client.post("/staff/contacts", data={"beginning": "ada"})
    assert answer.status_code == 403
    assert "Lovelace" not in answer.text
