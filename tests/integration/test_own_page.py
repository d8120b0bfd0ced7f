"""A person's own page: looking changes nothing, what is posted is kept, and a promise is data."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit

import html5lib
import pytest

from survey_service.db import register
from survey_service.db.engine import transaction
from survey_service.domain.tokens import hash_token
from survey_service.domain.wishes import add_months
from survey_service.services.own_page_links import own_page_links, unsubscribe_headers
from survey_service.services.place_units import place_units
from survey_service.services.show_own_page import show_own_page
from survey_service.settings import Settings
from tests.support.client import CheckingClient, running_client
from tests.support.make import MadeContact, insert, make_contact, make_invitation, make_survey
from tests.support.rows import fetch

LANGUAGES = ["en", "fr", "bn", "ar"]
TABLES = (
    "contact", "unit", "consent", "invitation", "message", "audit_event", "ledger_event", "cell", "receipt",
)  # fmt: skip
KINDS = ("invitation", "reminder", "answer", "newsletter", "keep_warm", "outcome", "service", "unheard_of")


async def make_person(settings: Settings, *, mobile: str | None = None, **overrides: object) -> MadeContact:
    """A contact in the frame with an address and consent; its page can be opened."""
    contact = await make_contact(**overrides)  # type: ignore[arg-type]
    detail = {"contact": contact.id, "email": f"{contact.reference}@example.org", "mobile": mobile}
    await insert("contact_detail", detail)
    values = {
        "purpose": "survey",
        "is_granted": True,
        "source": "sign-up",
        "at": datetime(2025, 1, 1, tzinfo=UTC),
    }
    await insert("consent", {"contact": contact.id, **values})
    return contact


async def path_of(contact: MadeContact, settings: Settings) -> str:
    """Where the person's own page is."""
    links = await own_page_links([contact.id], settings)
    assert links[contact.id].startswith(settings.public_url + "/me/")
    return urlsplit(links[contact.id]).path


async def column(contact: MadeContact, name: str) -> object:
    [row] = await fetch(f'SELECT "{name}" AS value FROM contact WHERE id = $1', contact.id)
    return row["value"]


async def consent_of(contact: MadeContact) -> object:
    [row] = await fetch("SELECT is_granted FROM consent WHERE contact = $1", contact.id)
    return row["is_granted"]


async def unit_of(contact: MadeContact) -> dict[str, object]:
    [row] = await fetch(
        "SELECT u.is_active, k.key, u.ticket FROM unit u JOIN cell k ON k.id = u.cell WHERE u.id = $1",
        contact.unit,
    )
    return row


async def whole_database() -> dict[str, list[dict[str, object]]]:
    return {table: await fetch(f"SELECT * FROM {table} ORDER BY id") for table in TABLES}


async def ask(
    contact: MadeContact, slug: str, *, days_ago: int, kind: str = "invitation", seconds: int = 15
) -> None:
    at = datetime.now(UTC) - timedelta(days=days_ago)
    values = {"pseudonym": contact.pseudonym, "kind": kind, "seconds": seconds, "survey_slug": slug, "at": at}
    await insert("ledger_event", values)


def links_of(html: str) -> set[str]:
    """Every address on a page that leads to another, forms' too."""
    page = html5lib.parse(html, namespaceHTMLElements=False)
    found = {element.get(name) for element in page.iter() for name in ("href", "src", "action")}
    return {address for address in found if address and re.match("/(?!static/|brand)", address)}


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_scanner_that_follows_every_link_changes_nothing(
    client: CheckingClient, settings: Settings, language: str
) -> None:
    contact = await make_person(settings, mobile="+447700900001", last_invited_on=date(2026, 1, 1))
    survey = await make_survey()
    for kind in KINDS:
        await ask(contact, survey.slug, days_ago=3, kind=kind, seconds=70)
    await make_invitation(survey=survey, contact=contact)
    path = await path_of(contact, settings)
    before = await whole_database()
    seen: set[str] = set()
    waiting = {path, f"{path}/{language}", f"{path}/{language}?saved", f"{path}/unsubscribe"}
    while waiting:
        address = waiting.pop()
        seen.add(address)
        for method in ("GET", "HEAD"):
            answer = await client.request(method, address)
            assert answer.status_code in (200, 303), address
            assert "set-cookie" not in answer.headers
            if address.startswith("/me/"):
                assert "noindex" in answer.headers["x-robots-tag"]
                assert answer.headers["cache-control"] == "no-store"
            if "location" in answer.headers:
                waiting |= {answer.headers["location"]} - seen
            elif method == "GET":
                waiting |= links_of(answer.text) - seen
    assert {f"{path}/{one}" for one in LANGUAGES} <= seen
    assert f"{path}/{language}/leave" in seen
    assert await whole_database() == before


