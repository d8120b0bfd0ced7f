"""Every language on a small phone: nothing is wider than the window, whatever the length of its words."""

import re

import msgspec
from playwright.async_api import Page

from survey_service.domain.questionnaire import Questionnaire
from survey_service.i18n.locales import KNOWN_LOCALES
from survey_service.resources import static_dir
from survey_service.web.respondent.form_page import render_form
from survey_service.web.respondent.pages import render_page
from survey_service.web.static_assets import load_static_assets
from tests.support.browser import open_page
from tests.support.make import make_questionnaire
from tests.support.respondent_pages import NONCE, make_environment, page_values, whole_form

SMALL_PHONE = 320
PAGES = (
    "respondent/thank_you.html",
    "respondent/own_page.html",
    "respondent/join.html",
    "respondent/privacy_notice.html",
    "errors/500.html",
)
LONG_WORD = "Bevölkerungsbefragungsvorbereitungsbesprechungsprotokollführer"

WIDER = "document.documentElement.scrollWidth - window.innerWidth"
CLIPPED = """[...document.querySelectorAll('button, .govuk-button, summary')]
    .filter((one) => one.scrollWidth > one.clientWidth + 5 && one.checkVisibility()
        && !one.classList.contains('govuk-visually-hidden')).map((one) => one.textContent.trim())"""


def with_style(html: str) -> str:
    """The page with its style sheet inside, so that no server has to be asked."""
    sheet = (static_dir() / load_static_assets().names["respondent.css"]).read_text(encoding="utf-8")
    bare = re.sub(r'<link rel="(stylesheet|icon)"[^>]*>|<script\b.*?</script>', "", html, flags=re.DOTALL)
    return bare.replace("</head>", f"<style>{sheet}</style></head>")


def questionnaire_of_long_words() -> Questionnaire:
    """Every text of the questionnaire is one word that no line can hold, in all languages of the pages."""

    def said(value: object) -> object:
        if isinstance(value, dict) and "en" in value:
            return dict.fromkeys(KNOWN_LOCALES, LONG_WORD)
        if isinstance(value, dict):
            offered = {"languages": tuple(KNOWN_LOCALES)} if "languages" in value else {}
            return {key: said(one) for key, one in value.items()} | offered
        return [said(one) for one in value] if isinstance(value, list | tuple) else value

    return msgspec.convert(said(msgspec.to_builtins(make_questionnaire())), Questionnaire)


async def troubles_of(page: Page, html: str, name: str) -> list[str]:
    await page.set_content(with_style(html))
    await page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    wider, clipped = await page.evaluate(WIDER), await page.evaluate(CLIPPED)
    return [f"{name}: {wider} pixels too wide"] * (wider > 0) + [f"{name}: clipped: {clipped}"] * bool(
        clipped
    )


async def test_no_language_pushes_a_page_sideways_on_a_small_phone() -> None:
    environment, questionnaire = make_environment(), questionnaire_of_long_words()
    found: list[str] = []
    async with open_page("http://127.0.0.1", width=SMALL_PHONE) as page:
        for locale in KNOWN_LOCALES:
            form = render_form(
                environment, questionnaire, whole_form(questionnaire), locale,
                action="/x", served_at="0", nonce=NONCE,
            )  # fmt: skip
            found += await troubles_of(page, form, f"form, {locale}")
            for template in PAGES:
                html = render_page(
                    environment, template, locale,
                    nonce=NONCE, path="/x/{locale}", **page_values(template, locale),
                )  # fmt: skip
                found += await troubles_of(page, html, f"{template}, {locale}")
    assert found == []
