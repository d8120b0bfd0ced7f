"""The form: one page, sound in every language, with what was typed and what is wrong."""

import re
from time import time
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
import msgspec
import pytest
from jinja2 import Environment

from survey_service.domain.answers import read_answers
from survey_service.domain.questionnaire import Block, Choice, Questionnaire
from survey_service.i18n.locales import KNOWN_LOCALES
from survey_service.services.answers.submit_answers import (
    ACTIVE_SECONDS_FIELD,
    QUESTION_SECONDS_FIELD,
    SERVED_AT_FIELD,
)
from survey_service.web.respondent.form_page import (
    CHANNEL_FIELD,
    SUBMISSION_FIELD,
    SWITCH_LANGUAGE_FIELD,
    FormPage,
    OpenFormPage,
    offered_locales,
    render_form,
)
from tests.support.checking import check_page, text_of
from tests.support.make import make_question, make_questionnaire, texts
from tests.support.respondent_pages import HEADERS, NONCE, make_environment, whole_form

LANGUAGES = tuple(KNOWN_LOCALES)
Values = dict[str, list[str]]


@pytest.fixture(scope="module")
def environment() -> Environment:
    return make_environment()


def render(
    environment: Environment,
    questionnaire: Questionnaire,
    locale: str = "en",
    values: Values | None = None,
    *,
    checked: bool = False,
) -> str:
    """The form as a respondent gets it; with `checked`, after the answers were read."""
    form = whole_form(questionnaire)
    errors = read_answers(values or {}, questionnaire, form, today=None).errors if checked else ()
    html = render_form(
        environment,
        questionnaire,
        form,
        locale,
        action=f"/s/abc/{locale}",
        served_at="0",
        nonce=NONCE,
        values=values,
        errors=errors,
    )
    check_page(html, HEADERS)
    return html


def parse(html: str) -> Element:
    return html5lib.parse(html, namespaceHTMLElements=False)


def by_id(html: str, name: str) -> Element:
    return next(element for element in parse(html).iter() if element.get("id") == name)


def texts_with_class(html: str, name: str) -> list[str]:
    return [
        text_of(element) for element in parse(html).iter() if name in (element.get("class") or "").split()
    ]


def asking(*questions: object) -> Questionnaire:
    return make_questionnaire(core=Block(name="core", label=texts("Core"), questions=questions), blocks=())  # type: ignore[arg-type]


def in_every_language(value: Any) -> Any:
    """A questionnaire as plain values, with each of its texts in all languages of the pages."""
    if isinstance(value, dict):
        if "en" in value:
            return texts(value["en"], LANGUAGES)
        return {key: in_every_language(one) for key, one in value.items()} | (
            {"languages": LANGUAGES} if "languages" in value else {}
        )
    return [in_every_language(one) for one in value] if isinstance(value, list | tuple) else value


@pytest.fixture(scope="module")
def questionnaire_for_all() -> Questionnaire:
    return msgspec.convert(in_every_language(msgspec.to_builtins(make_questionnaire())), Questionnaire)


@pytest.mark.parametrize("locale", LANGUAGES)
def test_the_form_is_sound_in_every_language(
    environment: Environment, questionnaire_for_all: Questionnaire, locale: str
) -> None:
    page = parse(render(environment, questionnaire_for_all, locale))
    assert (page.get("lang"), page.get("dir")) == (
        KNOWN_LOCALES[locale].tag,
        KNOWN_LOCALES[locale].direction,
    )


@pytest.mark.parametrize("locale", LANGUAGES)
def test_a_form_with_every_kind_of_error_is_sound_in_every_language(
    environment: Environment, questionnaire_for_all: Questionnaire, locale: str
) -> None:
    values = {
        "q2": ["yes", "nonsense"],
        "q3": ["many"],
        "q4": ["x" * 3_000],
        "q1--other": ["y"],
    }
    html = render(environment, questionnaire_for_all, locale, values, checked=True)
    links = [
        element.get("href") for element in parse(html).iter("a") if (element.get("href") or "")[0] == "#"
    ]
    assert links == ["#main-content", "#q1", "#q2", "#q3", "#q4"]
    assert len(texts_with_class(html, "govuk-error-message")) == 4