async def test_it_shows_every_ask_of_the_year_in_the_readers_language(
    client: CheckingClient, settings: Settings
) -> None:
    contact = await make_person(settings)
    survey = await make_survey(title='{"en": "Parks", "fr": "Les parcs"}')
    await ask(contact, survey.slug, days_ago=364)
    await ask(contact, survey.slug, days_ago=2)
    await ask(contact, "deleted-since", days_ago=1, kind="answer", seconds=200)
    await ask(contact, survey.slug, days_ago=365, kind="reminder", seconds=3_000)
    stranger = await make_person(settings)
    await ask(stranger, survey.slug, days_ago=1, kind="newsletter")
    path = await path_of(contact, settings)
    english, french, arabic = [(await client.get(f"{path}/{one}")).text for one in ("en", "fr", "ar")]
    assert english.count('<span lang="en" dir="ltr">Parks</span>') == 2
    assert french.count('<span lang="fr" dir="ltr">Les parcs</span>') == 2
    assert arabic.count('<span lang="en" dir="ltr">Parks</span>') == 2
    assert english.count("<tr>") == 1 + 3
    assert "invited you to 2 surveys and asked for 4 minutes" in english
    assert "Reminder" not in english
    assert "Newsletter" not in english


async def test_a_promise_is_data_and_no_policy_change_shortens_it(
    client: CheckingClient, settings: Settings
) -> None:
    today = datetime.now(UTC).date()
    contact = await make_person(settings)
    promised = today + timedelta(days=50)
    await fetch(
        "UPDATE unit SET promised_from = $2, last_invited_on = $3 WHERE id = $1",
        contact.unit, promised, today - timedelta(days=10),
    )  # fmt: skip
    path = await path_of(contact, settings)
    token = path.removeprefix("/me/")
    assert f"{promised.day} {promised:%B %Y}" in (await client.get(f"{path}/en")).text
    for rest_days, expected in ((0, promised), (60, promised), (90, today + timedelta(days=80))):
        changed = replace(settings, rest_days=rest_days)
        assert (await show_own_page(token, changed, at=datetime.now(UTC))).next_day == expected
    assert await fetch("SELECT promised_from FROM unit WHERE id = $1", contact.unit) == [
        {"promised_from": promised}
    ]


async def test_wishes_are_kept_and_the_unit_moves_to_its_cell(
    client: CheckingClient, settings: Settings
) -> None:
    contact = await make_person(settings, mobile="+447700900002")
    path = await path_of(contact, settings)
    wishes = {"surveys": "1", "topics": ["fraud", "roads"], "language": "fr", "channel": "text"}
    answer = await client.post(f"{path}/en", data={"do": "wishes", **wishes})
    assert (answer.status_code, answer.headers["location"]) == (303, f"{path}/en?saved")
    page = (await client.get(answer.headers["location"])).text
    assert "Your change has been saved." in page
    for field, value in (("surveys", "1"), ("topics", "fraud"), ("language", "fr"), ("channel", "text")):
        assert re.search(rf'name="{field}"[^>]*value="{value}" checked', page), field
    assert (await unit_of(contact))["key"] == "resident|frequency=1"
    assert await fetch("SELECT staff, action, object_id, detail FROM audit_event") == [
        {
            "staff": None,
            "action": "own_page.wishes",
            "object_id": str(contact.id),
            "detail": '{"changed": "surveys_a_year, topics, language, channel"}',
        }
    ]
    # The same again is no change, and the person's language is where the address without one leads.
    await client.post(f"{path}/en", data={"do": "wishes", **wishes})
    assert len(await fetch("SELECT FROM audit_event")) == 1
    assert (await client.get(path)).headers["location"] == f"{path}/fr"
    await client.post(f"{path}/en", data={"do": "wishes", "surveys": "usual"})
    assert await column(contact, "surveys_a_year") is None
    assert await column(contact, "topics") == "[]"
    assert await column(contact, "language") == "fr"
    assert (await unit_of(contact))["key"] == "resident"


