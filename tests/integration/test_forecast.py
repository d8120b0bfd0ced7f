"""The forecast equals the draw made at the same instant, and its dates hold."""

import random
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from survey_service.domain.errors import Conflict, LimitReached
from survey_service.services.gate.unit_standing import REASONS
from survey_service.services.rotation.draw_wave import draw_wave
from survey_service.services.rotation.forecast_survey import Forecast, forecast_survey
from survey_service.services.rotation.survey_frame import today
from survey_service.settings import Settings
from tests.support.register import contact_rows, fill_register, open_new_survey
from tests.support.rows import fetch

pytestmark = pytest.mark.usefixtures("database")


def check_sums(forecast: Forecast) -> None:
    for one in forecast.by_stratum.values():
        assert tuple(one.excluded) == REASONS
        assert one.eligible + sum(one.excluded.values()) == one.register
        outside = sum(one.excluded[name] for name in ("left", "no_consent", "no_channel", "paused"))
        assert one.N + outside == one.register


@pytest.mark.parametrize("chance", [1, 2, 3])
async def test_the_forecast_equals_the_draw(settings: Settings, tmp_path: Path, chance: int) -> None:
    """Draws at random intervals, people leaving and pausing in between."""
    rng = random.Random(chance)
    await fill_register(tmp_path, settings, contact_rows(160))
    slug = await open_new_survey(tmp_path)
    day = today(settings)
    drawn_sometimes_short = False
    for _ in range(6):
        day += timedelta(days=rng.randrange(0, 90))
        state = rng.choice(["left", "paused"])
        await fetch("UPDATE contact SET state = $1 WHERE id = $2", state, rng.randrange(1, 160))
        n = rng.randrange(10, 120)
        forecast = await forecast_survey(slug, settings, at=day, n=n)
        check_sums(forecast)
        try:
            drawn = (await draw_wave(slug, settings, at=day, n=n)).by_stratum
        except LimitReached:
            assert sum(one.eligible for one in forecast.by_stratum.values()) == 0
            continue
        for name, one in forecast.by_stratum.items():
            assert (drawn[name].N, drawn[name].asked) == (one.N, one.needed)
            assert drawn[name].drawn == min(one.needed, one.eligible)
            assert drawn[name].shortfall == one.shortfall
            drawn_sometimes_short |= one.shortfall > 0
    assert drawn_sometimes_short


async def test_it_equals_the_draw_where_a_stratum_has_several_cells(
    settings: Settings, tmp_path: Path
) -> None:
    """The randomised arm is a cell of its own in each stratum; whose rests are longer falls short first."""
    mixed = replace(settings, random_arm_percent=40)
    rng = random.Random(8)
    await fill_register(tmp_path, mixed, contact_rows(120))
    slug = await open_new_survey(tmp_path)
    cells = await fetch("SELECT count(*) AS n FROM cell")
    day, by_cell_only = today(settings), 0
    for _ in range(8):
        n = rng.randrange(20, 80)
        forecast = await forecast_survey(slug, mixed, at=day, n=n)
        check_sums(forecast)
        drawn = (await draw_wave(slug, mixed, at=day, n=n)).by_stratum
        for name, one in forecast.by_stratum.items():
            told = (one.N, one.needed, one.shortfall)
            assert (drawn[name].N, drawn[name].asked, drawn[name].shortfall) == told
            by_cell_only += one.shortfall > max(0, one.needed - one.eligible)
            if one.next_feasible is None or one.shortfall == 0:
                continue
            there = date.fromisoformat(one.next_feasible)
            assert there > day
        day += timedelta(days=rng.randrange(20, 50))
    assert cells[0]["n"] > 4
    assert by_cell_only > 1  # else this test would pass with the sums of strata alone


async def test_the_next_feasible_day_holds_for_every_cell(settings: Settings, tmp_path: Path) -> None:
    mixed = replace(settings, random_arm_percent=40)
    await fill_register(tmp_path, mixed, contact_rows(60, audience="worker"))
    slug = await open_new_survey(tmp_path)
    day = today(settings)
    await draw_wave(slug, mixed, n=40, at=day)
    for n in (30, 40, 55):
        one = (await forecast_survey(slug, mixed, at=day, n=n)).by_stratum["worker"]
        assert one.next_feasible is not None
        first = date.fromisoformat(one.next_feasible)
        assert first > day
        for then, is_enough in ((first, True), (first - timedelta(days=1), False)):
            found = (await forecast_survey(slug, mixed, at=then, n=n)).by_stratum["worker"]
            assert (found.shortfall == 0) is is_enough, (n, then)


