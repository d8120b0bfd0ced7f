"""Every address of staff, found in the application itself: who gets in, and nobody else changes anything.

A new page is tried here as soon as it exists. What a role may open is written down; everything else is shut.
"""

import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from survey_service.app import create_app
from survey_service.db import engine
from survey_service.settings import Settings
from tests.support.client import CheckingClient, running_client
from tests.support.register import contact_rows, fill_register, open_new_survey
from tests.support.rows import fetch
from tests.support.staff import csrf_of, make_staff, sign_in_as

SAME_SITE = {"sec-fetch-site": "same-origin"}
VALUES = {
    "slug": "parks", "wave": "1", "contact": "1", "notice": "1", "number": "1", "file": "website.svg",
    "language": "en", "kind": "po", "form": "1", "mode": "paper", "name": "q1a",
}  # fmt: skip

OPEN_TO_ANYBODY = {"/staff/sign-in"}
OF_VIEWERS = {
    "/staff", "/staff/surveys", "/staff/surveys/{slug}", "/staff/sign-out", "/staff/safeguarding/rule",
}  # fmt: skip
"""What somebody who only looks may open; the results are those of the own department."""

OF_ADMINISTRATORS = {
    "GET /staff/budget/shares", "GET /staff/safeguarding/officers",
    "POST /staff/budget/shares", "POST /staff/cells", "POST /staff/freezes/thaw",
    "POST /staff/languages", "POST /staff/likelihood/switch", "POST /staff/likelihood/train",
    "POST /staff/limits", "POST /staff/limits/end", "POST /staff/limits/purpose", "GET /staff/other-ways",
    "POST /staff/newsletter/mapping", "POST /staff/other-ways", "POST /staff/safeguarding/officers",
    "POST /staff/surveys/{slug}/approve",
}  # fmt: skip
"""What communications may not do in their own department either."""

BESIDE = {"staff_session", "audit_event", "sign_in_attempt", "staff"}
"""Tables that signing in and being refused may change."""


class Door(NamedTuple):
    """One method of one address."""

    method: str
    pattern: str

    @property
    def path(self) -> str:
        return re.sub(r"\{(\w+)\}", lambda found: VALUES[found.group(1)], self.pattern)

    @property
    def is_of_one_survey(self) -> bool:
        return "{slug}" in self.pattern

    def __str__(self) -> str:
        return f"{self.method} {self.pattern}"


def every_door(settings: Settings) -> Iterator[Door]:
    """What the application itself says that it answers under /staff."""
    for route in create_app(settings).routes:
        pattern = route.path_format
        if pattern.startswith("/staff") and pattern not in OPEN_TO_ANYBODY:
            for method in sorted(set(getattr(route, "methods", ())) - {"OPTIONS", "HEAD"}):
                yield Door(method, pattern)


@pytest.fixture
async def client(settings: Settings, tmp_path: Path) -> AsyncIterator[CheckingClient]:
    """The running application with the open survey `parks` of Parks, and people of Parks and of Roads."""
    async with running_client(settings) as opened:
        await fill_register(tmp_path, settings, contact_rows(40))
        await open_new_survey(tmp_path)
        for role in ("viewer", "communications", "admin"):
            await make_staff(f"{role}@parks.example.org", role=role, department="Parks")
        await make_staff("communications@roads.example.org", department="Roads")
        await make_staff("viewer@roads.example.org", role="viewer", department="Roads")
        yield opened


async def fingerprints() -> dict[str, Any]:
    """What stands in every table."""
    names = await fetch(
        """SELECT relname AS name FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
           WHERE relkind IN ('r', 'p') AND nspname = 'public' AND NOT relispartition"""
    )
    found = {}
    async with engine.connection() as connection:
        for name in sorted({str(row["name"]) for row in names} - BESIDE):
            found[name] = await connection.fetchval(
                f"SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM {name} t"
            )
    return found


async def enter(client: CheckingClient, email: str) -> str:
    """Sign in; returns the token of the session's forms."""
    client.cookies.clear()
    assert (await sign_in_as(client, email)).status_code == 303
    return csrf_of((await client.get("/staff/surveys")).text)


async def knock(client: CheckingClient, door: Door, **fields: str) -> int:
    """The status of a request; a post is one a browser would send from our own page."""
    if door.method == "GET":
        return (await client.get(door.path)).status_code
    return (await client.request(door.method, door.path, data=fields, headers=SAME_SITE)).status_code


async def test_without_a_session_every_door_leads_to_the_sign_in(
    client: CheckingClient, settings: Settings
) -> None:
    before = await fingerprints()
    doors = list(every_door(settings))
    assert len(doors) > 100
    for door in doors:
        for cookie in ({}, {"cookie": f"staff-session={'A' * 43}"}):
            answer = await client.request(door.method, door.path, headers=SAME_SITE | cookie)
            assert answer.headers["cache-control"] == "no-store"
            if door.path.endswith("/preview"):  # a frame of a page: it says so, and leads nowhere
                assert answer.status_code == 401, door
                continue
            assert answer.status_code == 303, door
            assert answer.headers["location"].startswith("/staff/sign-in"), door
    assert await fingerprints() == before


async def test_no_post_is_taken_without_the_token_of_the_session_or_from_another_site(
    client: CheckingClient, settings: Settings
) -> None:
    other = await enter(client, "communications@parks.example.org")
    token = await enter(client, "admin@parks.example.org")
    before = await fingerprints()
    for door in every_door(settings):
        if door.method == "GET":
            continue
        assert await knock(client, door) == 403, door
        assert await knock(client, door, csrf_token=other) == 403, door
        forged = await client.post(
            door.path, data={"csrf_token": token}, headers={"sec-fetch-site": "cross-site"}
        )
        assert forged.status_code == 403, door
        old_browser = await client.post(
            door.path, data={"csrf_token": token}, headers={"origin": "https://evil.example"}
        )
        assert old_browser.status_code == 403, door
    assert await fingerprints() == before


@pytest.mark.parametrize("role", ["communications", "viewer"])
async def test_another_department_finds_nothing_of_a_survey(
    client: CheckingClient, settings: Settings, role: str
) -> None:
    token = await enter(client, f"{role}@roads.example.org")
    before = await fingerprints()
    for door in every_door(settings):
        if door.is_of_one_survey:
            assert await knock(client, door, csrf_token=token) == 404, door
    assert await fingerprints() == before


async def test_who_only_looks_opens_the_listed_pages_and_no_other(
    client: CheckingClient, settings: Settings
) -> None:
    token = await enter(client, "viewer@parks.example.org")
    before = await fingerprints()
    for door in every_door(settings):
        if door.pattern == "/staff/sign-out":
            continue
        step = "open" if "notices" in door.pattern else "save"
        status = await knock(client, door, csrf_token=token, do=step)
        if door.pattern in OF_VIEWERS:
            assert status in (200, 303), door
        else:
            assert status in (403, 404), door
    assert await fingerprints() == before


async def test_communications_do_not_govern(client: CheckingClient, settings: Settings) -> None:
    token = await enter(client, "communications@parks.example.org")
    before = await fingerprints()
    doors = {str(door): door for door in every_door(settings)}
    assert doors.keys() >= OF_ADMINISTRATORS
    for name in sorted(OF_ADMINISTRATORS):
        assert await knock(client, doors[name], csrf_token=token, step="accept:fr", do="save") == 403, name
    assert await fingerprints() == before