async def test_none_a_year_leaves_the_frame_and_a_number_comes_back(
    client: CheckingClient, settings: Settings
) -> None:
    contact = await make_person(settings)
    await fetch("UPDATE cell SET clock = 5.5")
    path = await path_of(contact, settings)
    await client.post(f"{path}/en", data={"do": "wishes", "surveys": "0"})
    assert (await unit_of(contact))["is_active"] is False
    await client.post(f"{path}/en", data={"do": "wishes", "surveys": "4"})
    back = await unit_of(contact)
    assert (back["is_active"], back["key"]) == (True, "resident|frequency=4")
    assert float(str(back["ticket"])) > 5.5


async def test_only_channels_with_an_address_can_be_chosen(
    client: CheckingClient, settings: Settings
) -> None:
    contact = await make_person(settings)
    path = await path_of(contact, settings)
    page = (await client.get(f"{path}/en")).text
    assert 'value="email"' in page
    assert 'value="text"' not in page
    refused = await client.post(f"{path}/en", data={"do": "wishes", "channel": "text"})
    assert refused.status_code == 422
    assert 'href="#channel"' in refused.text
    assert await column(contact, "channel") == "email"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("posted", "field"),
    [
        ({"do": "wishes", "surveys": "5"}, "surveys"),
        ({"do": "wishes", "surveys": "-1"}, "surveys"),
        ({"do": "wishes", "surveys": "٣"}, "surveys"),
        ({"do": "wishes", "topics": "everything"}, "topics"),
        ({"do": "wishes", "language": "tlh"}, "language"),
        ({"do": "wishes", "channel": "pigeon"}, "channel"),
        ({"do": "pause"}, "months"),
        ({"do": "pause", "months": "2"}, "months"),
    ],
)
async def test_what_cannot_be_chosen_is_explained_and_nothing_changes(
    client: CheckingClient, settings: Settings, language: str, posted: dict[str, str], field: str
) -> None:
    contact = await make_person(settings)
    path = await path_of(contact, settings)
    before = await whole_database()
    answer = await client.post(f"{path}/{language}", data=posted)
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert await whole_database() == before


@pytest.mark.parametrize(
    "posted",
    [{"x": "y"}, {"do": "nothing"}, {"do": "decline"}, {"do": "decline", "invitation": "9" * 30},
     {"do": "decline", "invitation": "٣"}],
)  # fmt: skip
async def test_a_post_that_no_form_of_ours_makes_is_refused(
    client: CheckingClient, settings: Settings, posted: dict[str, str]
) -> None:
    path = await path_of(await make_person(settings), settings)
    before = await whole_database()
    assert (await client.post(f"{path}/en", data=posted)).status_code == 400
    assert (await client.post(f"{path}/xx", data={"do": "leave"})).status_code == 400
    assert await whole_database() == before


@pytest.mark.parametrize("months", [1, 3, 6, 12])
async def test_a_pause_leaves_the_frame_until_it_is_ended(
    client: CheckingClient, settings: Settings, months: int
) -> None:
    contact = await make_person(settings)
    path = await path_of(contact, settings)
    await client.post(f"{path}/en", data={"do": "pause", "months": str(months)})
    until = add_months(datetime.now(UTC).date(), months)
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


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("token", ["A" * 22, "A" * 21, "%00" * 3, "x" * 3_000, "%C3%A9" * 22])
async def test_a_link_that_leads_nowhere_gets_a_kind_page(
    client: CheckingClient, token: str, language: str
) -> None:
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
