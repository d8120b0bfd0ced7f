"""Anonymous surveys as staff meet them: made, fixed, said on every page, never entered under a name."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from survey_service.domain.errors import Conflict
from survey_service.integrations.xlsform import read_xlsform, write_xlsform
from survey_service.services.contacts.manage_contacts import show_contact
from survey_service.services.questionnaires.import_survey import import_survey
from survey_service.services.questionnaires.manage_survey import export_survey
from survey_service.services.safeguarding.scan_sealed import scan_sealed
from survey_service.settings import Settings
from tests.conftest import SECRET_KEY
from tests.support.anonymous import answer, close_and_mix, make_anonymous_survey, make_links
from tests.support.client import CheckingClient
from tests.support.make import insert, make_questionnaire, make_survey
from tests.support.rows import fetch
from tests.support.staff import make_staff, sign_in_as
from tests.support.writing import add_question, post, start_writing

FIXED = "People were drawn for"


async def is_anonymous(slug: str) -> bool:
    [row] = await fetch("SELECT is_anonymous FROM survey WHERE slug = $1", slug)
    return bool(row["is_anonymous"])


async def test_a_workbook_or_the_command_line_makes_it_anonymous_until_somebody_is_drawn(
    database: str, settings: Settings, tmp_path: Path
) -> None:
    book = tmp_path / "street.xlsx"
    book.write_bytes(write_xlsform(make_questionnaire(name="street", is_anonymous=True)))
    assert (await import_survey(book, department_name="Roads")).is_anonymous
    assert await is_anonymous("street")
    # While it is a draft it may still change, and change back.
    assert not (await import_survey(book, department_name="Roads", is_anonymous=False)).is_anonymous
    assert not await is_anonymous("street")
    await import_survey(book, department_name="Roads")
    await export_survey("street", tmp_path / "again.xlsx")
    assert read_xlsform(tmp_path / "again.xlsx") == read_xlsform(book)
    [survey] = await fetch("SELECT id FROM survey")
    await insert("wave", {"survey": survey["id"], "number": 1})
    with pytest.raises(Conflict, match=FIXED):
        await import_survey(book, department_name="Roads", is_anonymous=False)
    assert await is_anonymous("street")
    assert not (await import_survey(book, department_name="Roads")).is_new_version


async def test_written_in_the_browser_it_is_chosen_until_somebody_answers(client: CheckingClient) -> None:
    slug = await start_writing(client, anonymous="yes")
    await add_question(client, slug, "How safe do you feel?", "Safe", "Not safe")
    details = f"/staff/surveys/{slug}/details"
    assert re.search(r'name="anonymous"[^>]*checked', (await client.get(details)).text)
    assert "Anonymous" in (await client.get(f"/staff/surveys/{slug}/questions")).text
    await add_question(client, slug, "Your postcode?", kind="postcode")
    launch = await client.get(f"/staff/surveys/{slug}/launch")
    assert re.search(r"may tell who somebody is.*<q>Your postcode\?</q>", launch.text, re.S)
    named = await post(client, details, title="Safe", forms="all")
    assert named.status_code == 303
    assert not re.search(r'name="anonymous"[^>]*checked', (await client.get(details)).text)
    assert (await post(client, details, title="Safe", forms="all", anonymous="yes")).status_code == 303
    opened = await post(client, f"/staff/surveys/{slug}/launch", step="open", open_link="yes")
    assert opened.status_code == 303
    assert await is_anonymous(slug)
    form = await client.get(f"/o/{slug}/en")
    assert "This survey is anonymous" in form.text
    assert "your link was used" not in form.text, "an open link is nobody's"
    copy = re.search('name="open-submission" value="([0-9a-f]+)"', form.text)
    assert copy
    [question] = re.findall(r'type="radio" name="(\w+)"|name="(\w+)" type="radio"', form.text)[:1]
    name = question[0] or question[1]
    await client.post(f"/o/{slug}/en", data={name: "safe", "open-submission": copy[1], "open-channel": "web"})
    page = await client.get(details)
    assert "The survey is anonymous." in page.text
    assert 'name="anonymous"' not in page.text
    # What a page does not ask is not changed by what it posts.
    await post(client, details, title="Safer", forms="all")
    await post(client, f"/staff/surveys/{slug}/launch", step="publish")
    assert await is_anonymous(slug)
    named_book = write_xlsform(make_questionnaire())
    refused = await post(
        client, f"/staff/surveys/{slug}/workbook", files={"workbook": ("a.xlsx", named_book)}
    )
    assert refused.status_code == 409
    assert FIXED in refused.text
    copied = await post(client, "/staff/surveys/new", title="A copy", begin=f"copy:{slug}")
    assert copied.status_code == 303
    assert re.search(
        r'name="anonymous"[^>]*checked', (await client.get("/staff/surveys/a-copy/details")).text
    )


async def test_results_and_lists_say_so(client: CheckingClient, settings: Settings) -> None:
    await make_staff()
    await sign_in_as(client)
    survey = await make_anonymous_survey()
    named = await make_survey()
    for token in (await make_links(survey, {"resident": (300, 12)}))["resident"]:
        await answer(client, token, q1="yes", q3="1", q4="fine")
    page = await client.get(f"/staff/surveys/{survey.slug}")
    assert "Nobody can find out who gave which answers." in page.text
    assert "Nobody can find out" not in (await client.get(f"/staff/surveys/{named.slug}")).text
    assert (await client.get("/staff/surveys")).text.count("govuk-tag--purple") == 1
    await close_and_mix(survey, settings)
    page = await client.get(f"/staff/surveys/{survey.slug}")
    assert "Results are made of 10 answers of the sample that were opened, in tens" in page.text


async def test_nothing_is_typed_in_under_a_name(client: CheckingClient) -> None:
    await make_staff()
    await sign_in_as(client)
    survey = await make_anonymous_survey()
    [token] = (await make_links(survey, {"resident": (300, 1)}))["resident"]
    page = f"/staff/surveys/{survey.slug}/entry/{next(iter(survey.forms.values()))}/en/paper"
    opened = (await client.get(page)).text
    assert "forms are typed in without a reference" in opened
    assert "Somebody who was invited" not in opened
    submission = re.search('name="entry-submission" value="([0-9a-f]{32})"', opened)
    assert submission
    fields = {"entry-submission": submission[1], "q1": "yes"}
    forced = {"entry-who": "invited", "entry-reference": "resident-1"} | fields
    refused = await post(client, page, **forced)
    assert refused.status_code in (409, 422)
    assert "no answer is entered under a reference" in refused.text
    assert (await post(client, page, **({"entry-who": "nobody"} | fields))).status_code == 303
    [stored] = await fetch("SELECT origin, mode, invitation FROM response")
    assert tuple(stored.values()) == ("open", "paper", None)
    assert (await client.get(f"/s/{token}/en")).status_code == 200


async def test_an_officer_reads_the_words_and_nobody_finds_who_wrote_them(client: CheckingClient) -> None:
    survey = await make_anonymous_survey()
    [token] = (await make_links(survey, {"resident": (300, 1)}))["resident"]
    await answer(client, token, q1="no", q4="My husband beats me and I am scared to go home")
    await scan_sealed(SECRET_KEY.encode(), datetime.now(UTC))
    officer = await make_staff("officer@example.org", role="viewer")
    await insert("safeguarding_officer", {"department": survey.department, "staff": officer})
    await sign_in_as(client, "officer@example.org")
    [notice] = await fetch("SELECT id FROM danger_notice")
    path = f"/staff/safeguarding/notices/{notice['id']}"
    assert "husband" not in (await client.get(path)).text
    assert (await post(client, path, do="open")).status_code == 303
    page = (await client.get(path)).text
    assert "My husband beats me" in page
    assert "Nobody knows and nobody can find out: the survey is anonymous." in page
    assert 'name="reason"' not in page
    assert (await post(client, path, do="identify", reason="to protect somebody")).status_code == 303
    assert "resident-1" not in (await client.get(path)).text


async def test_what_is_held_of_a_person_names_the_survey_and_no_answer(
    client: CheckingClient, settings: Settings
) -> None:
    survey = await make_anonymous_survey()
    [token] = (await make_links(survey, {"resident": (300, 1)}))["resident"]
    await answer(client, token, q1="no", q4="my words")
    shown = await show_contact("resident-1", settings)
    [past] = shown.invitations
    assert (past.survey, past.state, past.is_anonymous, past.disposition) == (
        survey.slug, "answered", True, None,
    )  # fmt: skip
    assert past.answered_at is not None
    assert (past.answered_at.minute, past.answered_at.second) == (59, 59)
    assert "anonymous" in {line.kind for line in shown.ledger}
