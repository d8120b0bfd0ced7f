"""The time that is told corrects itself after thirty timed completes, on pages that are in memory, too."""

import asyncio

from survey_service.services.questionnaires.measure_length import list_question_seconds, measure_length
from tests.support.client import CheckingClient
from tests.support.make import insert, make_invitation, make_survey
from tests.support.rows import fetch


async def add_timed(survey: int, version: int, form: int, seconds: list[int | None]) -> None:
    for one in seconds:
        values = {
            "survey": survey, "questionnaire_version": version, "form": form, "origin": "open",
            "language": "en", "disposition": "complete", "privacy_notice_version": "x",
            "active_seconds": one, "submission": "{}",
        }  # fmt: skip
        await insert("response", values)


async def test_after_thirty_timed_completes_the_measured_time_is_told(client: CheckingClient) -> None:
    survey = await make_survey()
    invitation = await make_invitation(survey=survey)
    address = f"/s/{invitation.token}/en"
    assert "about 3 minutes" not in (await client.get(address)).text
    # Without a script nothing was measured: those do not count, however many.
    await add_timed(survey.id, survey.questionnaire_version, invitation.form, [170] * 29 + [None] * 5)
    assert await measure_length() == 0
    await add_timed(survey.id, survey.questionnaire_version, invitation.form, [10])
    assert await measure_length() == 1
    assert await measure_length() == 0, "nothing new to tell"
    assert await fetch("SELECT measured_seconds FROM form WHERE measured_seconds IS NOT NULL") == [
        {"measured_seconds": 170}
    ]
    async with asyncio.timeout(60):
        while "This takes about 3 minutes." not in (await client.get(address)).text:
            await asyncio.sleep(0.02)


async def test_the_time_of_each_question_is_told_where_enough_were_measured(client: CheckingClient) -> None:
    survey = await make_survey()
    for number in range(3):
        invitation = await make_invitation(survey=survey)
        spent = f"q1:{number + 4}.5 q2:nonsense q3:999999 ' OR 1=1:3"
        sent = await client.post(
            f"/s/{invitation.token}/en",
            data={"q1": "yes", "q2": "no", "q3": "3", "q4": "x", "question-seconds": spent},
        )
        assert sent.status_code == 303
    found = await list_question_seconds(survey.slug, small_cell=3)
    assert [(one.question, one.n, one.median) for one in found] == [("q1", 3, 5.5), ("q3", 3, 1200.0)]
    assert await list_question_seconds(survey.slug, small_cell=4) == []
