"""Joining by mail, asking whether something is genuine, and what staff do to be trusted; on every screen."""

import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from survey_service.domain import flood
from survey_service.services.messages.send_mails import send_mails
from survey_service.services.rotation.forecast_survey import forecast_survey
from survey_service.services.safeguarding.scan_danger import scan_danger
from survey_service.settings import Settings
from tests.support.browser import DESK, PHONE, check_accessibility, open_page
from tests.support.live_server import serving
from tests.support.mail_server import MailServer, running_mail_server
from tests.support.make import make_survey
from tests.support.make_answers import make_answers, repeat
from tests.support.register import contact_rows, fill_register, open_new_survey
from tests.support.rows import fetch
from tests.support.staff import PASSWORD, make_staff


@pytest.fixture
def mail(served: Settings) -> Iterator[tuple[MailServer, Settings]]:
    with running_mail_server(served) as running:
        yield running


async def test_joining_with_a_mail_that_is_confirmed(
    page: Page, mail: tuple[MailServer, Settings], width: int, tmp_path: Path
) -> None:
    (server, settings), language = mail, "ar" if width == PHONE else "en"
    address = f"new.{datetime.now(UTC):%H%M%S%f}@example.org"
    await fill_register(tmp_path, settings, contact_rows(20, audience="worker"))
    survey = await open_new_survey(tmp_path)
    before = (await forecast_survey(survey, settings)).by_stratum["worker"]

    await page.goto(f"/join/{language}")
    await expect(page.locator("html")).to_have_attribute("dir", "rtl" if language == "ar" else "ltr")
    await check_accessibility(page)
    await page.locator("main form button").click()
    await expect(page.locator(".govuk-error-summary li")).to_have_count(4)
    await check_accessibility(page)
    assert not await page.locator('[name="purposes"]').first.is_checked()

    await page.locator('[name="age"][value="yes"]').check()
    await page.locator("#email").fill(address)
    await page.locator('[name="audience"][value="worker"]').check()
    await page.locator('[name="purposes"][value="surveys"]').check()
    await page.locator('[name="surveys"][value="2"]').check()
    await page.locator("main form button").click()
    await expect(page).to_have_url(re.compile(f"/join/{language}/sent$"))
    await check_accessibility(page)
    assert await fetch("SELECT FROM contact_detail WHERE email = $1", address) == []

    await send_mails(settings)
    [taken] = [one for one in server.taken if one.to == address]
    text = taken.message.get_body(("plain",)).get_content()
    [link] = re.findall(r"https?://[^/\s]+(/join/confirm/\S+)", text)
    await page.goto(link)
    await check_accessibility(page)
    await page.locator("main form button").click()
    await expect(page).to_have_url(re.compile(f"/join/{language}/done$"))
    await check_accessibility(page)
    [person] = await fetch(
        """SELECT c.surveys_a_year, c.language, u.is_active FROM contact_detail d
           JOIN contact c ON c.id = d.contact JOIN unit u ON u.id = c.unit WHERE d.email = $1""",
        address,
    )
    assert person == {"surveys_a_year": 2, "language": language, "is_active": True}
    after = (await forecast_survey(survey, settings)).by_stratum["worker"]
    assert (after.N, after.eligible) == (before.N + 1, before.eligible + 1)


async def test_asking_whether_a_link_is_genuine(page: Page, has_script: bool) -> None:
    survey = await make_survey()
    for language in ("en", "ar") if has_script else ("ar",):
        await page.goto(f"/genuine/{language}")
        base = page.url.split("/genuine")[0]
        await page.locator("main form button").click()
        await expect(page.locator(".govuk-error-summary")).to_be_visible()
        await check_accessibility(page)
        await page.locator("#message").fill(f"{base}/o/{survey.slug}?from=poster or http://evil.example/x")
        await page.locator("main form button").click()
        await expect(page.locator(".genuine--yes")).to_have_count(1)
        await expect(page.locator(".genuine--no")).to_have_count(1)
        await check_accessibility(page)


