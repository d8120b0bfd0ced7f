"""An officer makes a good survey from nothing, looks at it in Arabic and opens it; a resident answers it."""

from collections.abc import AsyncIterator
from itertools import count

import pytest
from playwright.async_api import Locator, Page, expect

from survey_service.settings import Settings
from tests.journeys.test_staff import sign_in
from tests.support.browser import DESK, PHONE, check_accessibility, open_page
from tests.support.rows import fetch

_numbers = count(1)

ARABIC = {
    "How safe do you feel after dark?": "ما مدى شعورك بالأمان بعد حلول الظلام؟",
    "Safe": "آمن",
    "Not safe": "غير آمن",
    "What would make it better?": "ما الذي يجعله أفضل؟",
}
MOST_PRESSES = 20
"""Of buttons, links and boxes, from the list of surveys to an open survey in two languages."""


@pytest.fixture(params=[(DESK, True), (PHONE, False)], ids=["desk_script", "phone_no_script"])
async def officer(
    request: pytest.FixtureRequest, database: str, served: Settings
) -> AsyncIterator[tuple[Page, bool]]:
    """A page at a desk with JavaScript, or on a phone without."""
    width, has_script = request.param
    # The journey before opened the same survey: two years ago, so that nothing is asked again too soon.
    await fetch("UPDATE survey SET opened_at = opened_at - interval '2 years' WHERE state <> 'draft'")
    async with open_page(served.public_url, width=width, has_script=has_script) as page:
        yield page, has_script


class Hand:
    """Presses things and counts."""

    def __init__(self) -> None:
        self.presses = 0

    async def press(self, target: Locator) -> None:
        self.presses += 1
        await target.click()


async def test_a_survey_from_nothing(officer: tuple[Page, bool], served: Settings) -> None:
    (page, has_script), hand = officer, Hand()
    title = f"Safety after dark {next(_numbers)}"
    await sign_in(page, role="communications")
    await hand.press(page.get_by_role("button", name="New survey"))
    await check_accessibility(page)
    await page.locator("#title").fill(title)
    await hand.press(page.get_by_role("button", name="Begin", exact=True))
    await expect(page.locator("h1")).to_have_text("Questions")
    slug = page.url.split("/")[-2]

    await hand.press(page.get_by_role("button", name="Add a question"))
    await page.locator("#label").fill("How safe do you feel after dark?")
    await page.locator("#choice-1").fill("Safe")
    await page.locator("#choice-2").fill("Not safe")
    frame = page.frame_locator("iframe[name=preview]")
    if has_script:
        await expect(frame.locator("body")).to_contain_text("How safe do you feel after dark?")
    else:
        await page.get_by_role("button", name="English").click()
        await expect(frame.locator("body")).to_contain_text("How safe do you feel after dark?")
    await check_accessibility(page)
    if has_script:
        await page.locator("#label").fill("How safe and happy do you feel after dark?")
        await expect(page.locator("#remarks")).to_contain_text("May ask two things at once.")
        await page.locator("#label").fill("How safe do you feel after dark?")
        await expect(page.locator("#remarks")).not_to_contain_text("May ask two things at once.")
    await hand.press(page.get_by_label("It must be answered"))
    await hand.press(page.get_by_role("button", name="Save", exact=True))
    await page.locator("#kind-core").select_option("long_text")
    hand.presses += 2
    await hand.press(page.get_by_role("button", name="Add a question"))
    await page.locator("#label").fill("What would make it better?")
    await hand.press(page.get_by_role("button", name="Save", exact=True))
    await expect(page.locator(".question-list__one")).to_have_count(2)
    await check_accessibility(page)

    await hand.press(page.get_by_role("link", name="Title, languages and forms"))
    await hand.press(page.get_by_label("العربية"))
    await hand.press(page.get_by_role("button", name="Save", exact=True))
    await hand.press(page.locator(".moj-sub-navigation a", has_text="Translations"))
    await hand.press(page.locator("main table a", has_text="العربية"))
    for row in await page.locator(".side-by-side").all():
        base = (await row.locator(".side-by-side__text").inner_text()).strip()
        await row.locator("textarea").fill(ARABIC.get(base, "الأمان بعد حلول الظلام"))
    await check_accessibility(page)
    await hand.press(page.get_by_role("button", name="Save the translations"))
    await expect(page.locator("main")).to_contain_text("100% translated")

    await page.goto(f"/staff/surveys/{slug}/questions")
    await hand.press(page.locator(".preview__languages a", has_text="العربية"))
    await expect(frame.locator("html")).to_have_attribute("dir", "rtl")
    await expect(frame.locator("body")).to_contain_text(ARABIC["How safe do you feel after dark?"])
    await expect(page.locator(".preview__frame")).to_be_visible()

    await hand.press(page.get_by_role("button", name="Publish or open"))
    await check_accessibility(page)
    await hand.press(page.get_by_label("Let anybody answer through an open link, too"))
    await hand.press(page.get_by_role("button", name="Publish and open the survey"))
    await expect(page.locator("main")).to_contain_text(f"/o/{slug}")
    await check_accessibility(page)
    assert hand.presses <= MOST_PRESSES, hand.presses
    await _answer_in_arabic(page, slug)


