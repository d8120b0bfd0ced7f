"""Staff type a paper form in by the code at its foot: on a phone and at a desk, with scripts and without."""

from itertools import count

from playwright.async_api import Page, expect

from tests.support.browser import check_accessibility
from tests.support.make import make_contact, make_department, make_invitation, make_survey
from tests.support.rows import fetch
from tests.support.staff import PASSWORD, make_staff

_numbers = count(1)


async def test_a_paper_form_is_typed_in(page: Page) -> None:
    number = next(_numbers)
    survey = await make_survey(department=await make_department("Entry"))
    contact = await make_contact(reference=f"paper-{number}")
    await make_invitation(survey=survey, contact=contact)
    email = f"entry{number}@journeys.example.org"
    await make_staff(email, department="Entry")
    await page.goto("/staff/sign-in")
    await page.locator("#email").fill(email)
    await page.locator("#password").fill(PASSWORD)
    await page.locator("main button").first.click()
    await expect(page.locator("h1")).to_have_text("Surveys")

    await page.goto(f"/staff/surveys/{survey.slug}/paper")
    await check_accessibility(page)
    key = next(iter(survey.forms))
    await page.locator("#code").fill(f"{survey.slug} · {survey.questionnaire_version} · {key} · ar")
    await page.get_by_role("button", name="Go to the questions").click()
    await expect(page.locator("h1")).to_have_text("Type answers in")
    await check_accessibility(page)

    await page.get_by_role("button", name="Store these answers").click()
    await expect(page.locator(".govuk-error-summary")).to_contain_text("Say whose answer this is")
    await page.locator("#entry-reference").fill(contact.reference)
    await page.get_by_role("button", name="Store these answers").click()
    await expect(page.locator(".govuk-error-summary li")).to_have_count(1)
    await check_accessibility(page)
    await page.locator('input[name="q1"][value="yes"]').check()
    await page.get_by_role("button", name="Store these answers").click()
    await expect(page.locator("main")).to_contain_text("The answers are stored")
    await check_accessibility(page)
    rows = await fetch("SELECT origin, mode, language FROM response WHERE survey = $1", survey.id)
    assert [tuple(row.values()) for row in rows] == [("sample", "paper", "ar")]
