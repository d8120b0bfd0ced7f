"""Pausing, declining, leaving, and who gets to an own page at all."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from survey_service.db import register
from survey_service.db.engine import transaction
from survey_service.domain.tokens import hash_token
from survey_service.domain.wishes import add_months
from survey_service.services.contacts.place_units import place_units
from survey_service.services.own_page.own_page_links import own_page_links, unsubscribe_headers
from survey_service.services.rotation.survey_frame import today
from survey_service.settings import Settings
from tests.support.client import CheckingClient, running_client
from tests.support.make import insert, make_invitation, make_survey
from tests.support.own_page import column, consent_of, make_person, path_of, unit_of
from tests.support.rows import fetch

LANGUAGES = ["en", "fr", "bn", "ar"]


@pytest.mark.parametrize("months", [1, 3, 6, 12])
async def test_a_pause_leaves_the_frame_until_it_is_ended(
    client: CheckingClient, settings: Settings, months: int
) -> None:
    contact = await make_person(settings)
    path = await path_of(contact, settings)
    await client.post(f"{path}/en", data={"do": "pause", "months": str(months)})
    until = add_months(today(settings), months)
    assert await column(contact, "paused_until") == until
    assert await column(contact, "state") == "paused"
    assert (await unit_of(contact))["is_active"] is False
    assert f"before {until.day} {until:%B %Y}" in (await client.get(f"{path}/en")).text
    await client.post(f"{path}/en", data={"do": "end_pause"})
    assert await column(contact, "paused_until") is None
    assert await column(contact, "state") == "active"
    assert (await unit_of(contact))["is_active"] is True
    actions = [row["action"] for row in await fetch("SELECT action FROM audit_event ORDER BY id")]
    assert actions == ["own_page.pause", "own_page.end_pause"]


async def test_not_this_one_cancels_the_invitation_and_nobody_elses(
    client: CheckingClient, settings: Settings
) -> None:
    contact, stranger = await make_person(settings), await make_person(settings)
    survey = await make_survey()
    own = await make_invitation(survey=survey, contact=contact)
    other = await make_invitation(survey=survey, contact=stranger)
    receipt = await insert("receipt", {"contact": contact.id, "kind": "reminder", "survey": survey.id})
    message = {
        "receipt": receipt,
        "contact": contact.id,
        "invitation": own.id,
        "kind": "reminder",
        "channel": "email",
    }
    await insert("message", message)
    path = await path_of(contact, settings)
    assert "Not this one" in (await client.get(f"{path}/en")).text
    for invitation in (other.id, own.id, own.id, 2**60 // 2):
        data = {"do": "decline", "invitation": str(invitation)}
        assert (await client.post(f"{path}/en", data=data)).status_code == 303
    rows = await fetch("SELECT id, state, cancelled_at IS NULL AS kept FROM invitation ORDER BY id")
    assert rows == [
        {"id": own.id, "state": "cancelled", "kept": False},
        {"id": other.id, "state": "sent", "kept": True},
    ]
    assert await fetch("SELECT state FROM message") == [{"state": "cancelled"}]
    assert len(await fetch("SELECT FROM audit_event")) == 1
    assert "Not this one" not in (await client.get(f"{path}/en")).text
    assert (await client.get(f"/s/{own.token}/en")).status_code == 410


async def test_leaving_is_asked_first_withdraws_consent_and_can_be_undone(
    client: CheckingClient, settings: Settings
) -> None:
    contact = await make_person(settings)
    invitation = await make_invitation(contact=contact)
    path = await path_of(contact, settings)
    question = await client.get(f"{path}/en/leave")
    assert 'value="leave"' in question.text
    assert await consent_of(contact) is True
    answer = await client.post(f"{path}/en", data={"do": "leave"})
    assert answer.headers["location"] == f"{path}/en?saved"
    assert await consent_of(contact) is False
    assert (await unit_of(contact))["is_active"] is False
    assert await fetch("SELECT state FROM invitation WHERE id = $1", invitation.id) == [
        {"state": "cancelled"}
    ]
    page = (await client.get(f"{path}/en")).text
    assert "You are not taking part in surveys." in page
    assert 'value="pause"' not in page
    await client.post(f"{path}/en", data={"do": "rejoin"})
    assert await consent_of(contact) is True
    assert (await unit_of(contact))["is_active"] is True


@pytest.mark.parametrize("as_parts", [False, True])
async def test_one_click_unsubscribes_from_anywhere_and_only_that(
    client: CheckingClient, settings: Settings, as_parts: bool
) -> None:
    contact = await make_person(settings, language="ar")
    path = await path_of(contact, settings)
    elsewhere = {"origin": "https://mail.example", "sec-fetch-site": "cross-site"}
    click = {"List-Unsubscribe": "One-Click"}
    for forged in ({"do": "leave"}, {"do": "pause", "months": "1"}):
        answer = await client.post(f"{path}/en", data=forged, headers=elsewhere)
        assert answer.status_code == 403
    for wrong in ({}, {"do": "leave"}, {"List-Unsubscribe": "no"}):
        assert (await client.post(f"{path}/unsubscribe", data=wrong, headers=elsewhere)).status_code == 400
    assert (await client.get(f"{path}/unsubscribe")).status_code == 200
    assert await consent_of(contact) is True
    for _ in range(2):
        parts = (
            {"files": {name: (None, value) for name, value in click.items()}} if as_parts else {"data": click}
        )
        answer = await client.post(f"{path}/unsubscribe", headers=elsewhere, **parts)
        assert answer.status_code == 200
        assert 'lang="ar"' in answer.text
        assert "set-cookie" not in answer.headers
    assert await consent_of(contact) is False
    assert [row["detail"] for row in await fetch("SELECT detail FROM audit_event")] == [
        '{"source": "unsubscribe link in a mail"}'
    ]


def test_the_headers_of_a_mail_name_the_address_for_one_click() -> None:
    assert unsubscribe_headers("https://surveys.example.org/me/abc") == {
        "List-Unsubscribe": "<https://surveys.example.org/me/abc/unsubscribe>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


async def test_neither_token_opens_what_the_other_does(client: CheckingClient, settings: Settings) -> None:
    contact = await make_person(settings)
    invitation = await make_invitation(contact=contact)
    path = await path_of(contact, settings)
    own = path.removeprefix("/me/")
    assert own != invitation.token
    assert (await client.get(f"/me/{invitation.token}/en")).status_code == 404
    assert (await client.post(f"/me/{invitation.token}/en", data={"do": "leave"})).status_code == 404
    assert (await client.get(f"/s/{own}/en")).status_code == 404
    assert await column(contact, "own_page_hash") == hash_token(own)
    assert await consent_of(contact) is True


@pytest.mark.parametrize("token", ["A" * 22, "A" * 21, "%00" * 3, "x" * 3_000, "%C3%A9" * 22])
async def test_a_link_that_leads_nowhere_gets_a_kind_page(client: CheckingClient, token: str) -> None:
    for language in LANGUAGES:
        await leads_nowhere(client, token, language)


async def leads_nowhere(client: CheckingClient, token: str, language: str) -> None:
    fetching: list[Callable[[], Awaitable[object]]] = [
        lambda: client.get(f"/me/{token}/{language}"),
        lambda: client.get(f"/me/{token}/{language}/leave"),
        lambda: client.post(f"/me/{token}/{language}", data={"do": "leave"}),
        lambda: client.get(f"/me/{token}", headers={"accept-language": language}),
        lambda: client.get(f"/me/{token}/unsubscribe", headers={"accept-language": language}),
        lambda: client.post(
            f"/me/{token}/unsubscribe",
            data={"List-Unsubscribe": "One-Click"},
            headers={"accept-language": language},
        ),
    ]
    for one in fetching:
        answer = await one()
        assert answer.status_code == 404  # type: ignore[attr-defined]
        assert f'lang="{language}"' in answer.text  # type: ignore[attr-defined]


async def test_an_erased_person_has_no_page(client: CheckingClient, settings: Settings) -> None:
    contact = await make_person(settings)
    path = await path_of(contact, settings)
    await fetch("UPDATE contact SET state = 'erased' WHERE id = $1", contact.id)
    assert (await client.get(f"{path}/en")).status_code == 404
    assert await own_page_links([contact.id, 2**40], settings) == {}


async def test_too_many_requests_for_one_page_are_refused(settings: Settings) -> None:
    async with running_client(replace(settings, respondent_rate_limit=3)) as client:
        path = await path_of(await make_person(settings), settings)
        found = [(await client.get(f"{path}/en")).status_code for _ in range(4)]
        assert found == [200, 200, 200, 429]
        neighbour = await path_of(await make_person(settings), settings)
        assert (await client.get(f"{neighbour}/en")).status_code == 200


async def test_a_household_stays_in_the_frame_for_whoever_remains(
    client: CheckingClient, settings: Settings
) -> None:
    contact = await make_person(settings)
    await make_person(settings, unit=contact.unit)
    path = await path_of(contact, settings)
    await client.post(f"{path}/en", data={"do": "leave"})
    assert (await unit_of(contact))["is_active"] is True
    async with transaction():
        await register.lock_register()
        await place_units()
    assert (await unit_of(contact))["is_active"] is True
