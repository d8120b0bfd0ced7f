"""An open form kept on the device: by the person's wish alone, and gone when it is sent, erased or old."""

from playwright.async_api import Page, expect

from survey_service.db.engine import connection
from tests.journeys.test_personal_form import choose, send
from tests.support.browser import PHONE, check_accessibility
from tests.support.long_form import make_long_survey

KEPT = "() => Object.keys(localStorage).filter((name) => name.startsWith('open-form-'))"
OLD = """() => {
  const [name] = Object.keys(localStorage);
  const kept = JSON.parse(localStorage.getItem(name));
  localStorage.setItem(name, JSON.stringify({ ...kept, until: Date.now() - 1 }));
}"""


async def test_nothing_stays_unless_somebody_wants_it_and_then_they_go_on(desk_page: Page) -> None:
    page = desk_page
    survey = await make_long_survey()
    address = f"/o/{survey.slug}/en?from=website"
    await page.goto(address)
    await choose(page, "s1", "yes")
    await send(page)
    assert await page.evaluate(KEPT) == []

    await page.locator('[name="s4"]').fill("7")
    await page.get_by_role("button", name="Save on this device").click()
    await expect(page.locator("[data-keep-done]")).to_contain_text("saved on this device for 7 days")
    await check_accessibility(page)
    # What is typed after that is kept, too, and the next visit begins with a choice.
    await page.locator('[name="s4"]').fill("8")
    await page.locator('[name="s5"]').first.check()
    await page.goto("about:blank")
    await page.set_viewport_size({"width": PHONE, "height": 800})
    await page.goto(address.replace("/en", "/ar"))
    await expect(page.locator('[name="s1"]').first).not_to_be_checked()
    await expect(page.locator("[data-kept-found]")).to_be_visible()
    await check_accessibility(page)
    await page.locator("[data-kept-go-on]").click()
    await expect(page.locator('[name="s4"]')).to_have_value("8")
    await expect(page.locator("html")).to_have_attribute("lang", "ar")
    await send(page)
    await choose(page, "s6", "no")
    await send(page)
    await expect(page).to_have_url(f"{page.url.split('/o/')[0]}/o/{survey.slug}/ar/thanks")
    assert await page.evaluate(KEPT) == []
    async with connection() as lent:
        rows = await lent.fetch(
            """SELECT a.question, coalesce(a.option, a.number_value::text) AS said
               FROM answer a JOIN response r ON r.id = a.response WHERE r.survey = $1""",
            survey.id,
        )
    assert {"s1": "yes", "s4": "8", "s6": "no"}.items() <= dict(rows).items()


async def test_what_is_kept_can_be_erased_and_does_not_last(desk_page: Page) -> None:
    page = desk_page
    survey = await make_long_survey()
    address = f"/o/{survey.slug}/en"
    await page.goto(address)
    await choose(page, "s1", "no")
    await page.get_by_role("button", name="Save on this device").click()
    await page.goto("about:blank")
    await page.goto(address)
    await page.locator("[data-kept-found] [data-kept-erase]").click()
    await expect(page.locator("[data-keep-erased]")).to_be_focused()
    assert await page.evaluate(KEPT) == []

    await page.get_by_role("button", name="Save on this device").click()
    assert len(await page.evaluate(KEPT)) == 1
    await page.evaluate(OLD)
    # Of any survey: whoever opens another form finds nothing old on the device.
    other = await make_long_survey()
    await page.goto(f"/o/{other.slug}/en")
    await expect(page.locator("[data-keep-offer]")).to_be_visible()
    assert await page.evaluate(KEPT) == []


async def test_without_a_script_or_without_room_nothing_is_offered(page: Page, has_script: bool) -> None:
    survey = await make_long_survey()
    await page.goto(f"/o/{survey.slug}/en")
    await expect(page.locator("[data-keep-offer]")).to_be_visible(visible=has_script)
    await expect(page.locator("[data-kept-found]")).to_be_hidden()
    await check_accessibility(page)
