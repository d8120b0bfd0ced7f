"""Staff look at the newsletter, say what its fields mean, and find the blocks: on a phone and at a desk."""

import asyncio
from itertools import count
from pathlib import Path

from playwright.async_api import Page, expect

from survey_service.services.newsletter.connect_newsletter import connect_newsletter
from survey_service.services.newsletter.sync_newsletter import sync_newsletter
from survey_service.services.newsletter.write_links import write_links
from survey_service.settings import Settings
from tests.journeys.test_staff import sign_in
from tests.support.browser import check_accessibility
from tests.support.mailchimp import sandbox_serving, settings_for
from tests.support.newsletter import plan_issue, reserve
from tests.support.register import contact_rows, fill_register
from tests.support.rows import fetch

_numbers = count(1)


async def test_the_newsletter_from_its_state_to_its_blocks(
    page: Page, served: Settings, tmp_path: Path
) -> None:
    number = next(_numbers)
    with sandbox_serving() as skyline:
        chosen = settings_for(served, skyline)
        rows = [
            one | {"reference": f"N{number}-{one['reference']}", "email": f"n{number}{one['email']}"}
            for one in contact_rows(20, audience="worker", consent_newsletter="yes")
        ]
        await fill_register(tmp_path, served, rows)
        skyline.people.make_field("AUDIENCE", "You are")
        skyline.people.seed({"email": one["email"], "merge_fields": {"AUDIENCE": "At work"}} for one in rows)
        await connect_newsletter(chosen, with_hook=False)
        await sync_newsletter(chosen)
        # Other journeys share the register: only the readers of this one may be drawn.
        others = await fetch(
            """UPDATE consent SET is_granted = false
               WHERE purpose = 'survey' AND is_granted AND contact NOT IN (
                   SELECT id FROM contact WHERE reference LIKE $1) RETURNING id""",
            f"N{number}-%",
        )
        slug = await reserve(chosen, tmp_path, 6, f"letter-{number}")
        await fetch("UPDATE consent SET is_granted = true WHERE id = ANY ($1)", [row["id"] for row in others])
        await fetch("DELETE FROM newsletter_issue")
        await write_links(slug, chosen, issue=await plan_issue(chosen, 20))
        await sign_in(page, role="admin")
        for _ in range(20):  # a busy machine may still be reading the links back
            await page.goto("/staff/newsletter")
            if "Ready to send" in await page.locator("main").inner_text():
                break
            await asyncio.sleep(0.5)
        await expect(page.locator("main")).to_contain_text("Ready to send")
        await check_accessibility(page)
        await page.locator(f'a[href="/staff/newsletter/blocks/{slug}"]').click()
        assert "*|IF:SURVEYURL|*" in await page.locator("#block-text").input_value()
        await check_accessibility(page)
        await page.goto("/staff/newsletter/mapping")
        await page.locator("#audience_field").select_option("AUDIENCE")
        await page.locator("#audiences").fill("at work: worker")
        await page.get_by_role("button", name="Show what this does").click()
        await expect(page.locator(".govuk-error-summary li")).to_have_count(1)
        await check_accessibility(page)
        await page.locator("#audiences").fill("at work = worker")
        await page.get_by_role("button", name="Show what this does").click()
        await expect(page.locator("main")).to_contain_text("worker: 20")
        await check_accessibility(page)
        await page.get_by_role("button", name="Take into use").click()
        await expect(page.locator("h1")).to_have_text("Newsletter")
    # The journeys share a database: the next one begins without this issue.
    await fetch("DELETE FROM newsletter_issue")
    await fetch("UPDATE invitation SET state = 'cancelled', cancelled_at = now() WHERE state = 'reserved'")
