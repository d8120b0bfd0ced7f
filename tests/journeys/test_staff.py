"""Staff plan a survey from its strata to its draw, and look somebody up: on a phone and at a desk."""

from itertools import count
from pathlib import Path

from playwright.async_api import Page, expect

from survey_service.settings import Settings
from tests.support.browser import check_accessibility
from tests.support.register import contact_rows, fill_register, open_new_survey
from tests.support.rows import fetch
from tests.support.staff import PASSWORD, make_staff

_numbers = count(1)


async def sign_in(page: Page, *, role: str) -> None:
    """Make a member of staff of the department Parks and sign in by the form."""
    email = f"{role}{next(_numbers)}@journeys.example.org"
    await make_staff(email, role=role, department="Parks")
    await page.goto("/staff/sign-in")
    await page.locator("#email").fill(email)
    await page.locator("#password").fill(PASSWORD)
    await page.locator("main button").first.click()
    await expect(page.locator("h1")).to_have_text("Surveys")


async def go_to(page: Page, tab: str) -> None:
    await page.locator(".moj-sub-navigation a", has_text=tab).click()
    await expect(page.locator("h1")).to_have_text(tab)
    await check_accessibility(page)


async def test_from_strata_to_a_draw_that_replays(page: Page, served: Settings, tmp_path: Path) -> None:
    slug = f"plan-{next(_numbers)}"
    await fill_register(tmp_path, served, [one | {"attribute.ward": "Bridge"} for one in contact_rows(200)])
    await open_new_survey(tmp_path, slug)
    await sign_in(page, role="admin")
    await page.goto(f"/staff/surveys/{slug}")

    await page.locator(".survey-way__steps a", has_text="Plan").click()
    await go_to(page, "Strata")
    for field in await page.locator('input[name="stratum"]').all():
        await field.fill("everybody")
    await page.get_by_role("button", name="Count them").click()
    await expect(page.locator("main")).to_contain_text("As you typed them, not saved")
    await check_accessibility(page)
    await page.get_by_role("button", name="Save the strata").click()
    await expect(page.locator("main table").first).to_contain_text("everybody")

    await go_to(page, "Price")
    await page.locator("#n").fill("9")
    await page.get_by_role("button", name="Price it").click()
    await page.get_by_role("button", name="Approve 9 invitations").click()
    await expect(page.locator("main")).to_contain_text("9 invitations are kept for this survey.")
    await check_accessibility(page)

    await go_to(page, "Forecast")
    await page.locator("#date-day").fill("32")
    await page.get_by_role("button", name="Forecast").click()
    await expect(page.locator(".govuk-error-summary li")).to_have_count(1)
    await check_accessibility(page)
    await page.goto(f"/staff/surveys/{slug}/forecast?n=9")
    await check_accessibility(page)
    await page.get_by_role("button", name="Go on to the draw").click()
    await check_accessibility(page)
    await page.get_by_role("button", name="Draw 9 people").dblclick()
    await expect(page.locator("h1")).to_have_text("Draw of wave 1")
    drawn = await fetch(
        "SELECT w.id FROM wave w JOIN survey s ON s.id = w.survey WHERE s.slug = $1",
        slug,
    )
    assert len(drawn) == 1, "a double click draws once"
    await page.get_by_role("button", name="Make it again and compare").click()
    await expect(page.locator(".standing h2")).to_have_text("Identical")
    await page.locator("summary").click()
    await check_accessibility(page)
    await go_to(page, "Draws")
    await go_to(page, "Strata")


async def test_what_concerns_everybody(page: Page, served: Settings, tmp_path: Path) -> None:
    await fill_register(tmp_path, served, [one | {"attribute.ward": "Bridge"} for one in contact_rows(200)])
    await sign_in(page, role="admin")
    for path, heading in (
        ("/staff/calendar", "Calendar"),
        ("/staff/budget", "Budget"),
        ("/staff/budget/shares", "Shares"),
        ("/staff/budget/exceptions", "Exceptions"),
        ("/staff/limits", "Limits"),
        ("/staff/freezes", "Freezes"),
        ("/staff/cells", "Cells"),
        ("/staff/cells?chosen=yes&attribute=ward", "Cells"),
    ):
        await page.goto(path)
        await expect(page.locator("h1")).to_contain_text(heading)
        await check_accessibility(page)
    # A freeze takes one field and one press, and stands there to be ended.
    await page.goto("/staff/freezes")
    await page.locator("#reason").fill("A major incident")
    await page.get_by_role("button", name="Freeze at once").click()
    await expect(page.locator("main table")).to_contain_text("A major incident")
    await check_accessibility(page)
    await page.get_by_role("button", name="End it").click()
    await expect(page.locator("main")).to_contain_text("Nothing is frozen.")


async def test_somebody_is_looked_up(page: Page, served: Settings, tmp_path: Path) -> None:
    await fill_register(tmp_path, served, contact_rows(200))
    await sign_in(page, role="communications")
    await page.goto("/staff/contacts")
    await check_accessibility(page)
    await page.get_by_role("button", name="Search").click()
    await expect(page.locator(".govuk-error-summary li")).to_have_count(1)
    await check_accessibility(page)
    await page.locator("#beginning").fill("person")
    await page.locator("#beginning").press("Enter")
    await expect(page.locator("#found")).to_contain_text("people found")
    await check_accessibility(page)
    await page.get_by_role("button", name="Next page").click()
    await expect(page.locator(".pages")).to_contain_text("Page 2 of")
    assert "person" not in page.url
    await page.locator("main table a").first.click()
    await expect(page.locator("h1")).to_contain_text("Person")
    await check_accessibility(page)