def test_the_place_is_told_in_words(environment: Environment) -> None:
    numbers = texts_with_class(render(environment, make_questionnaire()), "question__number")
    assert numbers == [
        "Question 1 of 4",
        "Question 2 of 4",
        "Question 3 of 4",
        "Question 4 of 4",
        "Follow-up question",
    ]
    in_bengali = texts_with_class(render(environment, make_questionnaire(), "bn"), "question__number")
    assert in_bengali[0] == "প্রশ্ন ১, মোট ৪টি"


def test_the_time_is_told_before_the_first_question(environment: Environment) -> None:
    facts = texts_with_class(render(environment, make_questionnaire()), "facts")[0]
    assert facts.startswith("This takes about 2 minutes. Your answers go to Organisation & Sons")
    assert "This is not for reporting crime." in facts


def test_what_was_typed_comes_back_in_another_language(environment: Environment) -> None:
    values = {
        "q1": ["other"],
        "q1--other": ['"quoted" & <b>bold</b>'],
        "q2": ["yes", "no"],
        "q3": [" 42 "],
        "q4": ["two\nlines"],
    }
    html = render(environment, make_questionnaire(), "ar", values)
    chosen = [
        element.get("id") for element in parse(html).iter("input") if element.get("checked") is not None
    ]
    assert chosen == ["q1-3", "q2", "q2-2"]
    assert by_id(html, "q1--other").get("value") == '"quoted" & <b>bold</b>'
    assert by_id(html, "q3").get("value") == " 42 "
    assert by_id(html, "q4").text == "two\nlines"


def test_texts_of_authors_are_text(environment: Environment) -> None:
    nasty = "<script>alert(1)</script> {{ 7 * 7 }} & 100 %"
    question = make_question(
        label=texts(nasty), hint=texts(nasty), choices=(Choice(name="a", label=texts(nasty)),)
    )
    questionnaire = asking(question, make_question("n", type="note", label=texts(nasty)))
    html = render(environment, questionnaire)
    assert "<script>alert" not in html
    assert html.count("&lt;script&gt;alert(1)&lt;/script&gt; {{ 7 * 7 }} &amp; 100 %") == 4


def test_a_note_is_read_paragraph_by_paragraph_and_not_counted(environment: Environment) -> None:
    note = make_question("n", type="note", label=texts("One.\n\nTwo."))
    html = render(environment, asking(note, make_question("q")))
    assert texts_with_class(html, "note") == ["One. Two."]
    assert texts_with_class(html, "question__number") == ["Question 1 of 1"]


def test_optional_questions_say_so_and_required_ones_do_not(environment: Environment) -> None:
    questionnaire = asking(make_question("a", is_required=True), make_question("b", type="text"))
    assert texts_with_class(render(environment, questionnaire), "question__text") == [
        "Question a?",
        "Question b? (optional)",
    ]


def test_the_language_switch_keeps_what_was_typed_without_a_script(environment: Environment) -> None:
    page = parse(render(environment, make_questionnaire()))
    buttons = [element for element in page.iter("button") if element.get("name") == SWITCH_LANGUAGE_FIELD]
    assert [(b.get("value"), b.get("lang"), b.get("dir"), text_of(b)) for b in buttons] == [
        ("fr", "fr", "ltr", "Français"),
        ("ar", "ar", "rtl", "العربية"),
        ("bn", "bn", "ltr", "বাংলা"),
    ]
    assert {(b.get("form"), b.get("type")) for b in buttons} == {("survey-form", "submit")}
    assert all(b.get("formnovalidate") is not None for b in buttons)


def test_the_enter_key_sends_the_answers_and_does_not_switch_the_language(environment: Environment) -> None:
    """A browser presses the first submit button in the order of the page."""
    first = next(parse(render(environment, make_questionnaire())).iter("button"))
    assert (first.get("type"), first.get("form"), first.get("name")) == ("submit", "survey-form", None)


