"""Members of staff for tests, and signing in as one."""

import re

import httpx

from survey_service.db import engine
from survey_service.services.administration.add_staff import add_staff

PASSWORD = "a pass phrase for tests"


async def make_staff(
    email: str = "ann@example.org", *, role: str = "communications", department: str = "Public Order"
) -> int:
    """A member of staff whose password is PASSWORD."""
    return await add_staff(
        email=email, password=PASSWORD, role=role, department=department, name="Ann Example"
    )


async def sign_in_as(
    client: httpx.AsyncClient,
    email: str = "ann@example.org",
    password: str = PASSWORD,
    *,
    network: str = "192.0.2.1",
    next_path: str = "",
) -> httpx.Response:
    """Post the form as a browser in that network does."""
    return await client.post(
        "/staff/sign-in",
        data={"email": email, "password": password, "next": next_path},
        headers={"x-forwarded-for": network, "sec-fetch-site": "same-origin"},
    )


def csrf_of(html: str) -> str:
    """The token of a page's form."""
    found = re.search(r'name="csrf_token" value="([0-9a-f]{64})"', html)
    assert found, "the page has no form of a session"
    return found.group(1)


async def audited() -> list[str]:
    """The actions in the audit log, oldest first."""
    async with engine.connection() as connection:
        rows = await connection.fetch("SELECT action FROM audit_event ORDER BY id")
    return [row["action"] for row in rows]