async def test_each_reason_counts_by_its_precedence(settings: Settings, tmp_path: Path) -> None:
    await fill_register(tmp_path, settings, contact_rows(20, audience="worker"))
    slug = await open_new_survey(tmp_path)
    day = today(settings)
    await draw_wave(slug, settings, n=6, at=day)
    order = [
        row["id"] for row in await fetch("SELECT id FROM contact ORDER BY last_invited_on NULLS LAST, id")
    ]
    # Somebody who was invited and left has left; who paused without consent has not consented.
    await fetch("UPDATE contact SET state = 'left' WHERE id = $1", order[0])
    await fetch("UPDATE contact SET state = 'paused' WHERE id = ANY ($1)", [order[1], order[7]])
    await fetch("UPDATE consent SET is_granted = false WHERE contact = $1", order[7])
    await fetch("UPDATE contact_detail SET email = NULL WHERE contact = $1", order[8])
    now = await forecast_survey(slug, settings, at=day, n=10)
    check_sums(now)
    assert now.by_stratum["worker"].excluded == {
        "left": 1, "no_consent": 1, "chose_none": 0, "no_channel": 1, "paused": 1,
        "over_budget": 0, "over_limit": 0, "resting": 4, "promised": 0, "over_cap": 0, "has_open_link": 0,
    }  # fmt: skip
    assert (now.budget.capacity, now.budget.used, now.budget.after) == (32, 4, 14)


async def test_the_cap_and_the_year_are_reasons_of_their_own(settings: Settings, tmp_path: Path) -> None:
    await fill_register(tmp_path, settings, contact_rows(10, audience="worker"))
    slug = await open_new_survey(tmp_path)
    day = today(settings)
    await draw_wave(slug, settings, n=10, at=day)
    tight = Settings(**{**vars_of(settings), "cap_minutes": 1, "rest_days": 0})
    # Who was promised to rest is not asked sooner because the rule became softer.
    soft = (await forecast_survey(slug, tight, at=day, n=5)).by_stratum["worker"]
    assert (soft.excluded["promised"], soft.eligible) == (10, 0)
    later = day + timedelta(days=settings.rest_days)
    capped = (await forecast_survey(slug, tight, at=later, n=5)).by_stratum["worker"]
    assert (capped.excluded["over_cap"], capped.eligible) == (10, 0)
    assert capped.next_feasible == (day + timedelta(days=365)).isoformat()
    once = Settings(**{**vars_of(settings), "invitations_a_year": 1})
    asked = (await forecast_survey(slug, once, at=day + timedelta(days=70), n=5)).by_stratum["worker"]
    assert asked.excluded["over_budget"] == 10


def vars_of(settings: Settings) -> dict[str, object]:
    return {name: getattr(settings, name) for name in settings.__dataclass_fields__}


async def test_the_next_feasible_day_is_feasible_and_the_day_before_is_not(
    settings: Settings, tmp_path: Path
) -> None:
    await fill_register(tmp_path, settings, contact_rows(40, audience="worker"))
    slug = await open_new_survey(tmp_path)
    day = today(settings)
    for days in (0, 3, 11):
        await draw_wave(slug, settings, n=12, at=day + timedelta(days=days))
    start = day + timedelta(days=11)
    for n, expected in ((4, 11), (5, 60), (16, 60), (17, 63), (28, 63), (29, 71), (40, 71)):
        one = (await forecast_survey(slug, settings, at=start, n=n)).by_stratum["worker"]
        assert one.next_feasible == (day + timedelta(days=expected)).isoformat()
        feasible = date.fromisoformat(one.next_feasible)
        then = (await forecast_survey(slug, settings, at=feasible, n=n)).by_stratum["worker"]
        assert then.eligible >= n
        if feasible > start:
            before = await forecast_survey(slug, settings, at=feasible - timedelta(days=1), n=n)
            assert before.by_stratum["worker"].eligible < n


async def test_a_forecast_changes_nothing_and_refuses_what_a_draw_refuses(
    settings: Settings, tmp_path: Path
) -> None:
    slug = await open_new_survey(tmp_path)
    with pytest.raises(LimitReached, match="Nobody can be asked"):
        await forecast_survey(slug, settings)
    await fill_register(tmp_path, settings, contact_rows(8))
    before = await fetch("SELECT * FROM unit ORDER BY id")
    await forecast_survey(slug, settings, n=8)
    assert await fetch("SELECT * FROM unit ORDER BY id") == before
    assert await fetch("SELECT id FROM draw") == []
    with pytest.raises(Conflict):
        await forecast_survey(slug, settings, at=date(2020, 1, 1))


async def test_without_a_number_the_register_is_asked_for_five_points(
    settings: Settings, tmp_path: Path
) -> None:
    await fill_register(tmp_path, settings, contact_rows(2600))
    forecast = await forecast_survey(await open_new_survey(tmp_path), settings)
    assert forecast.invitations_needed == 2567
