"""A person follows their link: answers, mistakes, another language, a second time; by keyboard, too."""

from playwright.async_api import Page, expect

from survey_service.db.engine import connection
from tests.support.browser import check_accessibility
from tests.support.make import MadeInvitation, make_invitation

THANKS = {"en": "Thank you", "ar": "شكر"}
"""How the heading of the thank-you page begins, or what it holds."""


async def stored_answers(invitation: MadeInvitation) -> dict[str, set[str]]:
    """What the database holds of an invitation's answers, by question."""
    async with connection() as lent:
        rows = await lent.fetch(
            """SELECT a.question, a.option, a.text_value, a.number_value
               FROM answer a JOIN response r ON r.id = a.response WHERE r.invitation = $1""",
            invitation.id,
        )
    found: dict[str, set[str]] = {}
    for row in rows:
        values = {str(value) for value in (row["option"], row["text_value"], row["number_value"]) if value}
        found.setdefault(row["question"], set()).update(values)
    return found


async def choose(page: Page, name: str, value: str) -> None:
    await page.locator(f'input[name="{name}"][value="{value}"]').check()


async def send(page: Page) -> None:
    """Press the button a person sees; the form's first submit button is an unseen one."""
    await page.locator("form .send button").first.click()


async def language_button(page: Page, code: str) -> None:
    await page.locator(f'nav.language-switch button[value="{code}"]').click()


async def test_mistakes_are_named_then_mended_and_a_second_time_changes_nothing(page: Page) -> None:
    invitation = await make_invitation()
    address = f"/s/{invitation.token}/en"
    await page.goto(address)
    await check_accessibility(page)
    await page.locator('[name="q3"]').fill("999")
    await page.locator('[name="q4"]').fill("stays as it is")
    await send(page)

    await check_error_summary(page, count=2)
    await check_accessibility(page)
    await expect(page.locator('[name="q3"]')).to_have_value("999")
    await expect(page.locator('[name="q4"]')).to_have_value("stays as it is")
    assert await stored_answers(invitation) == {}

    other = await page.context.new_page()
    await other.goto(address)
    await choose(page, "q1", "no")
    await page.locator('[name="q3"]').fill("12")
    await send(page)
    await expect(page.locator("h1")).to_contain_text(THANKS["en"])
    await check_accessibility(page)
    expected = {"q1": {"no"}, "q3": {"12.0"}, "q4": {"stays as it is"}}
    assert await stored_answers(invitation) == expected

    await page.goto(address)
    await expect(page.locator("#survey-form")).to_have_count(0)
    await check_accessibility(page)
    # The other window still shows the form from before.
    await choose(other, "q1", "yes")
    await send(other)
    await expect(other.locator("#survey-form")).to_have_count(0)
    assert await stored_answers(invitation) == expected


async def test_the_time_somebody_is_busy_is_measured_by_a_script(page: Page, has_script: bool) -> None:
    invitation = await make_invitation()
    await page.goto(f"/s/{invitation.token}/en")
    await choose(page, "q1", "no")
    await page.wait_for_timeout(1_600)
    await page.locator('[name="q3"]').fill("12")
    await send(page)
    await expect(page.locator("h1")).to_contain_text(THANKS["en"])
    async with connection() as lent:
        row = await lent.fetchrow(
            "SELECT active_seconds, charged_seconds FROM response WHERE invitation = $1", invitation.id
        )
    assert row is not None
    assert (row["active_seconds"] is not None) == has_script
    assert 1 <= row["charged_seconds"] <= 60


