"""Forecast, draw and the record of a draw: the same figures on every page, one draw a confirmation."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from survey_service.db.engine import transaction
from survey_service.services.rotation.survey_frame import today
from survey_service.settings import Settings
from tests.support.client import CheckingClient, running_client
from tests.support.make import insert, make_department, make_survey
from tests.support.register import contact_rows, fill_register, open_new_survey
from tests.support.rows import fetch
from tests.support.staff import audited, csrf_of, make_staff, sign_in_as


@pytest.fixture
async def client(settings: Settings, tmp_path: Path) -> AsyncIterator[CheckingClient]:
    """The running application: 80 people, the open survey `parks`, and its communications officer."""
    async with running_client(settings) as opened:
        await fill_register(tmp_path, settings, contact_rows(80))
        await open_new_survey(tmp_path)
        await make_staff(department="Parks")
        await sign_in_as(opened)
        yield opened


def figures(page: str) -> list[str]:
    """The numbers a page is about."""
    return re.findall(r'figure__number">([^<]*)<', page)


def hidden_fields(page: str) -> dict[str, str]:
    """The hidden fields of the form in the page's content."""
    content = page.split("<main", 1)[1]
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', content))


async def confirm(client: CheckingClient, n: int = 20) -> dict[str, str]:
    return hidden_fields((await client.get(f"/staff/surveys/parks/draw?n={n}")).text)


async def post_draw(client: CheckingClient, fields: dict[str, str]) -> httpx.Response:
    return await client.post(
        "/staff/surveys/parks/draw", data=fields, headers={"sec-fetch-site": "same-origin"}
    )


async def state_of_register() -> list[list[dict[str, object]]]:
    """Everything a draw may change."""
    tables = ("unit", "contact", "cell", "wave", "draw", "invitation", "ledger_event", "receipt")
    return [await fetch(f"SELECT * FROM {table} ORDER BY id") for table in tables]


async def test_reserved_people_are_not_said_to_be_gone_for_ever(client: CheckingClient) -> None:
    fields = await confirm(client, 60)
    assert (await post_draw(client, fields | {"send": "later"})).status_code == 303
    page = (await client.get("/staff/surveys/parks/forecast?n=60")).text
    assert "Not while they are reserved" in page
    assert "Never" not in page


async def test_a_draw_gives_what_was_forecast_and_rehearsed(client: CheckingClient) -> None:
    forecast = (await client.get("/staff/surveys/parks/forecast?n=20")).text
    assert figures(forecast) == ["20", "80", "0"]
    rehearsal = await client.get("/staff/surveys/parks/draw?n=20")
    assert figures(rehearsal.text) == ["20", "20", "0"]
    answer = await post_draw(client, hidden_fields(rehearsal.text))
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/staff/surveys/parks/draws/1?")
    record = (await client.get("/staff/surveys/parks/draws/1")).text
    assert figures(record) == ["20", "20", "0"]
    draw = (await fetch("SELECT seed, frame_hash FROM draw"))[0]
    assert draw["seed"] in record
    assert draw["frame_hash"].hex() in record  # type: ignore[attr-defined]
    assert draw["frame_hash"].hex() in rehearsal.text  # type: ignore[attr-defined]
    assert draw["seed"] not in rehearsal.text, "who will be drawn must not be known before"
    assert "Ann Example" in record
    assert "0.2500" in record


async def test_looking_changes_nothing(client: CheckingClient) -> None:
    await client.get("/staff/surveys/parks/forecast")
    before = await state_of_register()
    await client.get("/staff/surveys/parks/forecast?n=20")
    await client.get("/staff/surveys/parks/draw?n=20")
    assert await state_of_register() == before


async def test_a_double_click_draws_once(client: CheckingClient) -> None:
    fields = await confirm(client)
    for _ in range(2):
        answer = await post_draw(client, fields)
        assert answer.headers["location"].startswith("/staff/surveys/parks/draws/1?")
    assert len(await fetch("SELECT FROM draw")) == 1
    assert (await audited()).count("survey.draw") == 1


async def test_a_register_that_changed_since_is_noticed(
    client: CheckingClient, settings: Settings, tmp_path: Path
) -> None:
    fields = await confirm(client)
    await fill_register(tmp_path, settings, contact_rows(81)[80:])
    answer = await post_draw(client, fields)
    assert answer.status_code == 409
    assert "The register changed since you looked" in answer.text
    assert await fetch("SELECT FROM draw") == []
    again = hidden_fields(answer.text)
    assert again["frame_hash"] != fields["frame_hash"]
    assert (await post_draw(client, again)).status_code == 303


async def test_a_wave_somebody_else_drew_meanwhile_is_noticed(client: CheckingClient) -> None:
    fields, other = await confirm(client, 20), await confirm(client, 12)
    await post_draw(client, other)
    async with transaction() as lent:  # as if the other had drawn from another frame
        await lent.execute("UPDATE draw SET frame_hash = '\\x00'")
    answer = await post_draw(client, fields)
    assert answer.status_code == 409
    assert len(await fetch("SELECT FROM draw")) == 1


