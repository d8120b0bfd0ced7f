"""A form too long for one page: each page is kept, nothing typed is lost, and nobody else sees it."""

from datetime import UTC, datetime, timedelta

import pytest

from survey_service.services.answers.settle_begun_forms import settle_begun_forms
from survey_service.services.results.count_dispositions import count_dispositions
from survey_service.settings import Settings
from tests.support.client import CheckingClient
from tests.support.long_form import Walk, long_questionnaire, make_long_survey
from tests.support.make import MadeInvitation, make_invitation
from tests.support.rows import fetch


async def begin(client: CheckingClient) -> tuple[MadeInvitation, Walk]:
    invitation = await make_invitation(survey=await make_long_survey())
    return invitation, await Walk(client, f"/s/{invitation.token}/en").open()


async def answers_of(invitation: MadeInvitation) -> set[tuple[str, object]]:
    rows = await fetch(
        "SELECT question, option, text_value, number_value FROM answer JOIN response r ON r.id = response "
        f"WHERE r.invitation = {invitation.id}"
    )
    return {(row["question"], row["option"] or row["text_value"] or row["number_value"]) for row in rows}


async def test_page_by_page_to_the_end_with_everything_in_one_response(client: CheckingClient) -> None:
    invitation, walk = await begin(client)
    assert "Question 1 of 7" in walk.html
    assert "Question 4 of 7" not in walk.html
    await walk.send(s1="yes", s2="no", s3="my words")
    assert walk.status == 200
    assert "Question 4 of 7" in walk.html
    assert "Follow-up question" in walk.html, "decided by the page before"
    assert "Answer this only if it applies" not in walk.html
    assert "Your answers so far are saved" in walk.html
    await walk.send(s4="12", s5="no")
    assert "Question 7 of 7" in walk.html
    await walk.send(s6="no")
    assert walk.status == 303
    expected = {("s1", "yes"), ("s2", "no"), ("s3", "my words"), ("s4", 12.0), ("s5", "no"), ("s6", "no")}
    assert await answers_of(invitation) == expected
    [response] = await fetch("SELECT disposition, submission FROM response")
    assert response["disposition"] == "partial", "six of eight"
    assert walk.address not in str(response["submission"])
    assert "resume-key" not in str(response["submission"]), "what is stored opens nothing"


async def test_a_question_that_does_not_apply_is_not_shown(client: CheckingClient) -> None:
    _, walk = await begin(client)
    await walk.send(s1="no")
    assert 'name="s4"' in walk.html
    assert 'name="s5"' not in walk.html


async def test_mistakes_stay_on_their_page_and_back_loses_nothing(client: CheckingClient) -> None:
    invitation, walk = await begin(client)
    await walk.send(s3="kept & <b>")
    assert walk.status == 422
    assert 'href="#s1"' in walk.html
    assert 's6"' not in walk.html, "what was not asked yet is no mistake"
    await walk.send(s1="yes", s3="kept & <b>")
    await walk.back(s4="not a number")
    assert walk.status == 200
    assert "kept &amp; &lt;b&gt;" in walk.html
    assert "Question 1 of 7" in walk.html
    await walk.send(s1="yes", s3="kept & <b>")
    assert 'value="not a number"' in walk.html, "what was typed before going back is there again"
    await walk.send(s4="3")
    await walk.send(switch_language="fr")
    assert 'lang="fr"' in walk.html
    assert "(fr)" in walk.html
    await walk.send(s6="yes")
    assert {("s3", "kept & <b>"), ("s4", 3.0)} <= await answers_of(invitation)


async def test_a_forwarded_link_shows_nothing_that_was_typed(client: CheckingClient) -> None:
    _, walk = await begin(client)
    await walk.send(s1="yes", s3="a secret")
    other = await Walk(client, walk.address).open()
    assert "a secret" not in other.html
    guessed = await client.post(walk.address, data={"resume-key": "A" * 22, "form-go": "resume"})
    assert "a secret" not in guessed.text
    mine = await client.post(walk.address, data={"resume-key": walk.key, "form-go": "resume"})
    assert "a secret" in mine.text
    assert "Question 4 of 7" in mine.text
    stranger = await make_invitation(survey=await make_long_survey())
    elsewhere = await client.post(
        f"/s/{stranger.token}/en", data={"resume-key": walk.key, "form-go": "resume"}
    )
    assert "a secret" not in elsewhere.text
    assert await fetch("SELECT count(*)::int AS n FROM begun_form") == [{"n": 1}]


async def test_two_devices_at_once_count_once(client: CheckingClient, settings: Settings) -> None:
    invitation, one = await begin(client)
    two = await Walk(client, one.address).open()
    await one.send(s1="yes")
    await two.send(s1="no")
    assert await fetch("SELECT count(*)::int AS n FROM begun_form") == [{"n": 2}]
    for walk in (one, two):
        await walk.send(s4="1")
        await walk.send(s6="yes")
    assert (one.status, two.status) == (303, 409)
    assert ("s1", "yes") in await answers_of(invitation)
    assert await settle_now(settings) == 0
    assert await fetch("SELECT count(*)::int AS n FROM begun_form") == [{"n": 0}]


