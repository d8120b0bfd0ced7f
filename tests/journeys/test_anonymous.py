"""An anonymous survey in a real browser: said at the top, sent once, nothing of it left on the device."""

from playwright.async_api import Page, expect

from survey_service.domain.questionnaire import Questionnaire
from tests.journeys.test_personal_form import choose, send
from tests.support.anonymous import make_anonymous_survey
from tests.support.browser import check_accessibility
from tests.support.long_form import long_questionnaire
from tests.support.make import make_invitation, make_questionnaire
from tests.support.rows import fetch


def anonymous_questionnaire() -> Questionnaire:
    """The longer form, anonymous."""
    asked = long_questionnaire()
    return make_questionnaire(core=asked.core, blocks=asked.blocks, is_anonymous=True)


async def test_an_anonymous_form_is_sent_once_and_leaves_nothing_on_the_device(
    page: Page, has_script: bool
) -> None:
    survey = await make_anonymous_survey(questionnaire=anonymous_questionnaire())
    token = (await make_invitation(survey=survey)).token
    await page.goto(f"/s/{token}/en")
    await check_accessibility(page)
    said = page.locator(".facts")
    await expect(said).to_contain_text("This survey is anonymous: we do not keep who gave which answers.")
    await expect(said).to_contain_text("sent. Nothing is saved before you send it.")
    await choose(page, "s1", "no")
    await page.locator('[name="s3"]').fill("half a thought")
    await send(page)
    await expect(page.locator('[name="s4"]')).to_be_visible()
    await page.get_by_role("button", name="Back").click()
    await expect(page.locator('[name="s3"]')).to_have_value("half a thought")
    # Come back later: a new form, with nothing of before.
    await page.goto("about:blank")
    await page.goto(f"/s/{token}/ar")
    await check_accessibility(page)
    await expect(page.locator('[name="s3"]')).to_have_value("")
    await page.goto(f"/s/{token}/en")
    await choose(page, "s1", "yes")
    await send(page)
    await send(page)
    await choose(page, "s6", "no")
    await send(page)
    await expect(page.locator("h1")).to_contain_text("Thank you")
    await expect(page.locator("form.experience")).to_have_count(0)
    if has_script:
        kept = await page.evaluate("localStorage.length + sessionStorage.length")
        assert kept == 0, await page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    await page.goto(f"/s/{token}/en")
    await expect(page.locator("h1")).to_contain_text("already answered")
    await expect(page.get_by_text("Change my answers")).to_have_count(0)
    await check_accessibility(page)
    assert len(await fetch("SELECT 1 FROM sealed_answer WHERE survey = $1", survey.id)) == 1
    assert await fetch("SELECT 1 FROM response WHERE survey = $1", survey.id) == []
