"""The open link in a flood: doubts are kept beside the answer, and nobody is turned away."""

import re
import time
from dataclasses import replace

import httpx
import pytest

from survey_service.domain import flood
from survey_service.settings import Settings
from tests.support.client import running_client
from tests.support.make import MadeSurvey, make_survey
from tests.support.rows import fetch


async def open_copy(client: httpx.AsyncClient, survey: MadeSurvey) -> dict[str, str]:
    page = (await client.get(f"/o/{survey.slug}/en?from=poster")).text
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))


async def answer(client: httpx.AsyncClient, survey: MadeSurvey, **fields: str) -> httpx.Response:
    posted = await open_copy(client, survey) | {"q1": "yes"} | fields
    return await client.post(f"/o/{survey.slug}/en", data=posted)


async def flags_of(survey: MadeSurvey) -> list[str]:
    return [
        row["flags"]
        for row in await fetch("SELECT flags FROM response WHERE survey = $1 ORDER BY id", survey.id)
    ]


async def test_doubts_are_stored_with_the_answer(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running_client(replace(settings, open_network_limit=3)) as client:
        survey = await make_survey()
        page = (await client.get(f"/o/{survey.slug}/en")).text
        assert f'name="{flood.TRAP_FIELD}" value="" tabindex="-1" autocomplete="off"' in page
        await answer(client, survey)
        await answer(client, survey, **{flood.TRAP_FIELD: "https://buy.example"})
        monkeypatch.setattr(flood, "LEAST_SECONDS", 0)
        monkeypatch.setattr(flood, "SECONDS_AN_ANSWER", 0)
        await answer(client, survey)
        await answer(client, survey)
        made_up = await client.post(f"/o/{survey.slug}/en", data={"q1": "yes", "open-submission": "a" * 40})
        assert made_up.status_code == 303
        assert await flags_of(survey) == ["fast", "fast trap", "", "network", "network forged"]
        kept = await fetch("SELECT to_jsonb(r)::text AS whole FROM response r WHERE survey = $1", survey.id)
        assert not any("127.0.0" in row["whole"] for row in kept)


async def test_in_a_flood_a_browser_works_and_a_person_without_script_waits(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running_client(replace(settings, open_attack_rate=1)) as client:
        survey = await make_survey()
        await answer(client, survey)
        held = await answer(client, survey)
        assert held.status_code == 429
        kept = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', held.text))
        assert kept["q1"] == "yes"
        assert len(await flags_of(survey)) == 1

        too_early = await client.post(f"/o/{survey.slug}/en", data=kept)
        assert too_early.status_code == 429
        moment = time.time()
        monkeypatch.setattr(
            "survey_service.web.respondent.open_defence.time", lambda: moment + flood.WAIT_SECONDS
        )
        assert (await client.post(f"/o/{survey.slug}/en", data=kept)).status_code == 303

        copy = await open_copy(client, survey)
        proof = next(str(n) for n in range(2_000_000) if flood.is_proof(copy["open-submission"], str(n)))
        worked = await client.post(f"/o/{survey.slug}/en", data=copy | {"q1": "no", flood.PROOF_FIELD: proof})
        assert worked.status_code == 303
        assert len(await flags_of(survey)) == 3

        other = await make_survey()
        assert (await answer(client, other)).status_code == 303