async def settle_now(settings: Settings, later: timedelta = timedelta()) -> int:
    return await settle_begun_forms(settings.database_url, datetime.now(UTC) + later)


async def test_who_was_passed_the_link_cannot_keep_its_owner_out(client: CheckingClient) -> None:
    invitation, walk = await begin(client)
    for _ in range(10):
        await (await Walk(client, walk.address).open()).send(s1="no")
    await walk.send(s1="yes")
    assert walk.status == 200
    assert "Your answers so far are saved" not in walk.html
    await walk.send(s4="1")
    await walk.send(s6="yes")
    assert walk.status == 303
    assert ("s1", "yes") in await answers_of(invitation)


@pytest.mark.parametrize("end", ["closed", "expired"])
async def test_what_was_left_counts_by_its_share_when_the_time_is_over(
    client: CheckingClient, settings: Settings, end: str
) -> None:
    enough, walk = await begin(client)
    await walk.send(s1="yes", s2="no", s3="words")
    await walk.send(s4="1", s5="no")
    survey = enough.survey
    little = await make_invitation(survey=await find_survey(survey))
    short = await Walk(client, f"/s/{little.token}/en").open()
    await short.send(s1="no")
    assert await settle_now(settings) == 0, "as long as it can be answered it waits"
    if end == "closed":
        await fetch(f"UPDATE survey SET state = 'closed' WHERE id = {survey} RETURNING id")
    later = timedelta(days=29) if end == "expired" else timedelta()
    assert await settle_now(settings, later) == 2
    assert await settle_now(settings, later) == 0
    rows = await fetch("SELECT invitation, disposition, charged_seconds FROM response ORDER BY invitation")
    assert [(row["invitation"], row["disposition"]) for row in rows] == [
        (enough.id, "partial"), (little.id, "break_off")
    ]  # fmt: skip
    assert await answers_of(little) == {("s1", "no")}
    [ledger] = await fetch("SELECT count(*)::int AS n FROM ledger_event WHERE kind = 'answer'")
    assert ledger["n"] == 2, "time was spent, so it is charged"


async def find_survey(survey: int):  # type: ignore[no-untyped-def]
    """The made survey of this id, as another invitation needs it."""
    from tests.support.make import MadeSurvey

    [row] = await fetch(
        f"SELECT s.id, s.slug, s.department, v.id AS version FROM survey s "
        f"JOIN questionnaire_version v ON v.survey = s.id WHERE s.id = {survey}"
    )
    forms = await fetch(f"SELECT key, id FROM form WHERE questionnaire_version = {row['version']}")
    return MadeSurvey(
        id=int(str(row["id"])),
        slug=str(row["slug"]),
        department=int(str(row["department"])),
        questionnaire=long_questionnaire(),
        questionnaire_version=int(str(row["version"])),
        forms={str(form["key"]): int(str(form["id"])) for form in forms},
    )


async def test_an_open_form_turns_its_pages_too_and_keeps_nothing_on_the_way(client: CheckingClient) -> None:
    survey = await make_long_survey()
    walk = await Walk(client, f"/o/{survey.slug}/en").open()
    await walk.send(s1="yes")
    assert 'name="s5"' in walk.html
    await walk.send(s4="1")
    await walk.send(s6="yes")
    assert walk.status == 303
    assert await fetch("SELECT origin FROM response") == [{"origin": "open"}]
    assert await fetch("SELECT count(*)::int AS n FROM begun_form") == [{"n": 0}]


async def test_partial_refused_returned_and_silent_are_told_apart(client: CheckingClient) -> None:
    survey = await make_long_survey()
    fates = {
        "complete": {"state": "answered", "answered_at": datetime.now(UTC)}, "silent": {},
        "undelivered": {"undelivered_at": datetime.now(UTC)},
        "refusal": {"state": "cancelled", "cancelled_for": "person", "cancelled_at": datetime.now(UTC)},
    }  # fmt: skip
    for columns in fates.values():
        for _ in range(10):
            await make_invitation(survey=survey, **columns)
    await fetch(
        """INSERT INTO response (survey, questionnaire_version, form, origin, invitation, language,
               disposition, privacy_notice_version, submission)
           SELECT w.survey, f.questionnaire_version, f.id, 'sample', i.id, 'en', 'complete', 'x', '{}'
           FROM invitation i JOIN wave w ON w.id = i.wave JOIN form f ON f.id = i.form
           WHERE i.state = 'answered' RETURNING id"""
    )
    found = await count_dispositions(survey.slug, small_cell=10)
    assert found.counts == dict.fromkeys(fates, 10) | {"partial": 0, "other": 0}
    assert found.rates is not None
    assert (found.sent, found.rates.RR1, found.rates.REF1) == (40, 0.25, 0.25)
    assert (await count_dispositions(survey.slug, small_cell=11)).counts["refusal"] is None
