"""The time that is told corrects itself after thirty timed completes, on pages that are in memory, too."""

import asyncio

from survey_service.services.measure_length import measure_length
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
    async with asyncio.timeout(10):
        while "This takes about 3 minutes." not in (await client.get(address)).text:
            await asyncio.sleep(0.02)
