"""Every type of question on its page: sound HTML, what was typed comes back, texts that repeat answers."""

import re
from typing import Any

import html5lib
import pytest
from jinja2 import Environment

from survey_service.domain.answers import read_answers
from survey_service.domain.questionnaire_check import check_questionnaire
from survey_service.web.respondent.form_page import render_form
from tests.support.checking import check_page
from tests.support.every_type import make_every_type
from tests.support.respondent_pages import HEADERS, NONCE, make_environment, whole_form

ANSWERS = {
    "lives_here": ["yes"], "role": ["other"], "role--other": ["<b>a friend</b>"], "seen": ["none"],
    "safe": ["4"], "likely": ["0"], "mood": ["--declined"], "at_night": ["2"], "at_station": ["--declined"],
    "in_park": ["5"], "worse": ["Loud\nstreet"], "first--1": ["2"], "first--2": ["1"], "first--3": ["3"],
    "days": ["١٢"], "often": ["I like it"], "hours": ["2,5"], "since": ["۲۷"], "since--month": ["3"],
    "since--year": ["২০০৭"], "postcode": ["ec2m7pp"], "area": ["e1 6an"], "change": ["a\nb"], "agree": ["OK"],
}  # fmt: skip


@pytest.fixture(scope="module")
def environment() -> Environment:
    return make_environment()


def render(
    environment: Environment, locale: str, values: dict[str, list[str]] | None, *, is_checked: bool = False
) -> str:
    questionnaire = make_every_type(is_one_page=True)
    form = whole_form(questionnaire)
    errors = read_answers(values or {}, questionnaire, form, today=None).errors if is_checked else ()
    html = render_form(
        environment, questionnaire, form, locale, action=f"/s/abc/{locale}", served_at="0", nonce=NONCE,
        values=values, errors=errors,
        is_whole=True,
    )  # fmt: skip
    check_page(html, HEADERS)
    return html


def is_sent(element: Any) -> bool:
    return element.get("type") not in ("radio", "checkbox") or element.get("checked") is not None


def posted_by(html: str) -> dict[str, list[str]]:
    """What a browser would send if the page were sent as it stands."""
    sent: dict[str, list[str]] = {}
    for element in html5lib.parse(html, namespaceHTMLElements=False).iter():
        name, value = element.get("name") or "", element.get("value") or ""
        if element.tag == "textarea":
            value = element.text or ""
        elif element.tag == "select":
            value = next(o.get("value") or "" for o in element if o.get("selected") is not None)
        elif element.tag != "input" or element.get("type") == "hidden" or not is_sent(element):
            continue
        if value:
            sent.setdefault(name, []).append(value)
    return sent


def test_the_questionnaire_with_everything_is_in_order() -> None:
    assert check_questionnaire(make_every_type()) == ()


@pytest.mark.parametrize("locale", ["en", "ar"])
def test_every_type_is_sound_empty_filled_and_wrong(environment: Environment, locale: str) -> None:
    assert posted_by(render(environment, locale, None)) == {}
    # Whatever was typed comes back unchanged, in whatever digits: the page can be sent again as it stands.
    assert posted_by(render(environment, locale, ANSWERS)) == ANSWERS
    wrong: dict[str, Any] = {
        "first--1": ["1"], "first--2": ["1"], "days": ["x"], "days--declined": ["yes"], "since": ["1"],
        "hours": ["1,500"], "postcode": ["EC2"], "area": ["?"], "seen": ["none", "patrol"],
    }  # fmt: skip
    html = render(environment, locale, wrong, is_checked=True)
    links = re.findall(r'<li><a href="#([^"]+)">', html)
    assert links == [
        "lives_here", "seen", "at_night", "at_station", "in_park", "first", "days", "hours", "since--month",
        "postcode", "area", "agree",
    ]  # fmt: skip
    assert set(links) <= set(re.findall(r' id="([^"]+)"', html))
    assert html.count('class="govuk-error-message"') == len(links)


def test_a_text_repeats_an_answer_escaped_or_says_which_is_meant(environment: Environment) -> None:
    empty = render(environment, "en", None)
    assert 'Why do you come for <bdi data-pipe="role">(your answer to question 2)</bdi>?' in empty
    given = render(environment, "en", {"role": ["work"], "days": ["۱۲"]})
    assert 'Why do you come for <bdi data-pipe="role">Work</bdi>?' in given
    assert 'You said <bdi data-pipe="days">12</bdi> days.' in given
    # An answer that is not among the choices was never given.
    nasty = render(environment, "en", {"role": ["<script>"], "days": ["<script>"]})
    assert "(your answer to question 2)" in nasty
    assert "<script>" not in nasty.split("<main", 1)[1].split("</main>")[0]
