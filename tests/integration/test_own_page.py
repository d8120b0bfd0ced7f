"""A person's own page: looking changes nothing, what is wished is kept, and a promise is data."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import html5lib
import pytest

from survey_service.services.own_page.show_own_page import show_own_page
from survey_service.services.rotation.survey_frame import today
from survey_service.settings import Settings
from tests.support.client import CheckingClient, running_client
from tests.support.make import make_invitation, make_survey
from tests.support.own_page import ask, column, make_person, path_of, unit_of, whole_database
from tests.support.rows import fetch

LANGUAGES = ["en", "fr", "bn", "ar"]
KINDS = ("invitation", "reminder", "answer", "newsletter", "keep_warm", "outcome", "service", "unheard_of")


def links_of(html: str) -> set[str]:
    """Every address on a page that leads to another, forms' too."""
    page = html5lib.parse(html, namespaceHTMLElements=False)
    found = {element.get(name) for element in page.iter() for name in ("href", "src", "action")}
    return {address for address in found if address and re.match("/(?!static/|brand)", address)}


async def test_a_scanner_that_follows_every_link_changes_nothing(settings: Settings) -> None:
    """Each page leads to those in the other languages: one walk sees them all."""
    async with running_client(replace(settings, respondent_rate_limit=10_000)) as client:
        contact = await make_person(settings, mobile="+447700900001", last_invited_on=date(2026, 1, 1))
        survey = await make_survey()
        for kind in KINDS:
            await ask(contact, survey.slug, days_ago=3, kind=kind, seconds=70)
        await make_invitation(survey=survey, contact=contact)
        path = await path_of(contact, settings)
        before = await whole_database()
        seen: set[str] = set()
        waiting = {path, f"{path}/en?saved", f"{path}/unsubscribe"}
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
        assert {f"{path}/{one}/leave" for one in LANGUAGES} <= seen
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
    assert english.count('<tr role="row">') == 1 + 3
    assert "invited you to 2 surveys and asked for 4 minutes" in english
    assert "Reminder" not in english
    assert "Newsletter" not in english


async def test_a_promise_is_data_and_no_policy_change_shortens_it(
    client: CheckingClient, settings: Settings
) -> None:
    day = today(settings)
    contact = await make_person(settings)
    promised = day + timedelta(days=50)
    await fetch(
        "UPDATE unit SET promised_from = $2, last_invited_on = $3 WHERE id = $1",
        contact.unit, promised, day - timedelta(days=10),
    )  # fmt: skip
    path = await path_of(contact, settings)
    token = path.removeprefix("/me/")
    assert f"{promised.day} {promised:%B %Y}" in (await client.get(f"{path}/en")).text
    for rest_days, expected in ((0, promised), (60, promised), (90, day + timedelta(days=80))):
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
        is_chosen = (
            rf'value="{value}" selected'
            if field == "language"
            else rf'name="{field}"[^>]*value="{value}" checked'
        )
        assert re.search(is_chosen, page), field
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
    client: CheckingClient, settings: Settings, posted: dict[str, str], field: str
) -> None:
    contact = await make_person(settings)
    path = await path_of(contact, settings)
    before = await whole_database()
    for language in LANGUAGES:
        answer = await client.post(f"{path}/{language}", data=posted)
        assert answer.status_code == 422, language
        assert f'href="#{field}"' in answer.text, language
        assert f'lang="{language}"' in answer.text
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
