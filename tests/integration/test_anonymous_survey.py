"""An anonymous survey from the form to the results: answered once, counted honestly, tied to nobody."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from survey_service.db.fieldwork import count_answers
from survey_service.services.answers.mix_answers import mix_answers
from survey_service.services.contacts.recompute_burden import recompute_burden
from survey_service.services.results.count_dispositions import count_dispositions
from survey_service.services.results.review_survey import export_results
from survey_service.services.safeguarding.scan_sealed import scan_sealed
from survey_service.settings import Settings
from tests.conftest import SECRET_KEY
from tests.support.anonymous import answer, close_and_mix, make_anonymous_survey, make_links
from tests.support.client import CheckingClient
from tests.support.long_form import Walk, long_questionnaire
from tests.support.make import MadeSurvey, make_invitation, make_question, make_questionnaire, make_survey
from tests.support.make_answers import make_answers, make_sample
from tests.support.own_page import make_person, path_of
from tests.support.rows import fetch


async def one_link() -> tuple[MadeSurvey, str]:
    survey = await make_anonymous_survey()
    return survey, (await make_links(survey, {"resident": (40, 1)}))["resident"][0]


async def test_the_form_says_so_is_sent_once_and_leaves_nothing_but_a_used_link(
    client: CheckingClient,
) -> None:
    survey, token = await one_link()
    walk = await Walk(client, f"/s/{token}/en").open()
    assert "This survey is anonymous: we do not keep who gave which answers." in walk.html
    assert "you cannot change your answers once they are sent" in walk.html
    assert "resume-key" not in walk.html
    assert "/continue" not in walk.html
    page = walk.html
    await walk.send(q1="yes", q3="7", q4="more lights")
    assert walk.status == 303
    for table in ("response", "answer", "begun_form", "known_fact", "text_to_scan", "experience"):
        assert await fetch(f"SELECT 1 FROM {table}") == [], table
    [invitation] = await fetch("SELECT state, answered_at FROM invitation")
    [charged] = await fetch("SELECT kind, seconds, planned_seconds, survey_slug, at FROM ledger_event")
    [form] = await fetch("SELECT planned_seconds FROM form")
    assert invitation["state"] == "answered"
    assert invitation["answered_at"] == charged["at"]
    assert (charged["at"].second, charged["at"].minute, charged["at"].microsecond) == (59, 59, 0)  # type: ignore[attr-defined]
    assert (charged["kind"], charged["seconds"]) == ("anonymous", form["planned_seconds"])
    assert (charged["planned_seconds"], charged["survey_slug"]) == (0, survey.slug)
    # The made invitation has a receipt and no charge; what was answered has nothing to be compared with.
    assert [one.kind for one in (await recompute_burden()).differences] == ["invitation"]
    [boxed] = await fetch("SELECT sealed FROM sealed_answer")
    assert b"more lights" not in bytes(boxed["sealed"])  # type: ignore[arg-type]
    thanks = await client.get(f"/s/{token}/en/thanks")
    assert thanks.status_code == 200
    assert "experience" not in thanks.text
    # The second click of an impatient person is thanked, too; another copy of the form is refused.
    walk.html = page
    assert (await walk.send(q1="yes", q3="7", q4="more lights")).status == 303
    again = await client.post(f"/s/{token}/en", data={"q1": "no", "open-submission": "0" * 32})
    assert again.status_code == 409
    assert "Change my answers" not in again.text
    assert len(await fetch("SELECT 1 FROM sealed_answer UNION ALL SELECT 1 FROM ledger_event")) == 2


async def test_nothing_asks_for_or_takes_what_would_tie_answers_to_a_person(client: CheckingClient) -> None:
    _, token = await one_link()
    for page in ("continue", "continue/code"):
        assert (await client.get(f"/s/{token}/en/{page}")).headers["location"] == f"/s/{token}/en"
        assert (await client.post(f"/s/{token}/en/{page}")).headers["location"] == f"/s/{token}/en"
    resumed = await client.post(
        f"/s/{token}/en",
        data={"form-go": "resume", "resume-key": "A" * 22, "open-submission": "0" * 32, "q1": "yes"},
    )
    assert resumed.status_code == 303, "no key is known here: what was posted is the form"
    assert await fetch("SELECT 1 FROM one_time_code") == []
    rated = await client.post(f"/s/{token}/en/experience", data={"score": "5"})
    assert "rated" not in rated.headers["location"]
    assert await fetch("SELECT 1 FROM experience") == []


async def test_a_form_without_its_copy_is_not_taken(client: CheckingClient) -> None:
    _, token = await one_link()
    for copy in ({}, {"open-submission": "x"}):
        assert (await client.post(f"/s/{token}/en", data={"q1": "yes"} | copy)).status_code == 400


async def test_a_longer_form_goes_page_by_page_and_nothing_is_kept_on_the_way(
    client: CheckingClient, settings: Settings
) -> None:
    questionnaire = make_questionnaire(
        core=long_questionnaire().core, blocks=long_questionnaire().blocks, is_anonymous=True
    )
    survey = await make_anonymous_survey(questionnaire=questionnaire)
    links = (await make_links(survey, {"resident": (40, 10)}))["resident"]
    for place, token in enumerate(links):
        walk = await Walk(client, f"/s/{token}/en").open()
        assert "Nothing is saved before you send it." in walk.html
        await walk.send(s1="yes", s2="no", s3=f"words {place}")
        assert (walk.status, "Your answers so far are saved" in walk.html) == (200, False)
        assert "Nothing is saved" not in walk.html, "said once"
        await walk.send(s4="", s5="no")
        assert (await walk.send(s6="no")).status == 303
    assert await fetch("SELECT 1 FROM begun_form") == []
    await close_and_mix(survey, settings)
    rows = await fetch("SELECT submission FROM response")
    kept = [msgspec.json.decode(str(row["submission"])) for row in rows]
    assert len(kept) == 10
    # The fields of questions, and nothing a page carries besides: no time, no copy, no page.
    assert {name.split("-")[0] for one in kept for name in one} <= {f"s{number}" for number in range(1, 9)}
    assert {one["s3"][0] for one in kept} == {f"words {place}" for place in range(10)}


async def test_results_weigh_and_count_what_was_mixed_as_if_it_had_names(
    client: CheckingClient, settings: Settings
) -> None:
    survey = await make_anonymous_survey()
    strata = {"business": (4000, 40), "resident": (300, 40), "visitor": (90, 6), "worker": (90, 5)}
    links = await make_links(survey, strata)
    given = {
        "business": ["yes"] * 12 + ["no"] * 8, "resident": ["yes"] * 19,
        "visitor": ["yes"] * 6, "worker": ["no"] * 5,
    }  # fmt: skip
    for stratum, choices in given.items():
        for token, choice in zip(links[stratum], choices, strict=False):
            assert (await answer(client, token, q1=choice, q3="1", q4="fine")).status == 303
    silent = await count_dispositions(survey.slug, small_cell=10)
    assert (silent.sent, silent.counts["other"], silent.counts["complete"]) == (91, 50, 0)
    [wave] = await fetch("SELECT id FROM wave")
    used = {stratum: len(choices) for stratum, choices in given.items()}
    assert {one.name: one.answers for one in await count_answers(int(str(wave["id"])))} == used
    [mixed] = await close_and_mix(survey, settings)
    assert (mixed.opened, mixed.sealed) == (50, 0)
    assert {one.name: one.answers for one in await count_answers(int(str(wave["id"])))} == used
    rows = await fetch("SELECT s.name, r.weight FROM response r LEFT JOIN stratum s ON s.id = r.stratum")
    weights = {row["name"]: row["weight"] for row in rows}
    assert weights == pytest.approx({"business": 100, "resident": 7.5, None: (6 * 15 + 5 * 18) / 11})
    results = await export_results(survey.slug, small_cell=10, by=None)
    assert (results.sample.invited, results.sample.counted) == (91, 50)
    assert {one.name: one.suppressed for one in results.sample.by_stratum}["visitor"]
    [yes] = [one for one in results.questions[0].estimates if one.option == "yes"]
    assert yes.share is not None
    assert yes.low < yes.share < yes.high
    # 20 businesses of weight 100, 19 residents of 7.5, and 11 of small strata with the mean of theirs.
    assert yes.share == pytest.approx(0.62, abs=0.001)
    counted = await count_dispositions(survey.slug, small_cell=10)
    assert (counted.counts["complete"], counted.counts["other"]) == (50, 0)


async def test_where_nothing_has_to_hide_estimates_are_those_of_a_named_survey(
    client: CheckingClient, settings: Settings
) -> None:
    given = {"large": ["yes"] * 13 + ["no"] * 7, "small": ["yes"] * 4 + ["no"] * 16}
    anonymous = await make_anonymous_survey()
    links = await make_links(anonymous, {"large": (4000, 40), "small": (300, 30)})
    for stratum, choices in given.items():
        for token, choice in zip(links[stratum], choices, strict=False):
            await answer(client, token, q1=choice, q3="5", q4="fine")
    await close_and_mix(anonymous, settings)
    named = await make_survey(
        questionnaire=msgspec.structs.replace(anonymous.questionnaire, is_anonymous=False)
    )
    sample = await make_sample(named, {"large too": (4000, 40), "small too": (300, 30)})
    for stratum, choices in given.items():
        answers = [{"q1": choice, "q3": 5, "q4": "fine"} for choice in choices]
        await make_answers(named, answers, invitations=sample[f"{stratum} too"])
    one, other = [await export_results(survey.slug, small_cell=10, by=None) for survey in (anonymous, named)]
    assert one.questions == other.questions
    assert one.questions[0].estimates[0].low is not None
    for ours, theirs in zip(one.sample.by_stratum, other.sample.by_stratum, strict=True):
        assert (ours.invited, ours.answered, ours.rate) == (theirs.invited, theirs.answered, theirs.rate)


async def test_while_a_survey_is_open_ten_of_each_stratum_stay_sealed(
    client: CheckingClient, settings: Settings
) -> None:
    survey = await make_anonymous_survey()
    links = await make_links(survey, {"business": (4000, 30), "resident": (300, 12)})
    for token in (*links["business"][:24], *links["resident"]):
        await answer(client, token, q1="yes")
    [mixed] = await mix_answers(settings, at=datetime.now(UTC))
    assert (mixed.opened, mixed.sealed) == (14, 22)
    before = await fetch("SELECT id FROM response")
    # A later version of the rule made a notice of an answer that is out already.
    await fetch(
        """INSERT INTO danger_notice (response, question, survey, kinds, text_hash, rule_version, answered_at)
           VALUES ((SELECT min(id) FROM response), 'q1', $1, 'violence', '', '2', now())""",
        survey.id,
    )
    for token in links["business"][24:]:
        await answer(client, token, q1="no")
    [again] = await mix_answers(settings, at=datetime.now(UTC))
    assert (again.opened, again.sealed) == (0, 28), "six more would be known by their day"
    assert await fetch("SELECT id FROM response") == before
    [last] = await close_and_mix(survey, settings)
    assert (last.opened, last.sealed) == (28, 0)
    after = await fetch("SELECT id, xmin::text, submitted_at FROM response")
    assert len(after) == 42
    assert not {row["id"] for row in before} & {row["id"] for row in after}, "all are dealt anew"
    [noticed] = await fetch("SELECT option FROM answer a JOIN danger_notice n ON n.response = a.response")
    assert noticed["option"] == "yes"
    assert len({(row["xmin"], row["submitted_at"]) for row in after}) == 1


async def test_fewer_than_ten_are_never_opened_and_deleted_after_thirty_days(
    client: CheckingClient, settings: Settings
) -> None:
    survey = await make_anonymous_survey()
    for token in (await make_links(survey, {"resident": (300, 9)}))["resident"]:
        await answer(client, token, q1="yes")
    assert [(one.opened, one.sealed) for one in await close_and_mix(survey, settings)] == [(0, 9)]
    later = datetime.now(UTC) + timedelta(days=31)
    [gone] = await mix_answers(settings, at=later)
    assert (gone.opened, gone.sealed, gone.deleted) == (0, 0, 9)
    assert await fetch("SELECT 1 FROM sealed_answer UNION ALL SELECT 1 FROM response") == []


async def test_another_key_opens_nothing_and_loses_nothing(
    client: CheckingClient, settings: Settings
) -> None:
    survey = await make_anonymous_survey()
    for token in (await make_links(survey, {"resident": (300, 10)}))["resident"]:
        await answer(client, token, q1="yes")
    other = replace(settings, secret_key="another key of forty characters in tests!")
    scanned = await scan_sealed(other.secret_key.encode(), datetime.now(UTC))
    assert (scanned.texts, scanned.unreadable) == (0, 10)
    await scan_sealed(SECRET_KEY.encode(), datetime.now(UTC))
    await fetch("UPDATE survey SET state = 'closed', closed_at = now() WHERE id = $1", survey.id)
    [kept] = await mix_answers(other, at=datetime.now(UTC))
    assert (kept.opened, kept.sealed, kept.unreadable) == (0, 10, 10)
    assert [(one.opened, one.sealed) for one in await close_and_mix(survey, settings)] == [(10, 0)]


async def test_a_text_about_danger_is_found_within_minutes_and_without_its_answer(
    client: CheckingClient, settings: Settings
) -> None:
    survey = await make_anonymous_survey()
    links = (await make_links(survey, {"resident": (300, 10)}))["resident"]
    for token in links[:9]:
        await answer(client, token, q1="yes", q4="more lights")
    await answer(client, links[9], q1="no", q4="My husband beats me and I am scared to go home")
    key = SECRET_KEY.encode()
    scanned = await scan_sealed(key, datetime.now(UTC))
    assert (scanned.texts, scanned.found) == (10, 1)
    assert (await scan_sealed(key, datetime.now(UTC))).found == 0
    [notice] = await fetch("SELECT response, question, kinds, sealed_text FROM danger_notice")
    assert (notice["response"], notice["question"]) == (None, "q4")
    assert b"husband" not in bytes(notice["sealed_text"])  # type: ignore[arg-type]
    await close_and_mix(survey, settings)
    assert await fetch("SELECT 1 FROM text_to_scan") == []
    assert len(await fetch("SELECT 1 FROM danger_notice")) == 1


async def test_the_own_page_shows_the_planned_time_and_no_hour(
    client: CheckingClient, settings: Settings
) -> None:
    survey = await make_anonymous_survey()
    person = await make_person(settings)
    invitation = await make_invitation(survey=survey, contact=person)
    await answer(client, invitation.token, q1="yes")
    page = await client.get(f"{await path_of(person, settings)}/en")
    assert "Your answers to an anonymous survey (planned time)" in page.text
    assert "23:59" not in page.text
    assert f"/s/{invitation.token}" not in page.text, "nothing is left to answer or decline"


async def test_known_facts_are_neither_used_nor_asked_for(client: CheckingClient) -> None:
    core = make_questionnaire().core
    question = make_question("q1", is_required=True, remember_as="ward")
    questionnaire = make_questionnaire(
        core=type(core)(name="core", label=core.label, questions=(question,)), blocks=(), is_anonymous=True
    )
    survey = await make_anonymous_survey(questionnaire=questionnaire)
    [token] = (await make_links(survey, {"resident": (300, 1)}))["resident"]
    walk = await Walk(client, f"/s/{token}/en").open()
    assert "remember-answers" not in walk.html
    assert "Remember what I said" not in walk.html
    await walk.send(q1="yes", remember__answers="yes")
    assert await fetch("SELECT 1 FROM known_fact") == []
