"""The way through the staff area: every word leads to a page its reader may open, and that marks itself."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from survey_service.settings import Settings
from tests.support.client import CheckingClient, running_client
from tests.support.register import contact_rows, fill_register, open_new_survey
from tests.support.staff import make_staff, sign_in_as

Way = list[tuple[str, str, str]]
"""Address, mark of the current one, word."""


def way(page: str, label: str) -> Way:
    """The links of the navigation with this label."""
    found = re.search(rf'<nav[^>]* aria-label="{label}".*?</nav>', page, re.DOTALL)
    links = re.findall(r"<a([^>]*)>(.*?)</a>", found[0], re.DOTALL) if found else []
    return [
        (
            re.findall(r'href="([^"]*)"', attributes)[0],
            "".join(re.findall(r'aria-current="([^"]*)"', attributes)),
            re.sub(r"<[^>]*>", "", words).strip(),
        )
        for attributes, words in links
    ]


def marked(links: Way, mark: str) -> list[str]:
    return [words for _, found, words in links if found == mark]


async def walk(client: CheckingClient) -> dict[str, list[str]]:
    """Open every page there is a word for; the words below each word of the bar."""
    words: dict[str, list[str]] = {}
    for href, _, area in way((await client.get("/staff/surveys")).text, "Main"):
        first = await client.get(href, follow_redirects=True)
        assert first.status_code == 200, href
        below = way(first.text, area)
        for address, _, word in below:
            answer = await client.get(address)
            assert answer.status_code == 200, address
            assert marked(way(answer.text, area), "page") == [word]
            bar = way(answer.text, "Main")
            assert marked(bar, "page") + marked(bar, "true") == [area], address
        words[area] = [word for _, _, word in below]
    return words


@pytest.mark.parametrize(
    ("role", "areas", "settings_pages"),
    [
        ("viewer", "Surveys", None),
        ("communications", "Surveys Contacts Planning Newsletter Insight Settings", []),
        (
            "admin",
            "Surveys Contacts Planning Newsletter Insight Safeguarding Settings",
            ["Languages", "Other ways to answer"],
        ),
    ],
)
async def test_each_role_finds_its_pages_and_no_others(
    settings: Settings, role: str, areas: str, settings_pages: list[str] | None
) -> None:
    async with running_client(settings) as client:
        await make_staff(role=role)
        await sign_in_as(client)
        words = await walk(client)
        assert " ".join(words) == areas
        assert words.get("Settings") == settings_pages
        if role != "viewer":
            assert words["Planning"] == ["Calendar", "Budget", "Limits", "Freezes", "Cells"]
            below = await client.get("/staff/budget/exceptions")
            assert marked(way(below.text, "Planning"), "true") == ["Budget"]


async def test_a_survey_is_walked_in_the_order_of_the_work(settings: Settings, tmp_path: Path) -> None:
    strict = replace(settings, approval_threshold=10)
    async with running_client(strict) as client:
        await fill_register(tmp_path, strict, contact_rows(80))
        await open_new_survey(tmp_path)
        await make_staff(department="Parks")
        await sign_in_as(client)
        start = way((await client.get("/staff/surveys/parks")).text, "This survey")
        assert [word for _, _, word in start[:4]] == ["Write", "Plan", "Ask", "Results"]
        seen = []
        for href, _, step in start[:4]:
            for address, _, word in way((await client.get(href)).text, "This survey")[4:]:
                answer = await client.get(address)
                assert answer.status_code == 200, address
                links = way(answer.text, "This survey")
                assert (marked(links, "true"), marked(links, "page")) == ([step], [word])
                seen.append(word)
        assert len(seen) == len(set(seen)) == 16
        # More than may be drawn without a plan: the forecast leads on to its price.
        forecast = (await client.get("/staff/surveys/parks/forecast?n=20")).text
        assert "So many invitations need an approved plan first." in forecast