async def test_another_language_keeps_what_was_typed(page: Page) -> None:
    invitation = await make_invitation()
    await page.goto(f"/s/{invitation.token}/en")
    await choose(page, "q1", "yes")
    await choose(page, "q2", "no")
    await choose(page, "q2", "other")
    await page.locator('[name="q2--other"]').fill("مرحبا & <b>hello</b>")
    await page.locator('[name="q4"]').fill("Two\nlines")
    await choose(page, "q5", "no")
    await language_button(page, "ar")

    await expect(page.locator("html")).to_have_attribute("lang", "ar")
    await expect(page.locator("html")).to_have_attribute("dir", "rtl")
    for name, value in (("q1", "yes"), ("q2", "no"), ("q2", "other"), ("q5", "no")):
        await expect(page.locator(f'input[name="{name}"][value="{value}"]')).to_be_checked()
    await expect(page.locator('[name="q2--other"]')).to_have_value("مرحبا & <b>hello</b>")
    await expect(page.locator('[name="q4"]')).to_have_value("Two\nlines")
    await expect(page.locator(".govuk-error-summary")).to_have_count(0)
    await check_accessibility(page)
    await send(page)
    await expect(page.locator("h1")).to_contain_text(THANKS["ar"])
    await check_accessibility(page)
    assert await stored_answers(invitation) == {
        "q1": {"yes"},
        "q2": {"no", "other", "مرحبا & <b>hello</b>"},
        "q4": {"Two\nlines"},
        "q5": {"no"},
    }


async def check_error_summary(page: Page, *, count: int) -> None:
    """The title says that there is an error; each line of the summary leads to its field."""
    summary = page.locator(".govuk-error-summary")
    await expect(summary.locator("li")).to_have_count(count)
    assert (await page.title()).startswith("Error:")
    for link in await summary.locator("a").all():
        target = (await link.get_attribute("href") or "").removeprefix("#")
        assert target
        await expect(page.locator(f'[id="{target}"]')).to_have_count(1)


async def test_the_whole_form_by_keyboard(desk_page: Page) -> None:
    """Only keys: skip link, radio by arrow, check box by space, texts, and the button by enter."""
    page = desk_page
    invitation = await make_invitation()
    await page.goto(f"/s/{invitation.token}/en")
    await page.keyboard.press("Tab")
    await expect(page.locator(".govuk-skip-link")).to_be_focused()
    await page.keyboard.press("Enter")

    await tab_to(page, "q1")
    await page.keyboard.press("Space")
    await tab_to(page, "q2")
    await page.keyboard.press("Space")
    await tab_to(page, "q3")
    await page.keyboard.type("7")
    await tab_to(page, "q4")
    await page.keyboard.type("by key")
    await tab_to(page, "q5")
    await page.keyboard.press("ArrowDown")
    assert await has_visible_focus(page)
    while not await page.evaluate("document.activeElement.matches('.send button')"):
        await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(page.locator("h1")).to_contain_text(THANKS["en"])
    answers = await stored_answers(invitation)
    assert set(answers) == {"q1", "q2", "q3", "q4", "q5"}
    assert answers["q1"] == {"yes"}
    assert answers["q4"] == {"by key"}


async def tab_to(page: Page, name: str) -> None:
    """Press Tab until the field of this name has the focus; every stop on the way must be seen."""
    for _ in range(30):
        await page.keyboard.press("Tab")
        if await page.evaluate("document.activeElement.name") == name:
            assert await has_visible_focus(page)
            return
    raise AssertionError(f"Tab never came to {name}")


async def has_visible_focus(page: Page) -> bool:
    """Whether the focused control or the mark that stands for it shows a ring or a shadow."""
    return bool(
        await page.evaluate(
            """() => {
                const control = document.activeElement;
                const marks = [getComputedStyle(control)];
                if (control.labels?.[0]) marks.push(getComputedStyle(control.labels[0], "::before"));
                return marks.some((mark) =>
                    (mark.outlineStyle !== "none" && parseFloat(mark.outlineWidth) > 0)
                    || mark.boxShadow !== "none");
            }"""
        )
    )


async def test_a_link_that_leads_nowhere_says_so_kindly(desk_page: Page) -> None:
    for token in ("A" * 22, "cut-off", "AAAAAAAAAAAAAAAAAAAAAA%20"):
        answer = await desk_page.goto(f"/s/{token}/ar")
        assert answer is not None
        assert answer.status == 404
        await expect(desk_page.locator("html")).to_have_attribute("dir", "rtl")
        await check_accessibility(desk_page)
