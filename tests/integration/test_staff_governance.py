"""Staff pages of freezes, limits, shares, exceptions and replicates: what they change, and for whom."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from survey_service.services.gate.freeze_contact import list_freezes
from survey_service.services.gate.set_limit import list_limits
from survey_service.services.planning.review_budget import review_budget
from survey_service.services.rotation.survey_frame import today
from survey_service.settings import Settings
from tests.support.client import CheckingClient, running_client
from tests.support.make import make_department
from tests.support.register import contact_rows, fill_register, open_new_survey
from tests.support.rows import fetch
from tests.support.staff import audited, csrf_of, make_staff, sign_in_as


@pytest.fixture
async def client(settings: Settings, tmp_path: Path) -> AsyncIterator[CheckingClient]:
    """The running application: 80 people, the open survey `parks`, and an administrator signed in."""
    async with running_client(settings) as opened:
        rows = contact_rows(80)
        for row in rows:
            row["attribute.victim"] = "no"
        await fill_register(tmp_path, settings, rows)
        await open_new_survey(tmp_path)
        await make_staff("a@example.org", role="admin", department="Parks")
        await make_staff("b@example.org", role="admin", department="Parks")
        await make_staff("c@example.org", department="Parks")
        await make_staff("v@example.org", role="viewer", department="Parks")
        await sign_in_as(opened, "a@example.org")
        yield opened


async def post(client: CheckingClient, page: str, path: str, **fields: str | list[str]) -> httpx.Response:
    token = csrf_of((await client.get(page)).text)
    return await client.post(
        path, data=fields | {"csrf_token": token}, headers={"sec-fetch-site": "same-origin"}
    )


async def test_whoever_plans_freezes_and_an_administrator_thaws(client: CheckingClient) -> None:
    await sign_in_as(client, "c@example.org")
    refused = await post(client, "/staff/freezes", "/staff/freezes", kind="", purpose="", reason=" ")
    assert refused.status_code == 409
    assert "A freeze needs a reason" in refused.text
    for kind in ("", "reminder"):
        answer = await post(
            client, "/staff/freezes", "/staff/freezes", kind=kind, purpose="", reason="Bomb <b>threat"
        )
        assert answer.status_code == 303
    page = (await client.get("/staff/freezes")).text
    assert page.count("Bomb &lt;b&gt;threat") == 2
    assert "/staff/freezes/thaw" not in page
    answer = await post(client, "/staff/freezes", "/staff/freezes/thaw", kind="", purpose="")
    assert answer.status_code == 403
    rehearsed = (await client.get("/staff/surveys/parks/draw?n=8")).text
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', rehearsed))
    drawn = await post(client, "/staff/freezes", "/staff/surveys/parks/draw", **fields)
    assert drawn.status_code == 409
    assert "frozen since" in drawn.text
    await sign_in_as(client, "a@example.org")
    for _ in range(2):  # a second click changes nothing
        answer = await post(client, "/staff/freezes", "/staff/freezes/thaw", kind="", purpose="")
        assert answer.status_code == 303
    assert [one.kind for one in await list_freezes()] == ["reminder"]
    freezes = [action for action in await audited() if action.startswith("contact.")]
    assert freezes == ["contact.freeze", "contact.freeze", "contact.thaw"]


async def test_an_administrator_sets_and_ends_limits(client: CheckingClient) -> None:
    page = "/staff/limits"
    answer = await post(client, page, "/staff/limits/purpose", survey="parks", purpose="Parks & more")
    assert answer.status_code == 409
    answer = await post(client, page, "/staff/limits/purpose", survey="parks", purpose="parks")
    assert answer.status_code == 303
    fields: dict[str, str | list[str]] = {
        "name": "Parks once", "purpose": "parks", "attribute": "", "value": "", "invitations": "1",
        "window_days": "365", "reason": "Enough of parks",
    }  # fmt: skip
    never = await post(client, page, page, **(fields | {"invitations": "0"}))
    assert never.status_code == 409
    assert "one invitation at least" in never.text
    assert 'value="Parks once"' in never.text
    for expected in (303, 409):  # the second has the same name
        assert (await post(client, page, page, **fields)).status_code == expected
    assert "1 in 365 days" in (await client.get(page)).text
    await sign_in_as(client, "c@example.org")
    shown = (await client.get(page)).text
    assert "Enough of parks" in shown
    assert "/staff/limits/end" not in shown
    for path in (page, "/staff/limits/end", "/staff/limits/purpose"):
        assert (await post(client, "/staff/freezes", path, **fields)).status_code == 403
    await sign_in_as(client, "a@example.org")
    for _ in range(2):
        assert (await post(client, page, "/staff/limits/end", name="Parks once")).status_code == 303
    assert await list_limits() == []


async def test_shares_are_changed_all_or_none(client: CheckingClient, settings: Settings) -> None:
    await make_department("Roads")
    page = "/staff/budget/shares"
    names = re.findall(r'name="department" value="([^"]+)"', (await client.get(page)).text)
    assert names == ["Parks", "Roads"]
    for shares, expected in (
        (["70", "20"], 303),
        (["20", "80"], 303),
        (["30", "80"], 409),
        (["x", "1"], 409),
    ):
        answer = await post(client, page, page, department=names, share=shares)
        assert answer.status_code == expected, answer.text
    found = await review_budget(settings)
    assert [found.departments[name].share for name in names] == [0.2, 0.8]
    assert 'value="80"' in (await client.get(page)).text
    await sign_in_as(client, "c@example.org")
    assert (await client.get(page)).status_code == 403


async def test_an_exception_needs_a_second_person(client: CheckingClient, settings: Settings) -> None:
    page, until = "/staff/budget/exceptions", today(settings) + timedelta(days=30)
    fields: dict[str, str | list[str]] = {
        "department": "Parks", "n": "25", "reason": "After the flood",
        "date-day": str(until.day), "date-month": str(until.month), "date-year": str(until.year),
    }  # fmt: skip
    for wrong in ({"n": "many"}, {"reason": ""}, {"date-day": "32"}, {"date-year": "2001"}):
        answer = await post(client, page, page, **(fields | wrong))
        assert answer.status_code == 409, wrong
    for _ in range(3):
        assert (await post(client, page, page, **fields)).status_code == 303
    own = await post(client, page, f"{page}/1", decision="granted")
    assert own.status_code == 409
    assert "Nobody approves an exception of their own" in own.text
    assert (await post(client, page, f"{page}/3", decision="withdrawn")).status_code == 303
    await sign_in_as(client, "b@example.org")
    for _ in range(2):
        assert (await post(client, page, f"{page}/1", decision="granted")).status_code == 303
    assert (await post(client, page, f"{page}/1", decision="refused")).status_code == 409
    assert (await post(client, page, f"{page}/2", decision="refused")).status_code == 303
    assert (await post(client, page, f"{page}/99", decision="granted")).status_code == 404
    found = await review_budget(settings)
    assert [(one.requested_by, one.approver, one.invitations) for one in found.exceptions] == [
        ("a@example.org", "b@example.org", 25)
    ]
    states = await fetch("SELECT state FROM exception_request ORDER BY id")
    assert [row["state"] for row in states] == ["granted", "refused", "withdrawn"]
    assert "No request waits." in (await client.get(page)).text
    # Communications ask for their own department and decide nothing.
    await make_department("Roads")
    await sign_in_as(client, "c@example.org")
    assert (await post(client, page, page, **(fields | {"department": "Roads"}))).status_code == 409
    assert (await post(client, page, page, **fields)).status_code == 303
    assert (await post(client, page, f"{page}/1", decision="granted")).status_code == 404
    assert (await post(client, page, f"{page}/4", decision="granted")).status_code == 409
    assert len((await review_budget(settings)).exceptions) == 1


async def test_replicates_are_released_and_cancelled_one_by_one(client: CheckingClient) -> None:
    rehearsed = (await client.get("/staff/surveys/parks/draw?n=16")).text
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', rehearsed))
    drawn = await post(client, "/staff/freezes", "/staff/surveys/parks/draw", **(fields | {"send": "later"}))
    assert drawn.status_code == 303
    page = "/staff/surveys/parks/draws/1"
    assert "Release all that wait" in (await client.get(page)).text
    for step, replicate in (("release", "2"), ("release", "2"), ("cancel", "3"), ("cancel", "2")):
        assert (await post(client, page, f"{page}/{step}", replicate=replicate)).status_code == 303
    assert (await post(client, page, f"{page}/release", replicate="x")).status_code == 404
    assert (
        await post(client, page, "/staff/surveys/parks/draws/9/release", replicate="1")
    ).status_code == 404
    states = await fetch(
        """SELECT r.number, i.state, count(*) AS n FROM invitation i
           JOIN draw_member m ON m.id = i.draw_member JOIN replicate r ON r.id = m.replicate
           GROUP BY r.number, i.state ORDER BY r.number"""
    )
    assert [(row["number"], row["state"], row["n"]) for row in states] == [
        (1, "reserved", 4), (2, "sent", 4), (3, "cancelled", 4), (4, "reserved", 4)
    ]  # fmt: skip
    await post(client, "/staff/freezes", "/staff/freezes", kind="", purpose="", reason="Flood")
    frozen = await post(client, page, f"{page}/release", replicate="all")
    assert frozen.status_code == 409
    assert "Flood" in frozen.text
    await post(client, "/staff/freezes", "/staff/freezes/thaw", kind="", purpose="")
    assert (await post(client, page, f"{page}/release", replicate="all")).status_code == 303
    assert "Release all that wait" not in (await client.get(page)).text
    await sign_in_as(client, "v@example.org")
    for path in ("/staff/freezes", "/staff/limits", "/staff/budget/exceptions", "/staff/budget/shares"):
        assert (await client.get(path)).status_code == 403
