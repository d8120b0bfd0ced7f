"""Every page of the public says that it is not for reporting crime: 999 in an emergency, else 101."""

import html5lib
import pytest

from survey_service.i18n.locales import KNOWN_LOCALES
from survey_service.web.respondent.form_page import render_form
from survey_service.web.respondent.pages import PAGES, render_page
from tests.support.checking import text_of
from tests.support.make import make_questionnaire
from tests.support.respondent_pages import NONCE, make_environment, page_values, whole_form

ENVIRONMENT = make_environment()


def read(html: str) -> str:
    return text_of(html5lib.parse(html, namespaceHTMLElements=False))


@pytest.mark.parametrize("template", PAGES)
def test_pages_say_it(template: str) -> None:
    html = render_page(ENVIRONMENT, template, "en", nonce=NONCE, **page_values(template, "en"))
    assert "This is not for reporting crime. In an emergency call 999. For anything else call 101." in read(
        html
    )


@pytest.mark.parametrize("template", ["respondent/form.html", "respondent/trial_form.html"])
@pytest.mark.parametrize("channel", [None, "poster"])
def test_forms_say_it_before_the_first_question(template: str, channel: str | None) -> None:
    questionnaire = make_questionnaire()
    html = render_form(
        ENVIRONMENT, questionnaire, whole_form(questionnaire), "en", action="/x", nonce=NONCE, served_at="0",
        channel=channel, template=template,
    )  # fmt: skip
    assert 0 < html.index("In an emergency call 999") < html.index('class="question')


@pytest.mark.parametrize("locale", KNOWN_LOCALES)
def test_the_numbers_survive_translation(locale: str) -> None:
    html = read(render_page(ENVIRONMENT, "respondent/join_sent.html", locale, nonce=NONCE))
    latin = html.translate({ord(zero) + n: str(n) for zero in "٠۰০०੦૦௦" for n in range(10)})
    assert "999" in latin
    assert "101" in latin
