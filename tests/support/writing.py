"""Writing a survey through its pages, as a browser without JavaScript does."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import Any

import httpx

from tests.support.staff import csrf_of, make_staff, sign_in_as

SAME_SITE = {"sec-fetch-site": "same-origin"}


async def start_writing(
    client: httpx.AsyncClient, title: str = "Safety after dark", email: str = "ann@example.org", **fields: str
) -> str:
    """Sign in somebody new and begin a survey; return its slug."""
    await make_staff(email)
    await sign_in_as(client, email)
    answer = await post(client, "/staff/surveys/new", title=title, begin="blank", **fields)
    assert answer.status_code == 303, answer.text
    found = re.fullmatch(r"/staff/surveys/([a-z0-9-]+)/questions", answer.headers["location"])
    assert found
    return found.group(1)


async def post(
    client: httpx.AsyncClient, path: str, *, page: str = "", files: Any = None, **fields: Any
) -> httpx.Response:
    """Get the page, then post its form with its token and its draft, unless `base` is given."""
    html = (await client.get(page or path)).text
    base = re.search(r'name="base" value="(\d+)"', html)
    values = {"csrf_token": csrf_of(html), "base": base.group(1) if base else "0"} | fields
    # Multipart where the page's form is: the server reads either.
    return await client.post(path, data=values, files=files, headers=SAME_SITE)


async def add_question(
    client: httpx.AsyncClient, slug: str, label: str, *choices: str, kind: str = "one", **fields: Any
) -> httpx.Response:
    """Add a question of the core as its form would."""
    page = f"/staff/surveys/{slug}/questions/new?kind={kind}"
    kind_type = re.search(r'name="type" value="(\w+)"', (await client.get(page)).text)
    assert kind_type
    values = {"type": kind_type.group(1), "block": "core", "name": "", "label": label, "step": "save"}
    if choices:
        values |= {
            "choice_label": list(choices),
            "choice_name": [""] * len(choices),
            "choice_mark": [""] * len(choices),
        }
    return await post(client, f"/staff/surveys/{slug}/questions/new", page=page, **(values | fields))


async def current_base(client: httpx.AsyncClient, slug: str) -> str:
    """The number of the draft a person opening the page now has before them."""
    html = (await client.get(f"/staff/surveys/{slug}/questions")).text
    found = re.search(r'name="base" value="(\d+)"', html)
    assert found
    return found.group(1)


async def becomes(check: Callable[[], Awaitable[bool]], *, wanted: bool = True) -> bool:
    """Whether a check turns out as wanted soon: what one process changes is told to the others."""
    for _ in range(600):
        if await check() is wanted:
            return True
        await asyncio.sleep(0.05)
    return False
