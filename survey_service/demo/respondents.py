"""People who answer over HTTP, the way a browser does: fetch the page, fill what it shows, post it back.

Nothing is written past the server: what it refuses is an error of the demonstration.
"""

import http.client
import random
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from html.parser import HTMLParser
from urllib.parse import urlencode, urlsplit

import msgspec

from survey_service.demo.published import draw_answers
from survey_service.domain.errors import SurveyServiceError
from survey_service.domain.questionnaire import Form, Questionnaire

BROWSERS = 6
"""Connections at a time."""


class Visit(msgspec.Struct, frozen=True):
    """One person's visit: the address of the form, and what the register knows of them."""

    path: str
    contact: dict[str, str]


class PageFields(HTMLParser):
    """The form of a page: where it posts to, its hidden fields, the names of those to fill."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.action = ""
        self.hidden: dict[str, str] = {}
        self.names: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note forms and fields."""
        attributes = dict(attrs)
        if tag == "form" and not self.action:
            self.action = attributes.get("action") or ""
        name = attributes.get("name") or ""
        if tag == "input" and attributes.get("type") == "hidden":
            self.hidden[name] = attributes.get("value") or ""
        elif tag in {"input", "textarea", "select"}:
            self.names.add(name)


def answer_all(base_url: str, visits: Iterable[Visit], questionnaire: Questionnaire, seed: str) -> int:
    """Let every visitor answer; return how many were thanked."""
    everything = Form(
        key="everything",
        block_names=tuple(block.name for block in questionnaire.blocks),
        share=1.0,
        points=0,
        planned_seconds=0,
    )

    def walk(part: list[Visit]) -> int:
        browser = http.client.HTTPConnection(urlsplit(base_url).netloc, timeout=30)
        try:
            return sum(
                _answer_one(browser, base_url, visit, _fill(visit, questionnaire, everything, seed))
                for visit in part
            )
        finally:
            browser.close()

    with ThreadPoolExecutor(BROWSERS) as pool:
        return sum(pool.map(walk, _deal(list(visits))))


def _deal(visits: list[Visit]) -> Iterator[list[Visit]]:
    return (visits[start::BROWSERS] for start in range(BROWSERS))


def _fill(visit: Visit, questionnaire: Questionnaire, everything: Form, seed: str) -> Mapping[str, list[str]]:
    # Drawn from the person, not from the order of arrival: the same people say the same at every run.
    rng = random.Random(f"{seed}|{visit.path}")  # noqa: S311 - a demonstration's dice
    return draw_answers(rng, visit.contact, questionnaire, everything)


def _answer_one(
    browser: http.client.HTTPConnection, base_url: str, visit: Visit, answers: Mapping[str, list[str]]
) -> bool:
    status, page = _request(browser, "GET", visit.path)
    if status != 200:
        raise SurveyServiceError(
            "The demonstration's form was not served.", expected="status 200", got=str(status)
        )
    fields = PageFields(page)
    shown = {name: values for name, values in answers.items() if name in fields.names}
    body = urlencode({**fields.hidden, **shown}, doseq=True)
    status, _ = _request(browser, "POST", fields.action or visit.path, body, base_url)
    if status != 303:
        raise SurveyServiceError(
            "The demonstration's answers were not taken.", expected="status 303", got=str(status)
        )
    return True


def _request(
    browser: http.client.HTTPConnection, method: str, path: str, body: str | None = None, origin: str = ""
) -> tuple[int, str]:
    headers = (
        {"Content-Type": "application/x-www-form-urlencoded", "Origin": origin} if body is not None else {}
    )
    browser.request(method, path, body, headers)
    answer = browser.getresponse()
    return answer.status, answer.read().decode()
