"""What a draw reads of the register: people brought to their units, and days counted where people live."""

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from survey_service.db import frame, frame_history
from survey_service.db.contact_standing import IN_FRAME, LEFT, PAUSED
from survey_service.services.rotation.draw_wave import draw_wave
from survey_service.services.rotation.survey_frame import today
from survey_service.settings import Settings
from tests.support.cells import places, residents
from tests.support.make import insert, make_contact
from tests.support.register import contact_row, fill_register, open_new_survey
from tests.support.rows import fetch

pytestmark = pytest.mark.usefixtures("database")

NEVER = -1


@pytest.mark.parametrize("zone", ["Europe/London", "America/New_York", "Pacific/Auckland", "UTC"])
async def test_the_day_of_an_invitation_is_that_of_the_zone(zone: str) -> None:
    contact = await make_contact()
    # Hours round both changes of the clocks, a leap day and the turn of a year.
    days = ("2024-02-28", "2024-03-10", "2024-03-30", "2024-10-26", "2024-12-31", "2025-04-05")
    starts = [datetime.fromisoformat(f"{day}T00:00:00+00:00") for day in days]
    moments = [start + timedelta(minutes=20 * step) for start in starts for step in range(150)]
    for moment in moments:
        await insert("ledger_event", {
            "pseudonym": contact.pseudonym, "kind": "invitation", "planned_seconds": 60, "survey_slug": "s",
            "at": moment,
        })  # fmt: skip
    past = await frame_history.read_history(moments[0], zone)
    assert sorted(past["day"].tolist()) == sorted(
        moment.astimezone(ZoneInfo(zone)).date().toordinal() for moment in moments
    )
    assert set(past["unit"].tolist()) == {contact.unit}


async def test_a_unit_stands_as_its_best_placed_person(settings: Settings, tmp_path: Path) -> None:
    flat = [contact_row(number, audience="resident", unit="Flat 1") for number in (1, 2, 3)]
    away = [contact_row(number, audience="resident", unit="Flat 2") for number in (4, 5)]
    await fill_register(tmp_path, settings, [*flat, *away, contact_row(6), contact_row(7)])
    day = today(settings)
    await fetch("UPDATE contact SET state = 'left' WHERE reference IN ('R00001', 'R00006')")
    await fetch("UPDATE contact SET surveys_a_year = 3 WHERE reference = 'R00002'")
    await fetch("UPDATE contact SET surveys_a_year = 1 WHERE reference = 'R00001'")
    for reference, until in (("R00004", 9), ("R00005", 5)):
        await fetch("UPDATE contact SET state = 'paused', paused_until = $2 WHERE reference = $1",
                    reference, day + timedelta(days=until))  # fmt: skip
    await fetch("UPDATE contact SET state = 'erased' WHERE reference = 'R00007'")
    rows = await frame.read_units(never=NEVER, time_zone="Europe/London")
    named = {row["id"]: row["reference"] for row in await fetch("SELECT id, reference FROM unit")}
    found = dict(zip((named[one] for one in rows["id"].tolist()), range(rows["id"].size), strict=True))
    assert list(found) == ["Flat 1", "Flat 2", "R00006"], "in order, and none without people"
    assert (np.diff(rows["id"]) > 0).all()
    assert rows["standing"].tolist() == [IN_FRAME, PAUSED, LEFT]
    assert rows["frequency"].tolist() == [3, frame.MOST, frame.MOST], "who left chooses for nobody"
    assert rows["resumes"].tolist() == [frame.FAR, (day + timedelta(days=5)).toordinal(), frame.FAR]
    assert rows["busy_until"].tolist() == [NEVER] * 3
    one = await frame.read_units(never=NEVER, time_zone="UTC", units=[rows["id"][1].item()])
    assert one["standing"].tolist() == [PAUSED]


async def test_whose_pause_has_ended_takes_a_place_past_the_clock(settings: Settings, tmp_path: Path) -> None:
    await fill_register(tmp_path, settings, residents(30))
    slug = await open_new_survey(tmp_path)
    day = today(settings)
    first = [row["reference"] for row in await fetch("SELECT reference FROM unit ORDER BY ticket LIMIT 2")]
    await fetch(
        "UPDATE contact SET state = 'paused', paused_until = $2 WHERE reference = ANY ($1)",
        first, day + timedelta(days=10),
    )  # fmt: skip
    drawn = await draw_wave(slug, settings, n=8, at=day)
    assert drawn.by_stratum["resident"].N == 28
    assert not {member.contact for member in drawn.members} & set(first)
    again = await draw_wave(slug, settings, n=8, at=day + timedelta(days=10))
    assert again.by_stratum["resident"].N == 30
    assert not {member.contact for member in again.members} & set(first), "a pause is no way to the front"
    placed = await places()
    assert all(placed[one][2] == placed[one][1] + 1 for one in first)