async def test_a_quarter_of_an_hour(officer: tuple[Page, bool]) -> None:
    """From nothing to an open survey in two languages: branching, a scale, a grid, and a question renamed."""
    (page, _), hand = officer, Hand()
    await sign_in(page, role="communications")
    await hand.press(page.get_by_role("button", name="New survey"))
    await page.locator("#title").fill(f"Streets {next(_numbers)}")
    await hand.press(page.get_by_role("button", name="Begin", exact=True))
    pages = page.url.removesuffix("/questions")

    async def add(kind: str, label: str, *choices: str) -> None:
        await page.locator("#kind-core").select_option(kind)
        await hand.press(page.get_by_role("button", name="Add a question"))
        await page.locator("#label").fill(label)
        for at, choice in enumerate(choices, 1):
            await page.locator(f"#choice-{at}").fill(choice)

    async def save() -> None:
        await hand.press(page.get_by_role("button", name="Save", exact=True))

    await add("one", "Why do you come here?", "I live here", "I work here")
    await save()
    await add("scale", "I feel safe after dark.")
    await save()
    await add("long_text", "What makes you feel unsafe?")
    await hand.press(page.get_by_text("Ask it only of some people"))
    await hand.press(page.get_by_label("Strongly disagree"))
    await save()
    await add("grid", "How much do you agree?")
    await page.locator("#row-1").fill("The streets are clean")
    await page.locator("#row-2").fill("The streets are lit")
    await save()
    await page.goto(f"{pages}/questions/i_feel_safe_after_dark/names")
    await check_accessibility(page)
    await page.locator("#name").fill("safe")
    await save()
    await expect(page.locator("#q-what_makes_you_feel_unsafe")).to_contain_text("only asked of some")

    await hand.press(page.get_by_role("link", name="Title, languages and forms"))
    await hand.press(page.get_by_label("العربية"))
    await save()
    await hand.press(page.locator("main a", has_text="العربية").first)
    # The ten answers of the two scales are filled in; what is left is what is this survey's own.
    await expect(page.locator(".side-by-side", has_text="Suggested")).to_have_count(10)
    await check_accessibility(page)
    for row in await page.locator(".side-by-side").all():
        if not await row.locator("textarea").input_value():
            await row.locator("textarea").fill("نص")
    await hand.press(page.get_by_role("button", name="Save the translations"))
    await expect(page.locator("main")).to_contain_text("100% translated")
    await page.goto(f"{pages}/launch")
    await hand.press(page.get_by_label("Let anybody answer through an open link, too"))
    await hand.press(page.get_by_role("button", name="Publish and open the survey"))
    assert hand.presses <= MOST_PRESSES, hand.presses
    await page.goto(f"/o/{pages.rsplit('/', 1)[1]}/ar")
    await page.get_by_label("لا أوافق بشدة").first.check()
    await expect(page.locator("[name=what_makes_you_feel_unsafe]")).to_be_visible()


async def _answer_in_arabic(page: Page, slug: str) -> None:
    """What a resident does who found the link."""
    await page.goto(f"/o/{slug}/ar")
    await expect(page.locator("html")).to_have_attribute("dir", "rtl")
    await check_accessibility(page)
    await page.get_by_label(ARABIC["Not safe"]).check()
    await page.locator("form[data-survey-form] button[type=submit]").last.click()
    await page.wait_for_url("**/thanks")
    rows = await fetch(
        """SELECT response.language, answer.option FROM answer
           JOIN response ON response.id = answer.response JOIN survey ON survey.id = response.survey
           WHERE survey.slug = $1""",
        slug,
    )
    assert [(row["language"], row["option"]) for row in rows] == [("ar", "not_safe")]


async def test_a_ready_survey_is_opened_in_few_steps(officer: tuple[Page, bool]) -> None:
    (page, _), hand = officer, Hand()
    await sign_in(page, role="communications")
    await hand.press(page.get_by_role("button", name="New survey"))
    await hand.press(page.get_by_label("How was our event?"))
    await hand.press(page.get_by_role("button", name="Begin", exact=True))
    slug = page.url.split("/")[-2]
    await hand.press(page.get_by_role("button", name="Publish or open"))
    await hand.press(page.get_by_label("Let anybody answer through an open link, too"))
    await hand.press(page.get_by_role("button", name="Publish and open the survey"))
    await expect(page.locator("main")).to_contain_text(f"/o/{slug}")
    assert hand.presses == 6
    await page.goto(f"/o/{slug}/ar")
    await expect(page.locator("h1")).to_have_text("كيف كانت فعاليتنا؟")


async def test_two_officers_and_nothing_lost(officer: tuple[Page, bool], served: Settings) -> None:
    page, has_script = officer
    await sign_in(page, role="communications")
    await page.get_by_role("button", name="New survey").click()
    await page.get_by_label("Our newsletter: your views").check()
    await page.get_by_role("button", name="Begin", exact=True).click()
    edit = f"{page.url.removesuffix('/questions')}/questions/length/edit"
    await page.goto(edit)
    async with open_page(served.public_url, width=DESK, has_script=has_script) as other:
        await sign_in(other, role="communications")
        await other.goto(edit)
        await other.locator("#label").fill("Is an issue too long for you?")
        await other.get_by_role("button", name="Save", exact=True).click()
        await expect(other.locator("h1")).to_have_text("Questions")
    await page.locator("#label").fill("How long should an issue be?")
    await page.get_by_role("button", name="Save", exact=True).click()
    await expect(page.locator(".govuk-error-summary")).to_contain_text("Somebody else changed this")
    await expect(page.locator("#theirs + p")).to_have_text("Is an issue too long for you?")
    await expect(page.locator("#label")).to_have_value("How long should an issue be?")
    await check_accessibility(page)
    await page.get_by_role("button", name="Save", exact=True).click()
    await expect(page.locator("#q-length")).to_contain_text("How long should an issue be?")
    await page.get_by_role("button", name="Undo the last change").click()
    await expect(page.locator("#q-length")).to_contain_text("Is an issue too long for you?")
    await page.get_by_role("link", name="History").click()
    await check_accessibility(page)
