"""A longer form in a real browser: page by page, back again, away and back on the same device."""

from playwright.async_api import Page, expect

from survey_service.db.engine import connection
from tests.journeys.test_personal_form import choose, send, stored_answers
from tests.support.browser import check_accessibility
from tests.support.long_form import make_long_survey
from tests.support.make import make_contact, make_invitation


async def test_page_by_page_and_back_with_everything_typed_still_there(page: Page, has_script: bool) -> None:
    invitation = await make_invitation(survey=await make_long_survey())
    await page.goto(f"/s/{invitation.token}/en")
    await check_accessibility(page)
    await send(page)
    await expect(page.locator(".govuk-error-summary")).to_be_visible()
    await choose(page, "s1", "yes")
    await page.locator('[name="s3"]').fill("my own words")
    await send(page)
    await check_accessibility(page)
    await expect(page.locator('[name="s4"]')).to_be_visible()
    await expect(page.locator('[name="s5"]').first).to_be_visible()
    await page.locator('[name="s4"]').fill("7")
    await page.get_by_role("button", name="Back").click()
    await expect(page.locator('[name="s3"]')).to_have_value("my own words")
    await send(page)
    await expect(page.locator('[name="s4"]')).to_have_value("7")
    # The enter key goes on: it neither goes back nor changes the language.
    await page.locator('[name="s4"]').press("Enter")
    await expect(page.locator('[name="s7"]')).to_be_visible()
    await choose(page, "s6", "no")
    await send(page)
    await expect(page.locator("h1")).to_contain_text("Thank you")
    expected = {"s1": {"yes"}, "s3": {"my own words"}, "s4": {"7.0"}, "s6": {"no"}}
    assert await stored_answers(invitation) == expected
    async with connection() as lent:
        spent = await lent.fetchval(
            "SELECT submission -> 'question-seconds' ->> 0 FROM response WHERE invitation = $1", invitation.id
        )
    # Of all three pages: what was measured comes along as well.
    assert {part.split(":")[0] for part in spent.split()} == (
        {"s1", "s3", "s4", "s6"} if has_script else set()
    )


async def test_the_same_device_goes_on_where_it_stopped_and_may_change_what_it_sent(desk_page: Page) -> None:
    page = desk_page
    contact = await make_contact(language="ar")
    invitation = await make_invitation(survey=await make_long_survey(), contact=contact)
    address = f"/s/{invitation.token}/ar"
    await page.goto(address)
    await choose(page, "s1", "no")
    await page.locator('[name="s3"]').fill("still here")
    await send(page)
    await expect(page.locator('[name="s4"]')).to_be_visible()
    await page.goto("about:blank")
    await page.goto(address)
    await expect(page.locator('[name="s4"]')).to_be_visible()
    await check_accessibility(page)
    await send(page)
    await choose(page, "s6", "no")
    await send(page)
    await expect(page).to_have_url(f"{page.url.split('/s/')[0]}{address}/thanks")
    assert (await stored_answers(invitation))["s3"] == {"still here"}

    assert page.context.browser is not None
    stranger = await page.context.browser.new_context(base_url=page.url.split("/s/")[0])
    other = await stranger.new_page()
    await other.goto(address)
    await expect(other.locator("#survey-form")).to_have_count(0)
    assert "still here" not in await other.content()
    assert await stranger.cookies() == []
    await stranger.close()

    await page.goto(address)
    await page.locator("form[data-change-answers] button").click()
    await expect(page.locator('[name="s3"]')).to_have_value("still here")
    await page.locator('[name="s3"]').fill("changed")
    for _ in range(3):
        await send(page)
    await expect(page.locator("#survey-form")).to_have_count(0)
    assert (await stored_answers(invitation))["s3"] == {"changed"}
    assert await page.context.cookies() == []


async def test_large_text_at_320_pixels_needs_no_scrolling_sideways(desk_page: Page) -> None:
    page = desk_page
    invitation = await make_invitation(survey=await make_long_survey())
    await page.set_viewport_size({"width": 320, "height": 640})
    for language in ("en", "ar"):
        await page.goto(f"/s/{invitation.token}/{language}")
        await choose(page, "s1", "yes")
        await send(page)
        await page.evaluate("document.documentElement.style.fontSize = '200%'")
        await check_accessibility(page)
        await page.goto(f"/s/{invitation.token}/{language}/continue")
        await page.evaluate("document.documentElement.style.fontSize = '200%'")
        await check_accessibility(page)
        await page.evaluate("localStorage.clear()")