async def test_in_a_flood_the_browser_works_out_the_sum(
    database: str, served: Settings, tmp_path: Path
) -> None:
    """Within moments where there is a script; without one people wait, and nothing is typed again."""
    settings = replace(served, respondent_rate_limit=60)
    with serving(settings, tmp_path / "flooded.log", SURVEY_OPEN_ATTACK_RATE="1") as flooded:
        for has_script in (True, False):
            survey = await make_survey()
            async with open_page(flooded.public_url, width=PHONE, has_script=has_script) as page:
                for _ in range(2):
                    await page.goto(f"/o/{survey.slug}/en?from=event")
                    assert await page.locator(f'[name="{flood.TRAP_FIELD}"]').is_hidden()
                    await page.locator('input[name="q1"][value="yes"]').check()
                    await page.locator("form .send button").click()
                if has_script:
                    await expect(page).to_have_url(re.compile("/thanks$"))
                    continue
                for _ in range(2):  # pressing at once does not help; tests/integration has the wait's end
                    await expect(page.locator(f'[name="{flood.WAITED_FIELD}"]')).to_have_count(1)
                    await expect(page.locator('input[name="q1"]')).to_have_value("yes")
                    await check_accessibility(page)
                    await page.locator("main form button").click()
    assert await fetch("SELECT count(*) AS n FROM response WHERE channel = 'event'") == [{"n": 3}]


@pytest.fixture
async def staff_page(database: str, served: Settings, width: int) -> AsyncIterator[Page]:
    """Somebody who plans and is a named officer, signed in."""
    email = f"ann.{datetime.now(UTC):%H%M%S%f}@example.org"
    number = await make_staff(email, role="admin")
    await fetch(
        "INSERT INTO safeguarding_officer (department, staff) SELECT department, id FROM staff WHERE id = $1",
        number,
    )
    async with open_page(served.public_url, width=width) as page:
        await page.goto("/staff/sign-in")
        await page.locator("#email").fill(email)
        await page.locator("#password").fill(PASSWORD)
        await page.locator("main form button").click()
        await expect(page).to_have_url(re.compile("/staff/surveys$"))
        yield page


@pytest.mark.parametrize("width", [PHONE, DESK])
async def test_staff_publish_and_protect(staff_page: Page, width: int) -> None:
    survey = await make_survey()
    await make_answers(survey, repeat(q1={"yes": 20, "no": 15}), channel="poster")
    await fetch("UPDATE response SET flags = 'fast' WHERE survey = $1 AND id % 3 = 0", survey.id)
    await make_answers(survey, [{"q1": "yes", "q4": "He said he will kill me"}], channel="event")
    await scan_danger(datetime.now(UTC))

    await staff_page.goto(f"/staff/surveys/{survey.slug}/channels")
    await check_accessibility(staff_page)
    async with staff_page.expect_download() as download:
        await staff_page.locator('a[href$="/poster.png"]').click()
    assert (await (await download.value).path()).read_bytes().startswith(b"\x89PNG")
    await staff_page.locator('button[value="count"]').first.click()
    await expect(staff_page.locator('button[value="set_aside"]')).to_have_count(1)
    for path in (f"/staff/surveys/{survey.slug}/other-ways", f"/staff/surveys/{survey.slug}/test-mail"):
        await staff_page.goto(path)
        await check_accessibility(staff_page)

    await staff_page.goto("/staff/safeguarding")
    await check_accessibility(staff_page)
    await staff_page.locator("tbody a").last.click()
    await check_accessibility(staff_page)
    await expect(staff_page.locator(".written")).to_have_count(0)
    await staff_page.locator("form:has([value='open']) button").click()
    await expect(staff_page.locator(".written")).to_have_text("He said he will kill me")
    await check_accessibility(staff_page)
    await staff_page.locator("form:has([value='acted']) button").click()
    await expect(staff_page.locator(".govuk-tag--green")).to_be_visible()
    for path in ("/staff/safeguarding/officers", "/staff/safeguarding/rule"):
        await staff_page.goto(path)
        await check_accessibility(staff_page)
