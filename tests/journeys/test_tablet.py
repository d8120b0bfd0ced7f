"""A tablet at a drop-in surgery, in a real browser: the network goes away and comes back."""

import re
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Page, expect

from survey_service.settings import Settings
from tests.support.browser import DESK, PHONE, check_accessibility, open_page
from tests.support.make import make_survey
from tests.support.rows import fetch
from tests.support.tablets import make_tablet
from tests.support.writing import becomes


@pytest.fixture
async def tablet(database: str, served: Settings) -> AsyncIterator[Page]:
    """A page whose browser looks for the network in vain without that being a trouble."""
    async with open_page(served.public_url, width=820) as opened:
        yield opened


async def answer(page: Page, choice: str) -> None:
    """Choose French, answer the first question, send, and be thanked."""
    await page.get_by_role("link", name="Français").click()
    await expect(page.locator("html")).to_have_attribute("lang", "fr")
    await expect(page.locator("input:checked")).to_have_count(0)
    await page.locator(f'input[name="q1"][value="{choice}"]').check()
    await page.locator("form .send button").first.click()
    await expect(page).to_have_url(re.compile("/fr/thanks$"))


async def test_two_people_answer_while_there_is_no_network(tablet: Page) -> None:
    survey = await make_survey()
    token = await make_tablet(survey)
    start = f"/tablet/{token}"
    await tablet.goto(start)
    await expect(tablet.locator("[data-tablet-ready]")).to_be_visible()
    await check_accessibility(tablet)

    await tablet.context.set_offline(True)
    await answer(tablet, "yes")
    await tablet.locator("[data-tablet-start]").click()
    await answer(tablet, "no")
    await expect(tablet.locator("[data-tablet-waiting]")).to_contain_text("2")
    await check_accessibility(tablet)
    await tablet.goto(start)
    await tablet.reload()
    await expect(tablet.locator("[data-tablet-waiting]")).to_contain_text("2")
    stored = await tablet.evaluate(READ_KEPT)
    assert [len(one) for one in stored] == [2]
    assert not any("q1" in text or "yes" in text for text in stored[0]), "what is kept cannot be read there"
    assert await fetch("SELECT FROM response WHERE survey = $1", survey.id) == []

    await tablet.context.set_offline(False)
    await tablet.reload()
    sent = """SELECT mode, channel, language, option FROM response
              JOIN answer ON answer.response = response.id
              WHERE survey = $1 AND question = 'q1' ORDER BY option"""

    async def are_all_sent() -> bool:
        return len(await fetch(sent, survey.id)) == 2

    # The page says nothing of what waits until its script has looked, so the database is asked.
    assert await becomes(are_all_sent)
    await expect(tablet.locator("[data-tablet-waiting]")).to_be_hidden()
    await tablet.reload()
    rows = await fetch(sent, survey.id)
    assert [tuple(row.values()) for row in rows] == [
        ("tablet", "tablet", "fr", "no"), ("tablet", "tablet", "fr", "yes"),
    ]  # fmt: skip
    assert await tablet.context.cookies() == []


READ_KEPT = """async () => {
  const opened = await new Promise((done) => {
    const request = indexedDB.open("tablet");
    request.onsuccess = () => done(request.result);
  });
  const read = opened.transaction("waiting").objectStore("waiting").getAll();
  await new Promise((done) => { read.onsuccess = done; });
  opened.close();
  return [read.result.map((one) => new TextDecoder("latin1").decode(one.box))];
}"""


async def test_it_goes_back_to_the_start_when_somebody_went_away(tablet: Page) -> None:
    token = await make_tablet(await make_survey())
    await tablet.clock.install()
    await tablet.goto(f"/tablet/{token}/en")
    await tablet.locator('input[name="q1"][value="yes"]').check()
    await tablet.clock.fast_forward(121_000)
    await expect(tablet.locator("[data-tablet-idle]")).to_be_visible()
    await check_accessibility(tablet)
    await tablet.locator("[data-tablet-stay]").click()
    await expect(tablet.locator('input[name="q1"][value="yes"]')).to_be_checked()
    await tablet.clock.fast_forward(121_000)
    await tablet.clock.fast_forward(31_000)
    await expect(tablet).to_have_url(re.compile(f"/tablet/{token}$"))
    await tablet.go_back()
    await expect(tablet.locator('input[name="q1"]:checked')).to_have_count(0)


async def test_it_thanks_and_goes_back_by_itself(tablet: Page) -> None:
    survey = await make_survey()
    token = await make_tablet(survey)
    await tablet.clock.install()
    await tablet.goto(f"/tablet/{token}")
    await answer(tablet, "yes")
    await tablet.clock.fast_forward(16_000)
    await expect(tablet).to_have_url(re.compile(f"/tablet/{token}$"))
    assert len(await fetch("SELECT FROM response WHERE survey = $1", survey.id)) == 1


async def test_nobody_goes_back_to_what_somebody_else_typed(tablet: Page) -> None:
    token = await make_tablet(await make_survey())
    await tablet.goto(f"/tablet/{token}")
    await answer(tablet, "yes")
    await tablet.go_back()
    await expect(tablet).to_have_url(re.compile(f"/tablet/{token}$"))


async def test_without_scripts_it_works_with_a_network(database: str, served: Settings) -> None:
    survey = await make_survey()
    token = await make_tablet(survey)
    for width in (PHONE, DESK):
        async with open_page(served.public_url, width=width, has_script=False) as page:
            await page.goto(f"/tablet/{token}")
            await check_accessibility(page)
            await answer(page, "yes")
            await check_accessibility(page)
    assert len(await fetch("SELECT FROM response WHERE survey = $1", survey.id)) == 2
