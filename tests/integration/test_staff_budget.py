"""Budget and price pages: the figures of the services, approval of exactly what was seen, by whom it may."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from survey_service.settings import Settings
from tests.support.client import CheckingClient, running_client
from tests.support.make import make_department, make_survey
from tests.support.register import contact_rows, fill_register, open_new_survey
from tests.support.rows import fetch
from tests.support.staff import audited, csrf_of, make_staff, sign_in_as


@pytest.fixture
async def client(settings: Settings, tmp_path: Path) -> AsyncIterator[CheckingClient]:
    """The running application: 80 people, the open survey `parks`, and an administrator signed in."""
    async with running_client(settings) as opened:
        await fill_register(tmp_path, settings, contact_rows(80))
        await open_new_survey(tmp_path)
        await make_staff("a@example.org", role="admin", department="Parks")
        await sign_in_as(opened, "a@example.org")
        yield opened


def figures(page: str) -> list[str]:
    return re.findall(r'figure__number">([^<]*)<', page)


def hidden_fields(page: str) -> dict[str, str]:
    content = page.split("<main", 1)[1]
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', content))


async def post(client: CheckingClient, step: str, fields: dict[str, str]) -> httpx.Response:
    return await client.post(
        f"/staff/surveys/parks/{step}", data=fields, headers={"sec-fetch-site": "same-origin"}
    )


async def test_an_approval_is_kept_from_everybody_and_comes_back(client: CheckingClient) -> None:
    assert figures((await client.get("/staff/budget")).text) == ["160", "0", "0", "160"]
    priced = await client.get("/staff/surveys/parks/price?n=40")
    assert figures(priced.text)[:2] == ["40", "25.0%"]
    answer = await post(client, "approve", hidden_fields(priced.text))
    assert answer.status_code == 303
    assert figures((await client.get("/staff/budget")).text) == ["160", "0", "40", "120"]
    approved = await client.get("/staff/surveys/parks/price")
    assert "40 invitations are kept for this survey. a@example.org approved them" in approved.text
    assert 'action="/staff/surveys/parks/approve"' not in approved.text
    for _ in range(2):
        answer = await post(client, "withdraw", {"csrf_token": csrf_of(approved.text)})
        assert answer.status_code == 303
    assert figures((await client.get("/staff/budget")).text) == ["160", "0", "0", "160"]
    noted = await audited()
    assert (noted.count("approval.given"), noted.count("approval.withdrawn")) == (1, 1)


async def test_a_double_click_approves_once(client: CheckingClient) -> None:
    fields = hidden_fields((await client.get("/staff/surveys/parks/price?n=40")).text)
    for _ in range(2):
        assert (await post(client, "approve", fields)).status_code == 303
    assert len(await fetch("SELECT FROM approval")) == 1


async def test_only_what_was_seen_is_approved(client: CheckingClient) -> None:
    fields = hidden_fields((await client.get("/staff/surveys/parks/price?n=40")).text)
    answer = await post(client, "approve", fields | {"seen": "39"})
    assert answer.status_code == 409
    assert "nothing was approved" in answer.text
    assert await fetch("SELECT FROM approval") == []


async def test_what_cannot_be_reached_is_said_and_has_no_button(client: CheckingClient) -> None:
    page = (await client.get("/staff/surveys/parks/price?margin=5")).text
    assert "It cannot be approved like this" in page
    assert re.search(r"\d+ answers are needed, and asking everybody gives \d+\.", page)
    assert 'action="/staff/surveys/parks/approve"' not in page
    fields = {"csrf_token": csrf_of(page), "margin": "5", "seen": "80"}
    assert (await post(client, "approve", fields)).status_code == 409
    assert await fetch("SELECT FROM approval") == []


async def test_what_was_typed_wrongly_is_said_beside_its_field(client: CheckingClient) -> None:
    for query, said in (
        ("margin=0", "from 1 to 50 points"),
        ("margin=many", "from 1 to 50 points"),
        ("n=none", "how many people"),
        ("n=0", "how many people"),
        ("n=99999", "Possible:"),
    ):
        answer = await client.get(f"/staff/surveys/parks/price?{query}")
        assert answer.status_code == 422, query
        assert said in answer.text, query


async def test_communications_price_their_own_and_approve_nothing(client: CheckingClient) -> None:
    await make_survey(slug="cycling", department=await make_department("Road Safety"))
    await make_staff("c@example.org", department="Parks")
    await sign_in_as(client, "c@example.org")
    overview = (await client.get("/staff/budget")).text
    assert "Road Safety" in overview
    assert "/staff/surveys/parks/price" in overview
    assert "/staff/surveys/cycling/price" not in overview
    assert (await client.get("/staff/surveys/cycling/price")).status_code == 404
    page = (await client.get("/staff/surveys/parks/price?n=40")).text
    assert "An administrator approves it." in page
    for step in ("approve", "withdraw"):
        fields = {"csrf_token": csrf_of(page), "n": "40", "seen": "40"}
        assert (await post(client, step, fields)).status_code == 403
    assert await fetch("SELECT FROM approval") == []


async def test_a_viewer_sees_no_budget(client: CheckingClient) -> None:
    await make_staff("v@example.org", role="viewer", department="Parks")
    await sign_in_as(client, "v@example.org")
    assert (await client.get("/staff/budget")).status_code == 403
    assert (await client.get("/staff/surveys/parks/price")).status_code == 403
