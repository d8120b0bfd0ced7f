"""Answers from paper, face to face and the telephone, typed in by staff."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import httpx
import pytest

from survey_service.services.results.review_survey import export_results
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
    draft = await make_survey(slug="not-yet", state="draft")
    assert "takes no answers now" in (await enter(client, address(draft), q1="yes")).text
    closed = await make_survey(state="closed")
    other = await make_survey(department=await make_department("Roads"))
    await make_staff("v@example.org", role="viewer")
    for form in ("999999999", "0"):
        assert (await client.get(f"/staff/surveys/{closed.slug}/entry/{form}/en/paper")).status_code == 404
    assert (await client.get(address(closed, "pigeon"))).status_code == 404
    assert (await client.get(address(other))).status_code == 404
    await sign_in_as(client, "v@example.org")
    assert (await client.get(address(closed))).status_code == 403


async def test_the_same_page_again_is_the_same_form(client: CheckingClient) -> None:
    survey = await make_survey()
    for reference in ("R-17", "R-18"):
        await make_invitation(survey=survey, contact=await make_contact(reference=reference))
    opened = (await client.get(address(survey))).text
    data = {
        "csrf_token": csrf_of(opened), "entry-submission": "a" * 32, "entry-who": "invited",
        "entry-reference": "R-17", "q1": "yes",
    }  # fmt: skip
    pressed_twice = [client.post(address(survey), data=data, headers=SAME) for _ in range(3)]
    answers = [
        *await asyncio.gather(*pressed_twice),
        await client.post(address(survey), data=data, headers=SAME),
    ]
    assert {answer.status_code for answer in answers} == {303}
    assert {answer.headers["location"] for answer in answers} == {f"{address(survey)}?stored"}
    assert len(await fetch(STORED, survey.id)) == 1
    ledger = await fetch("SELECT seconds FROM ledger_event WHERE kind = 'answer'")
    assert len(ledger) == 1, "and charged once"
    # Going back in the browser and typing in the next person's is another form, though on the same page.
    next_one = await client.post(address(survey), data=data | {"entry-reference": "R-18"}, headers=SAME)
    assert next_one.status_code == 303
    assert len(await fetch(STORED, survey.id)) == 2
    other = await client.post(address(survey), data=data | {"entry-submission": "b" * 32}, headers=SAME)
    assert "has answered before, on paper" in other.text


async def test_what_was_received_before_the_closing_is_typed_in_after_it(client: CheckingClient) -> None:
    survey = await make_survey(state="closed")
    contact = await make_contact(reference="R-17")
    await make_invitation(survey=survey, contact=contact)
    close = """UPDATE survey SET opened_at = now() - interval '60 days',
                   closed_at = now() - $2 * interval '1 day' WHERE id = $1"""
    await fetch(close, survey.id, 5)
    today = datetime.now(ZoneInfo("Europe/London")).date()
    page = address(survey)
    assert "Needed, because the survey is closed." in (await client.get(page)).text

    def received(days_ago: int) -> dict[str, str]:
        day = today - timedelta(days=days_ago)
        parts = {"day": day.day, "month": day.month, "year": day.year}
        return {f"entry_received_{name}": str(number) for name, number in parts.items()}

    whose = {"entry_who": "invited", "entry_reference": "R-17", "q1": "yes"}
    for fields, said in (
        ({}, "Say on which day the form was received"),
        (received(3), "received after the survey was closed"),
        (received(70), "was not open before"),
        ({"entry_received_day": "31", "entry_received_month": "2"}, "is no date"),
    ):
        refused = await enter(client, page, **whose, **fields)
        assert refused.status_code == 422
        assert said in refused.text
    done = await enter(client, page, **whose, **received(6))
    assert done.status_code == 303, done.text
    again = await client.get(done.headers["location"])
    assert f'value="{(today - timedelta(days=6)).year}"' in again.text, "the day stays for the next form"
    (row,) = await fetch(
        """SELECT response.mode, response.received_on, response.origin, invitation.state FROM response
           JOIN invitation ON invitation.id = response.invitation WHERE response.survey = $1""",
        survey.id,
    )
    assert tuple(row.values()) == ("paper", today - timedelta(days=6), "sample", "answered")
    (event,) = await fetch("SELECT detail FROM audit_event WHERE action = 'answers.enter'")
    detail = json.loads(str(event["detail"]))
    assert (detail["received_on"], detail["is_late"]) == ((today - timedelta(days=6)).isoformat(), 1)
    assert (await enter(client, page, q1="no", **received(6))).status_code == 303, "nobody invited, too"
    # After the period nothing is taken, however early it was received.
    await fetch(close, survey.id, 29)
    refused = await enter(client, page, q1="no", **received(40))
    assert refused.status_code == 422
    assert "could be typed in until" in refused.text
    assert len(await fetch(STORED, survey.id)) == 2


async def test_estimates_count_what_came_late(client: CheckingClient) -> None:
    survey = await make_survey(slug="parks", state="closed")
    sample = await make_sample(survey, {"resident": (300, 100)})
    answers = repeat(q1={"yes": 40, "no": 19})
    await make_answers(survey, answers, invitations=sample["resident"][:59])
    await fetch(
        "UPDATE survey SET opened_at = now() - interval '9 days', closed_at = now() WHERE id = $1", survey.id
    )
    await fetch(
        """UPDATE contact SET reference = 'R-17' FROM invitation
           WHERE contact.id = invitation.contact AND invitation.id = $1""",
        sample["resident"][70],
    )
    before = await export_results("parks", small_cell=10, by=None)
    day = datetime.now(ZoneInfo("Europe/London")).date()
    typed = {
        "entry_received_day": str(day.day),
        "entry_received_month": str(day.month),
        "q2": "yes",
        "q3": "5",
    }
    stored = await enter(
        client, address(survey), entry_who="invited", entry_reference="R-17", q1="no", q4="Well.",
        entry_received_year=str(day.year), **typed,
    )  # fmt: skip
    assert stored.status_code == 303, stored.text
    (row,) = await fetch("SELECT disposition FROM response WHERE received_on IS NOT NULL")
    assert row["disposition"] == "complete"
    after = await export_results("parks", small_cell=10, by=None)
    assert (before.sample.counted, after.sample.counted) == (50, 60), "figures move on per ten"


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
