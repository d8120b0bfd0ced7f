"""Answers from paper, face to face and the telephone, typed in by staff."""

import re
from collections.abc import AsyncIterator

import httpx
import pytest

from survey_service.settings import Settings
from tests.support.client import CheckingClient, running_client
from tests.support.make import MadeSurvey, make_contact, make_department, make_invitation, make_survey
from tests.support.make_answers import make_answers, make_sample, repeat
from tests.support.rows import fetch
from tests.support.staff import audited, csrf_of, make_staff, sign_in_as

SAME = {"sec-fetch-site": "same-origin"}
STORED = """SELECT origin, mode, channel, disposition, active_seconds, charged_seconds, language,
    submission::text, entered_by IS NOT NULL AS is_entered FROM response WHERE survey = $1 ORDER BY id"""


@pytest.fixture
async def client(settings: Settings) -> AsyncIterator[CheckingClient]:
    """The running application, and somebody of the communications team."""
    async with running_client(settings) as opened:
        await make_staff()
        await sign_in_as(opened)
        yield opened


def address(survey: MadeSurvey, mode: str = "paper", language: str = "en") -> str:
    return f"/staff/surveys/{survey.slug}/entry/{next(iter(survey.forms.values()))}/{language}/{mode}"


async def enter(client: CheckingClient, page: str, **fields: str) -> httpx.Response:
    opened = (await client.get(page)).text
    submission = re.search('name="entry-submission" value="([0-9a-f]{32})"', opened)
    assert submission
    data = {"csrf_token": csrf_of(opened), "entry-submission": submission[1], "entry-who": "nobody"}
    data |= {name.replace("_", "-") if name[:5] == "entry" else name: value for name, value in fields.items()}
    return await client.post(page, data=data, headers=SAME)


async def test_the_answer_to_an_invitation_comes_on_paper(client: CheckingClient) -> None:
    survey = await make_survey()
    contact = await make_contact(reference="R-17")
    invitation = await make_invitation(survey=survey, contact=contact)
    await make_contact(reference="R-18")
    page = address(survey)

    for reference, said in (("R-18", "was invited to this survey"), ("", "whose answer this is")):
        refused = await enter(client, page, entry_who="invited", entry_reference=reference, q1="yes")
        assert refused.status_code == 422
        assert said in refused.text
        assert re.search(r'value="yes"[^>]*checked', refused.text), "what was typed stays"
    done = await enter(client, page, entry_who="invited", entry_reference=" R-17 ", q1="yes")
    assert done.status_code == 303
    assert "for the next one" in (await client.get(done.headers["location"])).text

    (row,) = await fetch(STORED, survey.id)
    planned = await fetch("SELECT planned_seconds FROM form WHERE id = $1", invitation.form)
    assert (row["origin"], row["mode"], row["channel"], row["is_entered"]) == ("sample", "paper", None, True)
    assert (row["active_seconds"], row["charged_seconds"]) == (None, planned[0]["planned_seconds"])
    assert "csrf" not in row["submission"]
    ledger = await fetch("SELECT seconds FROM ledger_event WHERE kind = 'answer'")
    assert [one["seconds"] for one in ledger] == [planned[0]["planned_seconds"]]
    assert (await audited())[-1] == "answers.enter"

    # The first counts: neither a second paper nor the link stores anything more.
    again = await enter(client, page, entry_who="invited", entry_reference="R-17", q1="no")
    assert "has answered before, on paper" in again.text
    online = await client.post(f"/s/{invitation.token}/en", data={"q1": "no"}, headers=SAME)
    assert online.status_code == 409
    assert len(await fetch(STORED, survey.id)) == 1


async def test_whoever_answered_online_is_not_counted_on_paper_again(client: CheckingClient) -> None:
    survey = await make_survey()
    invitation = await make_invitation(survey=survey, contact=await make_contact(reference="R-17"))
    await client.post(f"/s/{invitation.token}/en", data={"q1": "no"}, headers=SAME)
    again = await enter(client, address(survey), entry_who="invited", entry_reference="R-17", q1="yes")
    assert "has answered before, on the web" in again.text
    assert [row["mode"] for row in await fetch(STORED, survey.id)] == ["web"]


