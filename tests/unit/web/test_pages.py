"""The pages that say something: sound, in the reader's language, rendered once."""

import re

import pytest
from jinja2 import Environment

from survey_service.i18n.locales import KNOWN_LOCALES
from survey_service.web.respondent.pages import PAGES, PageStore, render_page
from tests.support.checking import check_page
from tests.support.make import make_questionnaire
from tests.support.respondent_pages import HEADERS, NONCE, make_environment, page_values, whole_form

LOCALES = tuple(KNOWN_LOCALES)


@pytest.fixture(scope="module")
def environment() -> Environment:
    return make_environment()


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("template", PAGES)
def test_every_page_is_sound_in_every_language(environment: Environment, template: str, locale: str) -> None:
    values = page_values(template, locale)
    for path in ("", "/somewhere/{locale}") if locale == "en" else ("/somewhere/{locale}",):
        html = render_page(environment, template, locale, nonce=NONCE, path=path, **values)
        check_page(html, HEADERS)
        assert f'lang="{KNOWN_LOCALES[locale].tag}" dir="{KNOWN_LOCALES[locale].direction}"' in html


@pytest.mark.parametrize("template", [name for name in PAGES if name.startswith("errors/")])
def test_an_error_page_says_error_in_its_title(environment: Environment, template: str) -> None:
    assert "<title>Error: " in render_page(environment, template, "en", nonce=NONCE)
    assert "<title>خطأ: " in render_page(environment, template, "ar", nonce=NONCE)


def test_a_page_links_to_itself_in_the_other_languages(environment: Environment) -> None:
    html = render_page(
        environment, "respondent/privacy_notice.html", "fr", nonce=NONCE, path="/privacy/{locale}"
    )
    assert re.findall(r'href="([^"]+)" hreflang="([^"]+)"', html) == [
        (f"/privacy/{locale.code}", locale.tag) for locale in KNOWN_LOCALES.values() if locale.code != "fr"
    ]


def test_a_page_says_that_nobody_has_looked_its_language_over() -> None:
    store = PageStore(make_environment())

    def says_so(locale: str) -> bool:
        page = store.page("respondent/privacy_notice.html", locale, path="/privacy/{locale}")
        return b"language-switch__note" in page.fill(nonce=NONCE)

    assert not says_so("fr")
    store.accept({"en", "ar"})
    assert [says_so(locale) for locale in ("en", "ar", "fr")] == [False, False, True]
    store.accept({"en", "ar", "fr"})
    assert not says_so("fr")


def test_the_rest_is_promised_in_days_only_where_there_is_one(environment: Environment) -> None:
    def thanks(locale: str, days: int) -> str:
        own = {"rest_days": days, "item": "", "action": "", "is_rated": False}
        return render_page(environment, "respondent/thank_you.html", locale, nonce=NONCE, **own)

    assert "for at least 60 days" in thanks("en", 60)
    assert "قبل مضي 60 يومًا" in thanks("ar", 60)
    assert "another survey" not in thanks("en", 0)


def test_a_page_refuses_values_it_does_not_show(environment: Environment) -> None:
    with pytest.raises(TypeError, match="rest_days"):
        render_page(environment, "respondent/thank_you.html", "en", nonce=NONCE)
    with pytest.raises(TypeError, match="token"):
        render_page(environment, "respondent/closed.html", "en", nonce=NONCE, token="x")


def test_the_store_renders_once_for_each_version_form_and_language(environment: Environment) -> None:
    store = PageStore(environment)
    questionnaire = make_questionnaire()
    form = whole_form(questionnaire)
    first = store.form_page(1, questionnaire, form, "en")
    assert store.form_page(1, questionnaire, form, "en") is first
    assert store.form_page(1, questionnaire, form, "fr") is not first
    assert store.form_page(2, questionnaire, form, "en") is not first
    opened = store.open_form_page(1, "alerts", questionnaire, form, "en")
    store.forget(1)
    assert store.form_page(1, questionnaire, form, "en") is not first
    assert store.open_form_page(1, "alerts", questionnaire, form, "en") is not opened


def test_forgetting_a_version_leaves_the_others(environment: Environment) -> None:
    store = PageStore(environment)
    questionnaire = make_questionnaire()
    kept = store.form_page(2, questionnaire, whole_form(questionnaire), "en")
    store.forget(1)
    assert store.form_page(2, questionnaire, whole_form(questionnaire), "en") is kept


def test_a_stored_page_has_a_hole_for_the_token_in_its_language_links(environment: Environment) -> None:
    store = PageStore(environment)
    page = store.page("respondent/closed.html", "en", path="/s/{token}/{locale}")
    assert page.holes == {"nonce", "token"}
    html = page.fill(nonce=NONCE, token="T").decode()
    check_page(html, HEADERS)
    assert 'href="/s/T/fr"' in html
    assert store.page("respondent/closed.html", "en", path="/s/{token}/{locale}") is page
    assert store.page("respondent/closed.html", "en") is not page