async def test_what_cannot_be_drawn_is_said_beside_what_would_work(
    client: CheckingClient, settings: Settings
) -> None:
    yesterday = today(settings) - timedelta(days=1)
    past = f"date-day={yesterday.day}&date-month={yesterday.month}&date-year={yesterday.year}"
    for query, said in (
        ("n=81", "1 to 80, everybody who consented and can be reached"),
        ("n=none", "in digits"),
        ("n=0", "in digits"),
        ("n=-3", "in digits"),
        ("date-day=31&date-month=2&date-year=2027", "a day that exists"),
        ("date-day=1&date-month=1&date-year=99999999999999999999", "a day that exists"),
        (past, "or later"),
    ):
        for page, status in (("forecast", 422), ("draw", 409)):
            answer = await client.get(f"/staff/surveys/parks/{page}?{query}")
            assert answer.status_code == status, query
            assert said in answer.text, query


async def test_missing_people_are_said_and_recorded(client: CheckingClient) -> None:
    await post_draw(client, await confirm(client, 60))
    second = await client.get("/staff/surveys/parks/forecast?n=60")
    assert figures(second.text) == ["60", "20", "40"]
    assert "Resting" in second.text
    rehearsal = await client.get("/staff/surveys/parks/draw?n=60")
    assert figures(rehearsal.text) == ["60", "20", "40"]
    assert "the gap is recorded" in rehearsal.text
    await post_draw(client, hidden_fields(rehearsal.text))
    assert figures((await client.get("/staff/surveys/parks/draws/2")).text) == ["60", "20", "40"]
    nobody = await client.get("/staff/surveys/parks/draw?n=60")
    assert nobody.status_code == 409
    assert "Nobody may be asked on this day." in nobody.text


async def test_a_replay_says_whether_the_draw_is_the_same(client: CheckingClient) -> None:
    await post_draw(client, await confirm(client))
    same = await client.get("/staff/surveys/parks/draws/1/replay")
    assert ">Identical<" in same.text
    async with transaction() as lent:
        await lent.execute("UPDATE draw_member SET weight = weight + 1 WHERE position = 1")
    other = await client.get("/staff/surveys/parks/draws/1/replay")
    assert ">Not identical<" in other.text
    assert "weight was" in other.text
    async with transaction() as lent:
        await lent.execute("UPDATE draw SET algorithm = 'older'")
    assert "cannot be made again" in (await client.get("/staff/surveys/parks/draws/1/replay")).text


async def test_no_page_of_a_draw_names_a_person(client: CheckingClient) -> None:
    await post_draw(client, await confirm(client))
    named = await fetch(
        "SELECT c.reference, d.name, d.email FROM contact c JOIN contact_detail d ON d.contact = c.id"
    )
    for path in ("forecast", "draw?n=9", "draws", "draws/1", "draws/1/replay"):
        page = (await client.get(f"/staff/surveys/parks/{path}")).text
        for person in named:
            assert not any(str(value) in page for value in person.values())


async def test_only_planners_of_the_department_get_there(client: CheckingClient) -> None:
    await post_draw(client, await confirm(client))
    await make_survey(slug="cycling", department=await make_department("Road Safety"))
    pages = ("forecast", "draw", "draws", "draws/1", "draws/1/replay")
    for page in pages:
        assert (await client.get(f"/staff/surveys/cycling/{page}")).status_code == 404
    assert (await client.get("/staff/surveys/parks/draws/2")).status_code == 404
    assert (await client.get(f"/staff/surveys/parks/draws/{10**30}")).status_code == 404
    fields = await confirm(client)
    await make_staff("v@example.org", role="viewer", department="Parks")
    await sign_in_as(client, "v@example.org")
    for page in pages:
        assert (await client.get(f"/staff/surveys/parks/{page}")).status_code == 403
    results = (await client.get("/staff/surveys/parks")).text
    assert "/staff/surveys/parks/draws" not in results
    fields["csrf_token"] = csrf_of(results)
    assert (await post_draw(client, fields)).status_code == 403
    assert len(await fetch("SELECT FROM draw")) == 1


async def test_a_survey_that_is_not_open_has_a_forecast_and_no_draw(client: CheckingClient) -> None:
    async with transaction() as lent:
        await lent.execute("UPDATE survey SET state = 'draft', opened_at = NULL")
    forecast = await client.get("/staff/surveys/parks/forecast?n=20")
    assert "Nothing can be drawn while the survey is not open." in forecast.text
    assert (await client.get("/staff/surveys/parks/draw?n=20")).status_code == 409
    assert "Nothing has been drawn yet" in (await client.get("/staff/surveys/parks/draws")).text


async def test_a_freeze_stops_a_confirmed_draw_and_is_named(client: CheckingClient) -> None:
    fields = await confirm(client)
    await insert("contact_freeze", {"reason": "Major incident"})
    answer = await post_draw(client, fields)
    assert answer.status_code == 409
    assert "Major incident" in answer.text
    assert await fetch("SELECT FROM draw") == []