def test_only_languages_of_the_questionnaire_are_offered(environment: Environment) -> None:
    questionnaire = make_questionnaire(languages=("en", "eo", "ar"))
    assert [locale.code for locale in offered_locales(questionnaire)] == ["en", "ar"]
    assert "Français" not in render(environment, questionnaire)


def test_the_script_learns_what_shows_a_question(environment: Environment) -> None:
    page = parse(render(environment, make_questionnaire()))
    told = [element.get("data-shown-if") for element in page.iter("div") if element.get("data-shown-if")]
    assert told == ['["=",["$","q1"],"yes"]']


def test_without_a_script_a_follow_up_says_that_it_may_not_apply(environment: Environment) -> None:
    html = render(environment, make_questionnaire())
    assert texts_with_class(html, "without-script") == ["Answer this only if it applies to you."]
    # A condition the script cannot follow: the line stays for everybody.
    age = make_question("age", type="text")
    relevant = "regex(${age}, '[0-9]+')"
    html = render(environment, asking(age, make_question("then", type="text", relevant=relevant)))
    assert texts_with_class(html, "without-script") == []
    assert "Answer this only if it applies to you." in html


def test_a_question_that_this_form_can_never_reach_is_left_out(environment: Environment) -> None:
    html = render(
        environment, asking(make_question("a"), make_question("b", relevant="${elsewhere} = 'yes'"))
    )
    assert "Question b?" not in html


def test_several_choices_with_a_text_have_ids_of_their_own(environment: Environment) -> None:
    choices = tuple(Choice(name=name, label=texts(name), takes_text=True) for name in ("a", "b"))
    html = render(environment, asking(make_question("q", choices=choices)))
    names = [(e.get("id"), e.get("name")) for e in parse(html).iter("input") if e.get("type") == "text"]
    assert names == [("q--other", "q--other"), ("q--other-2", "q--other")]


def test_an_error_of_the_text_beside_a_choice_is_said_beside_it(environment: Environment) -> None:
    values = {"q1": ["other"], "q1--other": ["x" * 600]}
    html = render(environment, make_questionnaire(), values=values, checked=True)
    assert by_id(html, "q1--other").get("aria-describedby") == "q1--other-error"
    assert "500 characters" in text_of(by_id(html, "q1--other-error"))


def test_a_personal_form_is_filled_with_token_and_nonce(environment: Environment) -> None:
    questionnaire = make_questionnaire()
    page = FormPage(environment, questionnaire, whole_form(questionnaire), "en")
    html = page.fill(token="tok_en-1", nonce=NONCE).decode()
    check_page(html, HEADERS)
    assert by_id(html, "survey-form").get("action") == "/s/tok_en-1/en"
    assert CHANNEL_FIELD not in html
    assert not re.search(r"hole[0-9a-f]{16}", html)


def test_what_was_measured_outlives_an_error(environment: Environment) -> None:
    values = {"q1": ["no"], ACTIVE_SECONDS_FIELD: ["41"], SERVED_AT_FIELD: ["1700000000"]}
    html = render(environment, make_questionnaire(), values=values)
    hidden = {e.get("name"): e.get("value") for e in parse(html).iter("input") if e.get("type") == "hidden"}
    assert (hidden[ACTIVE_SECONDS_FIELD], hidden[SERVED_AT_FIELD]) == ("41", "1700000000")


def test_an_open_form_carries_its_channel_and_the_name_of_its_copy(environment: Environment) -> None:
    questionnaire = make_questionnaire()
    page = OpenFormPage(environment, "alert-users", questionnaire, whole_form(questionnaire), "ar")
    html = page.fill(channel='x"><script>', submission="5f", nonce=NONCE).decode()
    check_page(html, HEADERS)
    hidden = {e.get("name"): e.get("value") for e in parse(html).iter("input") if e.get("type") == "hidden"}
    assert abs(int(hidden.pop(SERVED_AT_FIELD) or 0) - time()) < 60
    assert hidden == {
        CHANNEL_FIELD: 'x"><script>', SUBMISSION_FIELD: "5f", ACTIVE_SECONDS_FIELD: "",
        QUESTION_SECONDS_FIELD: "",
    }  # fmt: skip
    assert by_id(html, "survey-form").get("action") == "/o/alert-users/ar"
