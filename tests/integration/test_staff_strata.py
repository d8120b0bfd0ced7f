"""Cells of the register and strata of a survey: counted before, changed by whom it may, refused in parts."""

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
from tests.support.staff import csrf_of, make_staff, sign_in_as


@pytest.fixture
async def client(settings: Settings, tmp_path: Path) -> AsyncIterator[CheckingClient]:
    """The running application: 80 people, half of them of the ward Bridge, and an administrator."""
    async with running_client(settings) as opened:
        rows = [
            row | {"attribute.ward": "Bridge" if number % 8 < 4 else "Tower"}
            for number, row in enumerate(contact_rows(80), start=1)
        ]
        await fill_register(tmp_path, settings, rows)
        await open_new_survey(tmp_path)
        await make_staff("a@example.org", role="admin", department="Parks")
        await sign_in_as(opened, "a@example.org")
        yield opened


def content(page: httpx.Response) -> str:
    return " ".join(page.text.split("<main", 1)[1].split())


async def post(client: CheckingClient, path: str, fields: dict[str, str | list[str]]) -> httpx.Response:
    token = csrf_of((await client.get("/staff/surveys")).text)
    return await client.post(
        path, data={"csrf_token": token, **fields}, headers={"sec-fetch-site": "same-origin"}
    )


async def keys() -> list[str]:
    rows = await fetch("SELECT DISTINCT c.key FROM unit u JOIN cell c ON c.id = u.cell")
    return sorted(str(row["key"]) for row in rows)


async def test_a_division_is_counted_before_and_made_by_an_administrator(client: CheckingClient) -> None:
    before = await keys()
    assert not any("ward" in key for key in before)
    preview = await client.get("/staff/cells?chosen=yes&attribute=ward")
    assert "resident, ward: Bridge" in content(preview)
    assert "moves everybody in the register at once" in content(preview)
    assert await keys() == before, "looking moves nobody"
    for _ in range(2):
        answer = await post(client, "/staff/cells", {"attribute": "ward"})
        assert answer.status_code == 303
    assert any("ward=Bridge" in key for key in await keys())
    assert len(await fetch("SELECT FROM audit_event WHERE action = 'cells.define'")) == 1
    assert "Divided by audience, surveys a year they chose, randomised arm, ward" in content(
        await client.get("/staff/cells")
    )
    back = await client.get("/staff/cells?chosen=yes")
    assert "It would be divided by audience, surveys a year they chose, randomised arm<" in content(back)


async def test_small_cells_are_warned_of(client: CheckingClient, settings: Settings, tmp_path: Path) -> None:
    row = contact_rows(81)[80] | {"attribute.ward": "Aldgate"}
    await fill_register(tmp_path, settings, [row])
    assert "Fewer than 10" in content(await client.get("/staff/cells?chosen=yes&attribute=ward"))


async def test_an_attribute_nobody_has_is_refused(client: CheckingClient) -> None:
    for answer in (
        await client.get("/staff/cells?chosen=yes&attribute=shoe"),
        await post(client, "/staff/cells", {"attribute": "shoe"}),
    ):
        assert answer.status_code == 409
        assert "Nobody in the register has the attribute shoe." in content(answer)


async def test_whole_cells_become_named_strata(client: CheckingClient) -> None:
    path = "/staff/surveys/parks/strata"
    cells = await keys()
    fields: dict[str, str | list[str]] = {
        "cell": cells,
        "stratum": ["city" if key.startswith(("resident", "worker")) else "" for key in cells],
    }
    counted = await post(client, path, fields | {"step": "count"})
    assert counted.status_code == 200
    tried = content(counted).split("As you typed them, not saved", 1)[1].split("</table>")[0]
    assert ">city<" in tried
    assert "not saved" not in content(await client.get(path))
    assert "city" not in content(await client.get(path)), "counting sets nothing"
    assert (await post(client, path, fields | {"step": "save"})).status_code == 303
    stands = content(await client.get(path)).split("</table>")[0]
    assert ">city<" in stands
    assert "visitor" not in stands
    forecast = content(await client.get("/staff/surveys/parks/forecast?n=10"))
    assert ">city<" in forecast
    assert (await post(client, path, fields | {"step": "reset"})).status_code == 303
    assert "visitor" in content(await client.get(path)).split("</table>")[0]


async def test_what_is_no_cell_or_no_name_is_refused_and_what_was_typed_stays(client: CheckingClient) -> None:
    path = "/staff/surveys/parks/strata"
    for step in ("count", "save"):
        odd = await post(client, path, {"step": step, "cell": ["resident", "moon"], "stratum": ["x", "y"]})
        assert odd.status_code == 409
        assert "moon" in content(odd)
        assert re.search(r'id="stratum-\d+" name="stratum" value="x"', content(odd))
        long = await post(client, path, {"step": step, "cell": ["resident"], "stratum": ["x" * 300]})
        assert long.status_code == 409
    assert ">x<" not in content(await client.get(path)).split("</table>")[0]


async def test_after_a_draw_strata_stay(client: CheckingClient) -> None:
    page = (await client.get("/staff/surveys/parks/draw?n=20")).text.split("<main", 1)[1]
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page))
    await client.post("/staff/surveys/parks/draw", data=fields)
    path = "/staff/surveys/parks/strata"
    stands = await client.get(path)
    assert "stay as they are" in content(stands)
    assert 'name="stratum"' not in stands.text
    answer = await post(client, path, {"step": "save", "cell": ["resident"], "stratum": ["x"]})
    assert answer.status_code == 409


async def test_communications_set_their_own_strata_and_divide_nothing(client: CheckingClient) -> None:
    await make_survey(slug="cycling", department=await make_department("Road Safety"))
    await make_staff("c@example.org", department="Parks")
    await sign_in_as(client, "c@example.org")
    assert "An administrator decides" in content(await client.get("/staff/cells?chosen=yes&attribute=ward"))
    assert (await post(client, "/staff/cells", {"attribute": "ward"})).status_code == 403
    assert (await client.get("/staff/surveys/cycling/strata")).status_code == 404
    fields: dict[str, str | list[str]] = {"step": "save", "cell": ["resident"], "stratum": ["x"]}
    assert (await post(client, "/staff/surveys/cycling/strata", fields)).status_code == 404
    assert (await post(client, "/staff/surveys/parks/strata", fields)).status_code == 303
    await make_staff("v@example.org", role="viewer", department="Parks")
    await sign_in_as(client, "v@example.org")
    for path in ("/staff/cells", "/staff/surveys/parks/strata"):
        assert (await client.get(path)).status_code == 403
        assert (await post(client, path, fields)).status_code == 403
