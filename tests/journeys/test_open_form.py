"""Somebody finds the open link: answers without an invitation, kept apart from the sample."""

from playwright.async_api import Page, expect

from survey_service.db.engine import connection
from tests.support.browser import DESK, PHONE, check_accessibility
from tests.support.make import make_survey


async def test_answering_the_open_form(page: Page) -> None:
    survey = await make_survey()
    await page.goto(f"/o/{survey.slug}/en?from=facebook")
    await check_accessibility(page)
    await page.locator("form .send button").first.click()
    await expect(page.locator(".govuk-error-summary li")).to_have_count(1)
    await check_accessibility(page)

    await page.locator('input[name="q1"][value="no"]').check()
    await page.locator('nav.language-switch button[value="fr"]').click()
    await expect(page.locator("html")).to_have_attribute("lang", "fr")
    await expect(page.locator('input[name="q1"][value="no"]')).to_be_checked()
    await page.locator("form .send button").first.click()
    await expect(page).to_have_url(f"{page.url.split('/o/')[0]}/o/{survey.slug}/fr/thanks")
    await check_accessibility(page)

    async with connection() as lent:
        rows = await lent.fetch(
            "SELECT origin, channel, invitation, language FROM response WHERE survey = $1", survey.id
        )
    assert [tuple(row) for row in rows] == [("open", "facebook", None, "fr")]


async def test_a_double_click_counts_once(desk_page: Page) -> None:
    survey = await make_survey()
    await desk_page.goto(f"/o/{survey.slug}/en")
    await desk_page.locator('input[name="q1"][value="yes"]').check()
    await desk_page.locator("form .send button").dblclick()
    await expect(desk_page.locator("#survey-form")).to_have_count(0)
    async with connection() as lent:
        assert await lent.fetchval("SELECT count(*) FROM response WHERE survey = $1", survey.id) == 1


async def test_pages_to_read(desk_page: Page) -> None:
    for width in (PHONE, DESK):
        await desk_page.set_viewport_size({"width": width, "height": 800})
        for path in ("/privacy/en", "/privacy/ar", "/accessibility/en", "/accessibility/bn"):
            answer = await desk_page.goto(path)
            assert answer is not None
            assert answer.status == 200
            await check_accessibility(desk_page)
