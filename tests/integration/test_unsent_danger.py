"""Danger on a page that was saved and not sent, and in older texts once the rule has changed."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import httpx
import msgspec
import pytest

from survey_service.domain.questionnaire import Questionnaire
from survey_service.services.safeguarding import scan_again as again
from survey_service.services.safeguarding.scan_again import RECENT, scan_again
from survey_service.services.safeguarding.scan_danger import scan_danger
from survey_service.settings import Settings
from tests.integration.test_safeguarding import PATH, WORDS, main_of, name, post, write
from tests.support.client import CheckingClient, running_client
from tests.support.long_form import Walk, long_questionnaire
from tests.support.make import make_department, make_invitation, make_survey
from tests.support.rows import fetch
from tests.support.staff import make_staff, sign_in_as


@pytest.fixture
async def client(settings: Settings) -> AsyncIterator[CheckingClient]:
    """The running application and an officer, signed in."""
    async with running_client(settings) as opened:
        department = await make_department()
        await make_staff("admin@example.org", role="admin")
        await make_staff("officer@example.org", role="viewer")
        await sign_in_as(opened, "admin@example.org")
        await name(opened, "officer@example.org", department)
        await sign_in_as(opened, "officer@example.org")
        yield opened


def questionnaire() -> Questionnaire:
    """The long one, in which s3 repeats what s1 was answered."""
    made = long_questionnaire()
    questions = tuple(
        msgspec.structs.replace(one, label=one.label | {"en": "You said ${s1}. Why?"})
        if one.name == "s3"
        else one
        for one in made.core.questions
    )
    return msgspec.structs.replace(made, core=msgspec.structs.replace(made.core, questions=questions))


async def notices() -> list[tuple[object, ...]]:
    rows = await fetch("SELECT response IS NOT NULL AS sent, question, state FROM danger_notice ORDER BY id")
    return [tuple(row.values()) for row in rows]


async def open_notice(client: CheckingClient) -> str:
    [row] = await fetch("SELECT id FROM danger_notice")
    page = f"{PATH}/notices/{row['id']}"
    assert (await post(client, page, do="open")).status_code == 303
    return main_of(await client.get(page))


async def test_a_saved_page_is_looked_through_and_officers_see_that_it_was_not_sent(
    client: CheckingClient,
) -> None:
    invitation = await make_invitation(survey=await make_survey(questionnaire=questionnaire()))
    walk = await Walk(client, f"/s/{invitation.token}/en").open()
    await walk.send(s1="yes", s3=WORDS)
    now = datetime.now(UTC)
    assert (await scan_danger(now)).found == 1
    assert await notices() == [(False, "s3", "new")]
    listed: httpx.Response = await client.get(PATH)
    assert "Not sent" in main_of(listed)
    opened = await open_notice(client)
    assert WORDS in opened
    assert "Not sent: saved with a page of a longer form." in opened
    assert "You said …. Why?" in opened
    assert "${" not in opened

    # The next page changes nothing, sending makes it an answer like any other: nobody is told again.
    await walk.send(s4="7")
    await scan_danger(now)
    await walk.send(s6="yes")
    assert (await scan_danger(now)).found == 1
    assert await notices() == [(True, "s3", "seen")]
    [row] = await fetch("SELECT id FROM danger_notice")
    sent = main_of(await client.get(f"{PATH}/notices/{row['id']}"))
    assert WORDS in sent
    assert "Not sent" not in sent


async def test_another_text_is_another_case_and_one_taken_back_is_gone(client: CheckingClient) -> None:
    invitation = await make_invitation(survey=await make_survey(questionnaire=questionnaire()))
    walk = await Walk(client, f"/s/{invitation.token}/en").open()
    await walk.send(s1="yes", s3=WORDS)
    now = datetime.now(UTC)
    await scan_danger(now)
    await open_notice(client)
    await walk.back()
    await walk.send(s1="yes", s3="I want to end my life")
    await scan_danger(now)
    assert await notices() == [(False, "s3", "new")], "told again"
    await walk.back()
    await walk.send(s1="yes", s3="More lights, please")
    assert (await scan_danger(now)).found == 0
    opened = await open_notice(client)
    assert "lights" not in opened
    assert "changed or erased it before sending" in opened


async def test_a_new_version_of_the_rule_looks_through_recent_texts_once_more(
    client: CheckingClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    survey = await make_survey()
    await write(survey, WORDS, "More lights, please", "I want to die", "he hits me", "fine")
    now = datetime.now(UTC)
    while await scan_again(now):
        pass
    await scan_danger(now)
    # As if the last version had known none of these words; one was decided on, one is too old by now.
    await fetch("DELETE FROM danger_notice WHERE id <> (SELECT min(id) FROM danger_notice)")
    await fetch(
        """UPDATE danger_notice SET state = 'acted', decided_at = now(),
           decided_by = (SELECT min(id) FROM staff)"""
    )
    late = now - RECENT - timedelta(days=1)
    await fetch(
        """UPDATE response SET submitted_at = $1 WHERE id = (
               SELECT response FROM answer WHERE text_value = 'he hits me')""",
        late,
    )
    monkeypatch.setattr(again, "AT_ONCE", 2)
    parts = []
    while part := await scan_again(now, rule_version="newer"):
        parts.append(part)
    assert parts == [2, 2], "a part at a time, and on where it stopped"
    again_there = await scan_danger(now)
    assert (again_there.texts, again_there.found) == (3, 1)
    assert sorted(await notices()) == [(True, "q4", "acted"), (True, "q4", "new")]
    assert await scan_again(now, rule_version="newer") == 0
    assert (await scan_danger(now)).texts == 0, "once for each version"
