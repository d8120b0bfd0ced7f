"""The form's script in a real browser: it shows what applies, and nothing breaks under the strict policy."""

from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, Route

from survey_service.domain.answers import read_answers
from survey_service.domain.questionnaire import Block, Choice, Questionnaire
from survey_service.resources import static_dir
from survey_service.web.brand_files import brand_css
from survey_service.web.respondent.form_page import render_form
from survey_service.web.static_assets import load_static_assets
from survey_service.web.templating import respondent_environment
from tests.support.browser import PHONE, open_page
from tests.support.make import make_question, make_questionnaire, texts
from tests.support.respondent_pages import NONCE, make_brand, whole_form

BASE = "http://127.0.0.1:9"
"""Nothing listens there: every answer comes from `serve`."""

POLICY = (
    f"default-src 'none'; script-src 'nonce-{NONCE}' 'strict-dynamic'; style-src 'self'; img-src 'self' data:"
)
PLACES = tuple(Choice(name=name, label=texts(name)) for name in ("park", "bridge", "none"))

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


def make_asking() -> Questionnaire:
    questions = (
        make_question("role", is_required=True),
        make_question("why", type="text", relevant="${role} = 'yes'"),
        make_question(
            "places",
            type="select_multiple",
            choices=PLACES,
            constraint="not(selected(., 'none') and count-selected(.) > 1)",
        ),
        make_question("then", relevant="selected(${places}, 'park')"),
        make_question("last", type="text", relevant="${then} = 'yes'"),
    )
    return make_questionnaire(core=Block(name="core", label=texts("Core"), questions=questions), blocks=())


async def serve(route: Route) -> None:
    path = urlsplit(route.request.url).path
    if path.startswith("/static/"):
        await route.fulfill(path=static_dir() / path.removeprefix("/static/"))
    elif path == "/brand.css":
        await route.fulfill(body=brand_css(make_brand()), content_type="text/css")
    else:
        questionnaire = make_asking()
        form = whole_form(questionnaire)
        errors = read_answers({}, questionnaire, form, today=None).errors if path == "/wrong" else ()
        html = render_form(
            respondent_environment(make_brand(), load_static_assets()),
            questionnaire,
            form,
            "en",
            action="/sent",
            served_at="0",
            nonce=NONCE,
            errors=errors,
        )
        await route.fulfill(body=html, content_type="text/html", headers={"Content-Security-Policy": POLICY})


@pytest_asyncio.fixture(loop_scope="session")
async def page(browser: Browser) -> AsyncIterator[Page]:
    async with open_page(BASE, width=PHONE) as opened:
        await opened.route("**/*", serve)
        await opened.goto("/form")
        yield opened


async def seen(page: Page, *names: str) -> dict[str, bool]:
    return {name: await page.locator(f"#{name}").is_visible() for name in names}


async def test_the_page_shows_what_applies_and_hides_what_does_not(page: Page) -> None:
    assert await seen(page, "role", "why", "role--other", "then", "last") == {
        "role": True,
        "why": False,
        "role--other": False,
        "then": False,
        "last": False,
    }
    await page.locator("#role").check()
    assert await seen(page, "why", "role--other") == {"why": True, "role--other": False}
    await page.locator("#role-3").check()
    assert await seen(page, "why", "role--other") == {"why": False, "role--other": True}
    # What follows a hidden question is hidden with it.
    await page.locator("#places").check()
    await page.locator("#then").check()
    assert await seen(page, "then", "last") == {"then": True, "last": True}
    await page.locator("#places").uncheck()
    assert await seen(page, "then", "last") == {"then": False, "last": False}
    assert await page.get_by_text("Answer this only if it applies to you.").first.is_hidden()


async def test_none_of_these_clears_the_others_and_enter_sends_the_answers(page: Page) -> None:
    await page.locator("#places").check()
    await page.locator("#places-2").check()
    await page.locator("#places-3").check()
    assert await page.locator("#places:checked, #places-2:checked").count() == 0
    await page.locator("#places-2").check()
    assert not await page.locator("#places-3").is_checked()
    await page.locator("#role-3").check()
    await page.locator("#role--other").fill("something")
    async with page.expect_request("**/sent") as sent:
        await page.locator("#role--other").press("Enter")
    posted = (await sent.value).post_data or ""
    assert "role--other=something" in posted
    assert "places=bridge" in posted
    assert "switch_language" not in posted


async def test_errors_are_read_first_and_their_links_lead_into_the_field(page: Page) -> None:
    await page.goto("/wrong")
    assert "govuk-error-summary" in await page.evaluate("document.activeElement.className")
    await page.get_by_role("link", name="Choose one of the answers").click()
    assert await page.evaluate("document.activeElement.id") == "role"
