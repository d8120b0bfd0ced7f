"""Publishing the open link: links, codes, answers by channel, and answers in doubt set in or aside."""

import re
import struct
from collections.abc import AsyncIterator

import httpx
import pytest

from survey_service.domain.channels import OFFLINE_CHANNELS, channel_words
from survey_service.settings import Settings
from survey_service.web.staff.channel_names import channel_names
from tests.support.client import CheckingClient, running_client
from tests.support.make import MadeSurvey, make_department, make_survey
from tests.support.make_answers import make_answers, repeat
from tests.support.rows import fetch
from tests.support.staff import csrf_of, make_staff, sign_in_as

PAGE = "/staff/surveys/parks/channels"


@pytest.fixture
async def client(settings: Settings) -> AsyncIterator[CheckingClient]:
    """The running application, and somebody of the communications team."""
    async with running_client(settings) as opened:
        await make_staff()
        await sign_in_as(opened)
        yield opened


def main_of(page: httpx.Response) -> str:
    text = re.sub("<[^>]+>", " ", page.text.split("<main", 1)[1])
    return " ".join(text.split())


async def decide(client: CheckingClient, flag: str, do: str) -> httpx.Response:
    token = csrf_of((await client.get(PAGE)).text)
    return await client.post(
        PAGE,
        data={"csrf_token": token, "flag": flag, "do": do},
        headers={"sec-fetch-site": "same-origin"},
    )


async def flag_answers(survey: MadeSurvey, number: int, flags: str, **times: object) -> None:
    await make_answers(survey, repeat(**times), channel="poster")
    await fetch(
        """UPDATE response SET flags = $2 WHERE id IN
           (SELECT id FROM response WHERE survey = $1 ORDER BY id DESC LIMIT $3)""",
        survey.id, flags, number,
    )  # fmt: skip


async def test_links_codes_and_answers_by_channel(client: CheckingClient, settings: Settings) -> None:
    survey = await make_survey(slug="parks")
    await make_answers(survey, repeat(q1={"yes": 14, "no": 12}), channel="poster")
    await make_answers(survey, repeat(q1={"yes": 13}), channel="facebook")
    await make_answers(survey, repeat(q1={"yes": 2}), channel="event")
    page = await client.get(PAGE)
    text = main_of(page)
    assert f"{settings.public_url}/o/parks?from=magazine" in text
    assert re.search(r"Poster \S+ SVG Poster · PNG Poster 25", text)
    assert re.search(r"Event \S+ SVG Event · PNG Event Hidden", text), "two answers are nobody's business"
    assert "40 answers are counted" in text

    svg = await client.get(f"{PAGE}/poster.svg")
    assert svg.headers["content-type"].startswith("image/svg+xml")
    assert svg.headers["content-disposition"] == 'attachment; filename="parks-poster.svg"'
    assert "from=poster</title>" in svg.text
    png = (await client.get(f"{PAGE}/poster.png")).content
    width, height = struct.unpack(">II", png[16:24])
    assert png.startswith(b"\x89PNG")
    assert width == height >= 800
    for missing in ("poster.gif", "radio.svg", "poster"):
        assert (await client.get(f"{PAGE}/{missing}")).status_code == 404


async def test_answers_in_doubt_wait_for_a_decision_that_is_recorded(client: CheckingClient) -> None:
    survey = await make_survey(slug="parks")
    await make_answers(survey, repeat(q1={"yes": 20}), channel="poster")
    await flag_answers(survey, 20, "fast", q1={"no": 20})
    await flag_answers(survey, 10, "fast network", q1={"no": 10})
    await flag_answers(survey, 3, "trap", q1={"no": 3})
    results = "/staff/surveys/parks"
    assert "Through the open link 20" in main_of(await client.get(results))
    page = main_of(await client.get(PAGE))
    assert re.search(r"Filled in faster than anybody can read it 30 Set aside Count them", page)
    assert "was filled in Hidden Set aside Too few to decide on" in page

    assert (await decide(client, "trap", "count")).status_code == 409
    for _ in range(2):
        assert (await decide(client, "fast", "count")).status_code == 303
    assert "Through the open link 40" in main_of(await client.get(results))
    await decide(client, "network", "count")
    assert "Through the open link 50" in main_of(await client.get(results))
    await decide(client, "fast", "set_aside")
    assert "Through the open link 20" in main_of(await client.get(results))
    assert (await decide(client, "ugly", "count")).status_code == 409
    noted = await fetch(
        "SELECT action, detail->>'flag' AS flag FROM audit_event WHERE action ~ 'flagged' ORDER BY id"
    )
    assert [tuple(row.values()) for row in noted] == [
        ("flagged.count", "fast"), ("flagged.count", "network"), ("flagged.set_aside", "fast"),
    ]  # fmt: skip


async def test_only_those_who_plan_for_the_department(client: CheckingClient) -> None:
    await make_survey(slug="parks", department=await make_department("Roads"))
    assert (await client.get(PAGE)).status_code == 404
    await make_survey(slug="trees")
    await make_staff("v@example.org", role="viewer")
    await sign_in_as(client, "v@example.org")
    for path in ("/staff/surveys/trees/channels", "/staff/surveys/trees/channels/poster.png"):
        assert (await client.get(path)).status_code == 403


def test_every_channel_has_a_name_that_people_can_read() -> None:
    names = channel_names()
    assert set(names) == {"", *channel_words, *OFFLINE_CHANNELS}
    assert all(name[0].isupper() for name in names.values())