async def test_somebody_nobody_invited_counts_with_the_open_link(client: CheckingClient) -> None:
    survey = await make_survey(has_open_link=False)
    page = address(survey, "interview", "ar")
    opened = (await client.get(page)).text
    assert '<div class="entry__questions" lang="ar" dir="rtl">' in opened
    assert "السؤال" in opened, "all that is in the cards is in the language of the paper"
    refused = await enter(client, page)
    assert refused.status_code == 422
    assert "Store it as it is" in refused.text
    assert (await enter(client, page, entry_as_is="yes")).status_code == 303
    assert (await enter(client, page, q1="yes")).status_code == 303
    submission = re.search('name="entry-submission" value="([0-9a-f]{32})"', (await client.get(page)).text)
    for _ in range(2):
        await enter(client, address(survey, "phone"), q1="yes", entry_submission=submission[1])  # type: ignore[index]
    rows = [(*tuple(row.values())[:4], row["language"]) for row in await fetch(STORED, survey.id)]
    assert rows == [
        ("open", "interview", "face-to-face", "break_off", "ar"),
        ("open", "interview", "face-to-face", "break_off", "ar"),
        ("open", "phone", "phone", "break_off", "en"),
    ]


async def test_the_code_at_the_foot_leads_to_the_form(client: CheckingClient) -> None:
    survey = await make_survey()
    key, form = next(iter(survey.forms.items()))
    start = f"/staff/surveys/{survey.slug}/entry"
    code = f"{survey.slug} · {survey.questionnaire_version} · {key} · fr"
    led = await client.get(start, params={"code": code, "mode": "phone"})
    assert led.headers["location"] == f"{start}/{form}/fr/phone"
    led = await client.get(start, params={"form": form, "language": "en"})
    assert led.headers["location"] == f"{start}/{form}/en/paper"
    for wrong, said in (
        (f"other · {survey.questionnaire_version} · {key} · fr", "another survey"),
        (f"{survey.slug} · 999 · {key} · fr", "no such form"),
        (code.replace("fr", "xx"), "not written in this language"),
        ("three words here", "no code of a form"),
    ):
        refused = await client.get(start, params={"code": wrong})
        assert refused.status_code == 404
        assert said in refused.text


async def test_only_while_open_and_only_for_those_who_plan(client: CheckingClient) -> None:
    closed = await make_survey(state="closed")
    assert "takes no answers now" in (await enter(client, address(closed), q1="yes")).text
    other = await make_survey(department=await make_department("Roads"))
    await make_staff("v@example.org", role="viewer")
    for form in ("999999999", "0"):
        assert (await client.get(f"/staff/surveys/{closed.slug}/entry/{form}/en/paper")).status_code == 404
    assert (await client.get(address(closed, "pigeon"))).status_code == 404
    assert (await client.get(address(other))).status_code == 404
    await sign_in_as(client, "v@example.org")
    assert (await client.get(address(closed))).status_code == 403


async def test_results_tell_how_the_sample_answered_but_not_of_a_few(client: CheckingClient) -> None:
    survey = await make_survey(slug="parks")
    sample = await make_sample(survey, {"resident": (300, 100)})
    await make_answers(survey, repeat(q1={"yes": 40, "no": 20}), invitations=sample["resident"])
    turn = """UPDATE response SET mode = 'paper', entered_by = (SELECT id FROM staff LIMIT 1)
              WHERE id IN (SELECT id FROM response WHERE mode = 'web' ORDER BY id LIMIT $1)"""
    told = []
    for more in (0, 4, 11):
        await fetch(turn, more)
        page = " ".join(re.sub("<[^>]+>", " ", (await client.get("/staff/surveys/parks")).text).split())
        told.append(page.partition("How people of the sample answered")[2].partition("Answers of")[0].strip())
    assert told == ["", "On paper Hidden On the web Hidden", "On paper 15 On the web 45"]


async def test_channels_without_a_link_stand_among_the_others(client: CheckingClient) -> None:
    survey = await make_survey(slug="parks")
    await make_answers(survey, repeat(q1={"yes": 20}), channel="paper")
    await make_answers(survey, repeat(q1={"yes": 20}), channel="poster")
    page = " ".join(re.sub("<[^>]+>", " ", (await client.get("/staff/surveys/parks/channels")).text).split())
    assert "Paper – – 20" in page
    assert "Telephone" not in page
