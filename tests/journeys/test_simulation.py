"""Somebody who plans compares the policies, at a desk and on a phone, with and without scripts."""

from playwright.async_api import Page, expect

from survey_service.db.engine import connection
from tests.support.browser import check_accessibility
from tests.support.staff import PASSWORD, make_staff


async def sign_in(page: Page) -> None:
    async with connection() as lent:
        number = await lent.fetchval("SELECT count(*) FROM staff")
    email = f"planner{number}@example.org"
    await make_staff(email)
    await page.goto("/staff/simulation")
    await page.get_by_label("Email address").fill(email)
    await page.locator('input[name="password"]').fill(PASSWORD)
    await page.get_by_role("button", name="Sign in").click()


async def test_comparing_policies(page: Page) -> None:
    await sign_in(page)
    await expect(page.get_by_role("heading", level=1)).to_have_text("Simulation")
    await check_accessibility(page)

    await page.get_by_label("Surveys a year").fill("100")
    await page.get_by_role("button", name="Simulate").click()
    await expect(page.locator(".govuk-error-summary li")).to_have_count(1)
    await check_accessibility(page)
    await page.locator(".govuk-error-summary a").click()
    await expect(page.get_by_label("Surveys a year")).to_be_focused()

    await page.get_by_label("Surveys a year").fill("6")
    await page.get_by_label("Replications").fill("2")
    await page.get_by_label("Replications").press("Enter")
    charts = page.get_by_role("img")
    await expect(charts).to_have_count(6)
    await expect(charts.first).to_have_accessible_name("Completes per 100 invitations")
    await expect(page.get_by_role("table")).to_have_count(1)
    await expect(page.get_by_role("row")).to_have_count(16)
    await check_accessibility(page)
