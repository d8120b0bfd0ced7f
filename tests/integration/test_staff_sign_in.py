"""Signing in and out: sessions, forged posts, and a lock-out that shuts out only who guesses."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from statistics import median
from time import process_time

import httpx
import pytest

from survey_service.db import engine
from survey_service.domain.errors import Conflict, LimitReached, NotAllowed, NotFound
from survey_service.domain.lockout import FREE_TRIES, NETWORK_TRIES
from survey_service.domain.passwords import make_pass_phrase
from survey_service.services.administration.add_staff import add_staff, change_role
from survey_service.services.administration.sign_in import Caller, find_signed_in, sign_in
from survey_service.settings import Settings
from tests.conftest import SECRET_KEY
from tests.support.client import CheckingClient, running_client
from tests.support.staff import PASSWORD, audited, csrf_of, make_staff, sign_in_as

pytestmark = pytest.mark.real_passwords
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
OFFICE, ELSEWHERE = "192.0.2.1", "198.51.100.7"


@pytest.fixture
async def client(settings: Settings) -> AsyncIterator[CheckingClient]:
    """The application behind a proxy that says where requests come from."""
    async with running_client(replace(settings, trusted_proxies="127.0.0.1")) as opened:
        yield opened


async def enter(
    email: str = "ann@example.org",
    password: str = PASSWORD,
    *,
    network: str = OFFICE,
    device: str | None = None,
    session: str | None = None,
    now: datetime = NOW,
):
    return await sign_in(
        email=email,
        password=password,
        caller=Caller(network=network, device_key=device, session_key=session),
        secret_key=SECRET_KEY.encode(),
        session_hours=12,
        now=now,
    )


async def fail(times: int, email: str = "ann@example.org", **where: object) -> None:
    for _ in range(times):
        with pytest.raises(NotAllowed):
            await enter(email, "not the right one", **where)


async def test_sign_in_see_the_surveys_sign_out(client: CheckingClient) -> None:
    await make_staff()
    asked = await client.get("/staff")
    assert (asked.status_code, asked.headers["location"]) == (303, "/staff/sign-in")
    entered = await sign_in_as(client)
    assert (entered.status_code, entered.headers["location"]) == (303, "/staff/surveys")
    page = await client.get("/staff/surveys")
    assert page.status_code == 200
    assert "Ann Example" in page.text
    left = await client.post("/staff/sign-out", data={"csrf_token": csrf_of(page.text)})
    assert (left.status_code, left.headers["location"]) == (303, "/staff/sign-in")
    assert (await client.get("/staff/surveys")).status_code == 303
    assert await audited() == ["staff_added", "signed_in", "surveys_listed", "signed_out"]


async def test_cookies_stay_under_staff_and_out_of_reach_of_scripts(settings: Settings) -> None:
    secure = replace(settings, public_url="https://surveys.example.org", secure_cookies=True)
    async with running_client(secure) as client:
        await make_staff()
        cookies = (await sign_in_as(client)).headers.get_list("set-cookie")
    assert [cookie.split("=")[0] for cookie in cookies] == ["__Secure-staff-session", "__Secure-staff-device"]
    for cookie in cookies:
        parts = {part.strip().lower() for part in cookie.split(";")[1:]}
        assert {"path=/staff", "httponly", "samesite=lax", "secure"} <= parts
        assert not any(part.startswith("domain") for part in parts)


async def test_a_session_planted_before_signing_in_is_worth_nothing(client: CheckingClient) -> None:
    await make_staff()
    client.cookies.set("staff-session", "chosen by somebody else", path="/staff")
    entered = await sign_in_as(client)
    assert "chosen" not in entered.headers["set-cookie"]
    client.cookies.clear()
    client.cookies.set("staff-session", "chosen by somebody else", path="/staff")
    assert (await client.get("/staff/surveys")).status_code == 303


async def test_signing_in_again_ends_the_session_before(database: str) -> None:
    await make_staff()
    first = await enter()
    second = await enter(session=first.session_key)
    assert first.session_key != second.session_key
    assert await find_signed_in(first.session_key, NOW) is None
    assert await find_signed_in(second.session_key, NOW) is not None


async def test_only_the_hash_of_a_session_is_stored(database: str) -> None:
    await make_staff()
    entered = await enter()
    async with engine.connection() as connection:
        stored = await connection.fetchval("SELECT key_hash FROM staff_session")
    assert stored == hashlib.sha256(entered.session_key.encode()).digest()


async def test_a_session_ends_when_idle_and_in_any_case_after_its_hours(database: str) -> None:
    await make_staff()
    key = (await enter()).session_key
    assert await find_signed_in(key, NOW + timedelta(minutes=59)) is not None
    assert await find_signed_in(key, NOW + timedelta(minutes=118)) is not None
    assert await find_signed_in(key, NOW + timedelta(minutes=178)) is None
    key = (await enter()).session_key
    for half_hours in range(1, 24):
        assert await find_signed_in(key, NOW + timedelta(minutes=30 * half_hours)) is not None
    assert await find_signed_in(key, NOW + timedelta(hours=12)) is None


async def test_another_role_ends_every_session(database: str) -> None:
    await make_staff()
    key = (await enter()).session_key
    await change_role(email="Ann@Example.org", role="viewer")
    assert await find_signed_in(key, NOW) is None
    staff = await find_signed_in((await enter()).session_key, NOW)
    assert staff is not None
    assert staff.role == "viewer"
    with pytest.raises(NotFound):
        await change_role(email="nobody@example.org", role="viewer")


async def test_who_left_is_signed_out(database: str) -> None:
    await make_staff()
    key = (await enter()).session_key
    async with engine.connection() as connection:
        await connection.execute("UPDATE staff SET is_active = false")
    assert await find_signed_in(key, NOW) is None
    await fail(1)


async def test_wrong_password_and_unknown_account_look_the_same(client: CheckingClient) -> None:
    await make_staff()
    wrong = await sign_in_as(client, password="wrong")
    unknown = await sign_in_as(client, "bob@example.org", password="wrong")
    assert wrong.status_code == unknown.status_code == 422
    assert _without_nonce(wrong).replace("ann@", "bob@") == _without_nonce(unknown)
    for times in range(FREE_TRIES):
        wrong = await sign_in_as(client, password="wrong")
        unknown = await sign_in_as(client, "bob@example.org", password="wrong")
        assert wrong.status_code == unknown.status_code == (422 if times < FREE_TRIES - 1 else 429)
    assert _without_nonce(wrong).replace("ann@", "bob@") == _without_nonce(unknown)


async def test_wrong_password_and_unknown_account_take_the_same_time(database: str) -> None:
    await make_staff()
    seconds: dict[str, list[float]] = {"ann@example.org": [], "bob@example.org": []}
    for round_ in range(6):
        for email, times in seconds.items():
            started = process_time()  # the other processes of a busy machine count for nothing
            await fail(1, email, network=f"192.0.2.{round_}")
            times.append(process_time() - started)
    known, unknown = (median(times) for times in seconds.values())
    # Without the hash of nobody the unknown account is ten times as fast.
    assert 0.4 < known / unknown < 2.5


async def test_who_guesses_shuts_out_themselves_and_nobody_else(database: str) -> None:
    await make_staff()
    await fail(FREE_TRIES, network=ELSEWHERE)
    with pytest.raises(LimitReached):
        await enter(network=ELSEWHERE)
    await enter(network=OFFICE)
    with pytest.raises(LimitReached):
        await enter(network=ELSEWHERE)
    await enter(network=ELSEWHERE, now=NOW + timedelta(seconds=16))


async def test_a_known_device_gets_in_from_the_network_of_the_one_who_guesses(database: str) -> None:
    await make_staff()
    await make_staff("bob@example.org")
    device = (await enter()).device_key
    await fail(FREE_TRIES)
    with pytest.raises(LimitReached):
        await enter()
    again = await enter(device=device)
    assert again.device_key == device
    with pytest.raises(LimitReached):
        await enter(device=device[:-1] + ("0" if device[-1] != "0" else "1"))
    # A device vouches for its own account only, and is no way to guess for ever.
    await fail(FREE_TRIES, "bob@example.org")
    with pytest.raises(LimitReached):
        await enter("bob@example.org", device=device)
    await fail(FREE_TRIES, device=device)
    with pytest.raises(LimitReached):
        await enter(device=device)


async def test_one_password_on_many_accounts_is_stopped_too(database: str) -> None:
    await make_staff()
    async with engine.connection() as connection:
        await fail(1, network=ELSEWHERE)
        await connection.execute(
            """INSERT INTO sign_in_attempt (account_hash, network_hash, at)
               SELECT int4send(n), network_hash, at FROM sign_in_attempt, generate_series(2, $1) n""",
            NETWORK_TRIES,
        )
    with pytest.raises(LimitReached):
        await enter("new@example.org", network=ELSEWHERE)
    await enter(network=OFFICE)


async def test_a_hundred_guesses_at_once_are_not_a_hundred_guesses(database: str) -> None:
    await make_staff()
    outcomes = await asyncio.gather(
        *(enter(password=f"guess number {place}") for place in range(20)), return_exceptions=True
    )
    kinds = [type(outcome) for outcome in outcomes]
    assert kinds.count(NotAllowed) == FREE_TRIES
    assert kinds.count(LimitReached) == 20 - FREE_TRIES


async def test_the_right_password_clears_the_slips_before(database: str) -> None:
    await make_staff()
    await fail(FREE_TRIES - 1)
    await enter()
    await fail(FREE_TRIES - 1)
    await enter()


async def test_forged_posts_are_refused(client: CheckingClient) -> None:
    await make_staff()
    cross = await client.post(
        "/staff/sign-in",
        data={"email": "ann@example.org", "password": PASSWORD},
        headers={"sec-fetch-site": "cross-site"},
    )
    assert cross.status_code == 403
    await sign_in_as(client)
    token = csrf_of((await client.get("/staff/surveys")).text)
    assert (await client.post("/staff/sign-out")).status_code == 403
    assert (await client.post("/staff/sign-out", data={"csrf_token": "0" * 64})).status_code == 403
    elsewhere = {"origin": "https://evil.example"}
    refused = await client.post("/staff/sign-out", data={"csrf_token": token}, headers=elsewhere)
    assert refused.status_code == 403
    assert (await client.get("/staff/surveys")).status_code == 200
    await sign_in_as(client)
    assert (await client.post("/staff/sign-out", data={"csrf_token": token})).status_code == 403


async def test_signing_in_leads_back_but_never_to_another_site(client: CheckingClient) -> None:
    await make_staff()
    asked = await client.get("/staff/surveys/alerts")
    assert asked.headers["location"] == "/staff/sign-in?next=%2Fstaff%2Fsurveys%2Falerts"
    form = await client.get(asked.headers["location"])
    assert 'name="next" value="/staff/surveys/alerts"' in form.text
    back = await sign_in_as(client, next_path="/staff/surveys/alerts")
    assert back.headers["location"] == "/staff/surveys/alerts"
    for evil in ("https://evil.example", "//evil.example", "/staff/../s/x", "/staff/sign-in", "/staff/\\x"):
        assert (await sign_in_as(client, next_path=evil)).headers["location"] == "/staff/surveys"


async def test_nothing_odd_that_is_posted_breaks_the_form(client: CheckingClient) -> None:
    assert (await sign_in_as(client, "", "")).status_code == 422
    assert (await sign_in_as(client, "<b>" * 500, "x" * 10_000)).status_code == 422
    assert (await sign_in_as(client, "a\x00b@example.org", "x")).status_code == 422
    odd = {"cookie": b"staff-session=\xff\xfe; staff-device=."}
    assert (await client.get("/staff/surveys", headers=odd)).status_code == 303
    assert (await client.post("/staff/sign-in", headers=odd)).status_code == 422


async def test_who_may_be_added(database: str) -> None:
    await make_staff()
    with pytest.raises(Conflict):
        await make_staff("ANN@example.org ")
    for email, password, role in (
        ("no address", PASSWORD, "viewer"),
        ("bob@example.org", "short", "viewer"),
        ("bob@example.org", "bob@example.org", "viewer"),
        ("bob@example.org", PASSWORD, "king"),
    ):
        with pytest.raises(NotAllowed):
            await add_staff(email=email, password=password, role=role, department="Public Order")
    await add_staff(
        email="bob@example.org", password=make_pass_phrase(), role="viewer", department="Public Order"
    )


def _without_nonce(response: httpx.Response) -> str:
    policy = response.headers["content-security-policy"]
    return response.text.replace(policy.split("'nonce-")[1].split("'")[0], "")
