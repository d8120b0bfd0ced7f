"""What every answer must have, whatever the address: headers, the right kind of error, no leaks."""

from dataclasses import replace

import asyncpg
import pytest

from survey_service.settings import Settings
from survey_service.web.static_assets import load_static_assets
from tests.support.client import CheckingClient, running_client

SECURITY_HEADERS = [
    "content-security-policy",
    "x-content-type-options",
    "x-frame-options",
    "referrer-policy",
    "permissions-policy",
    "cross-origin-opener-policy",
    "cache-control",
]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/health", 200),
        ("GET", "/ready", 200),
        ("GET", "/metrics", 200),
        ("GET", "/brand.css", 200),
        ("GET", "/no-such-page", 404),
        ("GET", "/api/no-such-thing", 404),
        ("POST", "/health", 405),
        ("GET", "/static/no-such-file.css", 404),
        ("GET", "/static/../settings.py", 404),
        ("DELETE", "/", 405),
    ],
)
async def test_every_answer_carries_the_security_headers(
    client: CheckingClient, method: str, path: str, status: int
) -> None:
    response = await client.request(method, path)
    assert response.status_code == status
    for header in SECURITY_HEADERS:
        assert header in response.headers, header
    assert "set-cookie" not in response.headers


async def test_each_answer_has_a_nonce_of_its_own(client: CheckingClient) -> None:
    first, second = [(await client.get("/none")).headers["content-security-policy"] for _ in range(2)]
    assert first != second
    assert "unsafe" not in first


async def test_errors_are_pages_for_people_and_json_for_programs(client: CheckingClient) -> None:
    page = await client.get("/no-such-page")
    assert page.headers["content-type"].startswith("text/html")
    program = await client.get("/api/v1/no-such-thing")
    assert program.json()["error"]["code"] == "http_404"


@pytest.mark.parametrize(
    ("path", "accept", "lang", "direction"),
    [
        ("/nowhere", "ar, en;q=0.5", "ar", "rtl"),
        ("/nowhere/fr", "ar", "fr", "ltr"),
        ("/nowhere", "xx", "en", "ltr"),
        ("/nowhere", "", "en", "ltr"),
    ],
)
async def test_error_pages_speak_the_readers_language(
    client: CheckingClient, path: str, accept: str, lang: str, direction: str
) -> None:
    page = await client.get(path, headers={"Accept-Language": accept})
    assert f'<html lang="{lang}" dir="{direction}"' in page.text


async def test_built_files_are_kept_for_ever_and_pages_are_not(client: CheckingClient) -> None:
    page = await client.get("/no-such-page")
    assert page.headers["cache-control"] == "no-store"
    style_sheet = page.text.split('<link rel="stylesheet" href="')[1].split('"')[0]
    built = await client.get(style_sheet)
    assert built.status_code == 200
    assert "immutable" in built.headers["cache-control"]


async def test_https_asks_browsers_to_stay_on_https(settings: Settings) -> None:
    async with running_client(replace(settings, public_url="https://surveys.example.org")) as client:
        response = await client.get("/health")
    assert "strict-transport-security" in response.headers


async def test_ready_says_no_without_migrations(server, tmp_path) -> None:
    name = "unmigrated"
    connection = await asyncpg.connect(server.url("postgres"))
    await connection.execute(f"CREATE DATABASE {name}")
    try:
        unmigrated = Settings(database_url=server.url(name), data_dir=tmp_path, secret_key="k" * 40)
        async with running_client(unmigrated) as client:
            response = await client.get("/ready")
        assert (response.status_code, response.text) == (503, "not ready")
    finally:
        await connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
        await connection.close()


@pytest.mark.parametrize(
    ("takes", "is_compressed"),
    [
        ("gzip, br", True),
        ("br;q=1, GZIP ; q=0.5", True),
        ("*", True),
        ("gzip;q=0", False),
        ("br", False),
        ("", False),
    ],
)
async def test_files_and_pages_are_compressed_for_whoever_takes_it(
    client: CheckingClient, takes: str, is_compressed: bool
) -> None:
    for path in (load_static_assets().url("respondent.css"), "/privacy/en"):
        plain = await client.get(path, headers={"accept-encoding": ""})
        answer = await client.get(path, headers={"accept-encoding": takes})
        assert (answer.headers.get("content-encoding") == "gzip") is is_compressed, path
        assert answer.headers.get("vary", "").lower() == "accept-encoding" or not is_compressed
        assert len(answer.content) == len(plain.content)
        assert (await client.head(path, headers={"accept-encoding": takes})).status_code in (200, 405)
