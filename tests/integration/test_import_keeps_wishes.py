"""What a person set on the own page outlives the next file of contacts."""

from pathlib import Path

import pytest

from survey_service.db.own_page import set_wishes
from survey_service.domain.wishes import Wishes
from survey_service.settings import Settings
from tests.support.register import contact_rows, fill_register
from tests.support.rows import fetch

pytestmark = pytest.mark.usefixtures("database")


async def test_what_people_chose_themselves_no_file_changes_back(settings: Settings, tmp_path: Path) -> None:
    rows = contact_rows(3, mobile="")
    for number, row in enumerate(rows, 1):
        row["mobile"] = f"+4479460001{number:02d}"
    await fill_register(tmp_path, settings, rows)
    ids = [row["id"] for row in await fetch("SELECT id FROM contact ORDER BY reference")]
    # The first chose both, the second saved the page without changing anything.
    await set_wishes(ids[0], Wishes(surveys_a_year=None, topics=[], language="bn", channel="text"))
    await set_wishes(ids[1], Wishes(surveys_a_year=None, topics=[], language="en", channel="email"))

    async def held() -> list[tuple[str, str]]:
        found = await fetch("SELECT language, channel FROM contact ORDER BY reference")
        return [(row["language"], row["channel"]) for row in found]

    assert (await fill_register(tmp_path, settings, rows)).unchanged == 3
    assert await held() == [("bn", "text"), ("en", "email"), ("en", "email")]
    rows = [row | {"language": "fr", "name": "New Name"} for row in rows]
    assert (await fill_register(tmp_path, settings, rows)).changed == 3
    assert await held() == [("bn", "text"), ("fr", "email"), ("fr", "email")]
    assert {row["name"] for row in await fetch("SELECT name FROM contact_detail")} == {"New Name"}
    # Without an address for it the choice cannot hold.
    rows[0]["mobile"] = ""
    await fill_register(tmp_path, settings, rows)
    assert await held() == [("bn", "email"), ("fr", "email"), ("fr", "email")]
