"""The randomised arm rests by lot, in forecast and draw alike; the page says what that tells, if anything."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from sampling.random_rests import rest_lots
from survey_service.db.engine import connection
from survey_service.services.likelihood.measure_fatigue import (
    DepartmentCost,
    FatigueMeasured,
    following_weight,
    measure_fatigue,
)
from survey_service.services.rotation.draw_wave import draw_wave
from survey_service.services.rotation.forecast_survey import forecast_survey
from survey_service.settings import Settings
from survey_service.web.staff.fatigue import draw_costs
from tests.support.client import CheckingClient
from tests.support.register import contact_rows, fill_register, open_new_survey
from tests.support.rows import fetch
from tests.support.staff import audited, make_staff, sign_in_as

START = date(2027, 1, 4)
STEP = 45


async def draw_every_six_weeks(folder: Path, settings: Settings, waves: int, n: int) -> None:
    """One survey after another; each forecast must be what is drawn."""
    for number in range(waves):
        day = START + timedelta(days=STEP * number)
        slug = await open_new_survey(folder, f"survey-{number}")
        expected = await forecast_survey(slug, settings, at=day, n=n)
        drawn = await draw_wave(slug, settings, at=day, n=n)
        assert drawn.frame_hash == expected.frame_hash
        for name, one in drawn.by_stratum.items():
            # How many of a stratum's two cells is rounded by the draw's own lot.
            assert abs(one.shortfall - expected.by_stratum[name].shortfall) <= 1


async def waits() -> list[dict[str, object]]:
    """Each invitation but the first of its unit: unit, day before, day, whether it was of the arm."""
    return await fetch(
        """SELECT unit, before, day, in_arm FROM (
               SELECT c.unit, (i.sent_at AT TIME ZONE 'Europe/London')::date AS day,
                   lag((i.sent_at AT TIME ZONE 'Europe/London')::date) OVER (
                       PARTITION BY c.unit ORDER BY i.sent_at) AS before,
                   '|' || k.key || '|' LIKE '%|arm=random|%' AS in_arm
               FROM invitation i JOIN contact c ON c.id = i.contact
               JOIN draw_member m ON m.id = i.draw_member JOIN cell k ON k.id = m.cell) x
           WHERE before IS NOT NULL ORDER BY unit, day"""
    )


@pytest.mark.usefixtures("database")
async def test_the_arm_rests_as_long_as_its_lots_and_nobody_else_does(
    settings: Settings, tmp_path: Path
) -> None:
    settings = replace(settings, random_arm_percent=50, invitations_a_year=6, cap_minutes=60)
    await fill_register(tmp_path, settings, contact_rows(240))
    await draw_every_six_weeks(tmp_path, settings, 6, 160)
    found = await waits()
    arm = [row for row in found if row["in_arm"]]
    assert len(arm) >= 30
    lots = rest_lots(
        ids=np.array([row["unit"] for row in arm]),
        last_invited=np.array([row["before"].toordinal() for row in arm]),  # type: ignore[attr-defined]
        shortest=60,
        longest=300,
    )
    rested = np.array([(row["day"] - row["before"]).days for row in arm])  # type: ignore[operator]
    assert (rested >= lots).all()
    others = {(row["day"] - row["before"]).days for row in found if not row["in_arm"]}  # type: ignore[operator]
    assert min(others) == 90, "the first survey after 60 days"
    assert rested.max() > 90


async def test_few_people_tell_nothing_and_the_page_says_so(
    client: CheckingClient, settings: Settings, tmp_path: Path
) -> None:
    arm_settings = replace(settings, random_arm_percent=50)
    await fill_register(tmp_path, arm_settings, contact_rows(40))
    await draw_every_six_weeks(tmp_path, arm_settings, 2, 20)
    async with connection() as lent:
        await lent.execute("UPDATE invitation SET expires_at = sent_at + interval '1 day'")
    found = await measure_fatigue(settings, at=datetime(2028, 1, 1, tzinfo=UTC))
    assert {one.reason for one in found.effects.values()} == {"too_few"}
    assert found.costs == []
    await make_staff()
    await sign_in_as(client)
    page = (await client.get("/staff/fatigue")).text
    assert "cannot tell yet" in page
    assert "too few people of the randomised arm" in page
    assert "fatigue_viewed" in await audited()


def test_an_invitation_costs_those_that_follow() -> None:
    weight = following_weight(np.array([1, 1, 2]), np.array([0, 60, 60]))
    assert weight.round(3).tolist() == [0.368, 0.0, 0.0]


def test_costs_are_pictured_beside_the_invitations() -> None:
    cost = DepartmentCost(department="Parks", invitations=200, answers_lost=12.4, low=-3.0, high=27.0)
    drawings = draw_costs(FatigueMeasured(effects={}, costs=[cost], experiences=[]))
    assert [drawing.bars[0].text for drawing in drawings] == ["200", "12"]
    assert draw_costs(FatigueMeasured(effects={}, costs=[], experiences=[])) == []
