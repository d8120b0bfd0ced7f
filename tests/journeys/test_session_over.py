"""An officer goes for lunch while writing: she is told, and nothing she typed is lost."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Page, expect

from survey_service.settings import Settings
from tests.journeys.test_staff import sign_in
from tests.support.browser import DESK, PHONE, check_accessibility, open_page
from tests.support.rows import fetch
from tests.support.staff import PASSWORD


@pytest.fixture(params=[(DESK, True), (PHONE, False)], ids=["desk_script", "phone_no_script"])
async def officer(
    request: pytest.FixtureRequest, database: str, served: Settings
) -> AsyncIterator[tuple[Page, bool]]:
    """A page at a desk with JavaScript, or on a phone without."""
    width, has_script = request.param
    async with open_page(served.public_url, width=width, has_script=has_script) as page:
        yield page, has_script


async def test_signed_out_while_writing(officer: tuple[Page, bool]) -> None:
    page, has_script = officer
    await sign_in(page, role="communications")
    (staff,) = await fetch("SELECT id, email FROM staff ORDER BY id DESC LIMIT 1")
    await page.get_by_role("button", name="New survey").click()
    await page.locator("#title").fill("Lunch")
    await page.get_by_role("button", name="Begin", exact=True).click()
    await page.get_by_role("button", name="Add a question").click()
    await fetch(
        "UPDATE staff_session SET last_seen_at = last_seen_at - interval '2 hours' WHERE staff = $1",
        staff["id"],
    )
    await page.locator("#label").fill("How was lunch?")
    await page.locator("#choice-1").fill("Good")
    await page.locator("#choice-2").fill("Bad")
    if has_script:
        frame = page.frame_locator("iframe[name=preview]")
        await expect(frame.locator("h1")).to_have_text("You are signed out")
        await expect(page.locator("#remarks")).to_contain_text("Nothing you typed is lost.")
        await check_accessibility(page)
    await page.get_by_role("button", name="Save", exact=True).click()
    await expect(page.locator("main")).to_contain_text("what you typed is kept")
    await check_accessibility(page)
    await page.locator("#email").fill(str(staff["email"]))
    await page.locator("#password").fill(PASSWORD)
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.locator("h1")).to_have_text("What you typed is still here")
    await check_accessibility(page)
    await page.get_by_role("button", name="Go on with what I typed").click()
    await expect(page.locator(".question-list__one")).to_contain_text("How was lunch?")
