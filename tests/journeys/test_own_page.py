"""A person opens their own page: reads, sets wishes, pauses, declines one, leaves; script or not."""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Page, expect

from survey_service.services.own_page.own_page_links import own_page_links
from survey_service.settings import Settings
from tests.support.browser import check_accessibility
from tests.support.make import MadeContact, insert, make_contact, make_invitation, make_survey
from tests.support.rows import fetch


async def make_person(served: Settings) -> tuple[MadeContact, str]:
    """A contact with an open invitation and a ledger, and the path of the page."""
    contact = await make_contact()
    detail = {"contact": contact.id, "email": f"{contact.reference}@example.org", "mobile": "+447700900003"}
    await insert("contact_detail", detail)
    now = datetime.now(UTC)
    consent = {"contact": contact.id, "purpose": "survey", "is_granted": True, "source": "sign-up", "at": now}
    await insert("consent", consent)
    survey = await make_survey()
    for days_ago, kind, seconds in ((5, "invitation", 15), (90, "answer", 214), (91, "invitation", 15)):
        at = now - timedelta(days=days_ago)
        event = {"pseudonym": contact.pseudonym, "kind": kind, "seconds": seconds, "survey_slug": survey.slug}
        await insert("ledger_event", event | {"at": at})
    promised = now.date() + timedelta(days=55)
    await fetch("UPDATE unit SET promised_from = $2 WHERE id = $1", contact.unit, promised)
    await make_invitation(survey=survey, contact=contact)
    [link] = (await own_page_links([contact.id], served)).values()
    return contact, urlsplit(link).path


@pytest.mark.parametrize("language", ["en", "ar"])
async def test_the_page_is_read_and_changed(page: Page, served: Settings, language: str) -> None:
    contact, path = await make_person(served)
    await page.goto(f"{path}/{language}")
    await expect(page.locator("html")).to_have_attribute("dir", "rtl" if language == "ar" else "ltr")
    await expect(page.locator(".own-page__asks tbody tr")).to_have_count(3)
    await check_accessibility(page)

    await page.locator('[name="surveys"][value="1"]').check()
    await page.locator('[name="topics"][value="fraud"]').check()
    await page.locator('[name="channel"][value="text"]').check()
    await page.locator('form:has([value="wishes"]) button').click()
    await expect(page.locator(".own-page__saved")).to_be_visible()
    await check_accessibility(page)
    await expect(page.locator('[name="surveys"][value="1"]')).to_be_checked()

    await page.locator('form:has([value="pause"]) button').click()
    await expect(page.locator('.govuk-error-summary a[href="#months"]')).to_be_visible()
    await check_accessibility(page)
    await page.locator('[name="months"][value="3"]').check()
    await page.locator('form:has([value="pause"]) button').click()
    await page.locator('form:has([value="end_pause"]) button').click()
    await expect(page.locator('[name="months"][value="3"]')).to_be_visible()

    await page.locator('form:has([value="decline"]) button').click()
    await expect(page.locator('form:has([value="decline"])')).to_have_count(0)

    await page.locator(f'a[href="{path}/{language}/leave"]').click()
    await check_accessibility(page)
    await page.locator('form:has([value="leave"]) button').click()
    await expect(page.locator('form:has([value="rejoin"])')).to_be_visible()
    await check_accessibility(page)
    assert await fetch(
        """SELECT c.surveys_a_year, c.topics, c.channel, s.is_granted FROM contact c
           JOIN consent s ON s.contact = c.id WHERE c.id = $1""",
        contact.id,
    ) == [{"surveys_a_year": 1, "topics": '["fraud"]', "channel": "text", "is_granted": False}]
