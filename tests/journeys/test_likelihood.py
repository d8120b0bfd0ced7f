"""Response likelihood in a browser: staff read its figures, a respondent reads of it and objects."""

import pytest
from playwright.async_api import Page, expect

from survey_service.db.engine import connection
from survey_service.services.likelihood.train_likelihood import train_likelihood
from survey_service.settings import Settings
from tests.support.browser import check_accessibility
from tests.support.make_waves import MadeWaves, make_waves
from tests.support.own_page import make_person, path_of
from tests.support.staff import PASSWORD, make_staff

_made: dict[str, MadeWaves] = {}


@pytest.fixture
async def made(database: str) -> MadeWaves:
    """Waves and a model, made once for all walks on the same database."""
    if database not in _made:
        _made[database] = await make_waves(people=500, waves=3, asked=300)
        await train_likelihood()
    return _made[database]


async def test_staff_see_figures_of_groups(page: Page, made: MadeWaves) -> None:
    async with connection() as lent:
        number = await lent.fetchval("SELECT count(*) FROM staff")
    email = f"governor{number}@example.org"
    await make_staff(email, role="admin")
    await page.goto("/staff/likelihood")
    await page.get_by_label("Email address").fill(email)
    await page.locator('input[name="password"]').fill(PASSWORD)
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Response likelihood")
    await expect(page.get_by_role("img", name="Calibration")).to_be_visible()
    await check_accessibility(page)
    await (
        page.get_by_role("button", name="Stop using it")
        .or_(page.get_by_role("button", name="Use it"))
        .click()
    )
    await expect(page.locator(".govuk-error-summary li")).to_have_count(1)
    await page.goto(f"/staff/surveys/{made.survey.slug}/representativeness")
    await expect(page.get_by_role("img", name="R-indicator")).to_be_visible()
    await expect(page.get_by_role("heading", name="Who is missing in wave 3")).to_be_visible()
    await check_accessibility(page)


async def test_a_respondent_reads_of_it_and_objects(page: Page, settings: Settings) -> None:
    person = await make_person(settings)
    await page.goto(f"{await path_of(person, settings)}/en")
    await page.get_by_role("link", name="How this works, and how to object").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("How we decide how many people to ask")
    await check_accessibility(page)
    await page.go_back()
    await page.get_by_role("button", name="Leave my past out").click()
    await expect(page.get_by_text("Your past is left out of our estimates.")).to_be_visible()
    await check_accessibility(page)
