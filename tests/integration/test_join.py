"""Joining: one mail, one button, and a place in the queue; nothing that tells who is in the register."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest

from sampling.prn import permanent_numbers
from sampling.tickets import place_tickets
from survey_service.services.administration.clear_expired import clear_expired
from survey_service.services.contacts.manage_contacts import erase_contact
from survey_service.services.messages.send_mails import send_mails
from survey_service.services.rotation.draw_wave import draw_wave
from survey_service.services.rotation.forecast_survey import forecast_survey
from survey_service.settings import Settings
from tests.support.client import running_client
from tests.support.mail_server import MailServer, running_mail_server
from tests.support.register import contact_rows, fill_register, open_new_survey
from tests.support.rows import fetch

FORM: dict[str, Any] = {
    "age": "yes", "email": "New.Person@example.org", "audience": "worker", "purposes": ["surveys"],
    "surveys": "3", "channel": "email", "mobile": "", "language": "fr",
}  # fmt: skip


@pytest.fixture
def mail(settings: Settings) -> Iterator[tuple[MailServer, Settings]]:
    with running_mail_server(settings) as running:
        yield running


async def ask(client: httpx.AsyncClient, **changes: Any) -> httpx.Response:
    return await client.post("/join/en", data=FORM | changes)


def link_of(server: MailServer) -> str:
    """The path in the last mail to the newcomer: the link that confirms, or their own page's."""
    last = [one for one in server.taken if one.to == FORM["email"]][-1]
    text = last.message.get_body(("plain",)).get_content()
    [link] = re.findall(r"https?://[^/\s]+(/join/confirm/\S+|/me/\S+)", text)
    return str(link)


async def people() -> list[dict[str, Any]]:
    return await fetch(
        """SELECT c.reference, d.email, c.language, c.channel, c.surveys_a_year, k.key, u.is_active, u.prn,
               u.ticket, c.chose_language
           FROM contact c JOIN unit u ON u.id = c.unit JOIN cell k ON k.id = u.cell
           LEFT JOIN contact_detail d ON d.contact = c.id WHERE c.reference LIKE 'join-%' ORDER BY c.id"""
    )


async def test_who_confirms_is_in_the_next_forecast_and_draw(
    mail: tuple[MailServer, Settings], tmp_path: Path
) -> None:
    server, settings = mail
    async with running_client(settings) as client:
        await fill_register(tmp_path, settings, contact_rows(40, audience="worker"))
        survey = await open_new_survey(tmp_path)
        await draw_wave(survey, settings, n=10)
        before = (await forecast_survey(survey, settings)).by_stratum["worker"]
        answer = await ask(client)
        assert answer.headers["location"] == "/join/en/sent"
        assert await people() == []
        await send_mails(settings)
        link = link_of(server)
        for _ in range(2):
            assert (await client.get(link)).status_code == 200
        assert (await client.head(link)).status_code == 200
        assert await people() == [], "a program that opens the link confirms nothing"

        refused = await client.post(link, headers={"sec-fetch-site": "cross-site"})
        assert refused.status_code == 403
        for _ in range(2):
            assert (await client.post(link)).headers["location"] == "/join/fr/done"
        assert (await client.get(link)).headers["location"] == "/join/fr/done"
        [person] = await people()
        assert person["email"] == "New.Person@example.org"
        assert (person["language"], person["channel"], person["surveys_a_year"]) == ("fr", "email", 3)
        assert person["key"].startswith("worker|")
        assert person["is_active"]
        assert person["chose_language"]
        [seed] = await fetch("SELECT seed FROM register")
        [prn] = permanent_numbers(seed["seed"], [person["reference"]])
        assert person["prn"] == prn, "given once, by the register's seed"

        consents = await fetch(
            "SELECT purpose, source FROM consent WHERE is_granted ORDER BY id DESC LIMIT 1"
        )
        assert consents[0]["purpose"] == "survey"
        assert re.fullmatch("join page, privacy notice .+, address confirmed", consents[0]["source"])
        [kept] = await fetch("SELECT email, mobile FROM join_request j JOIN newcomer n ON n.id = newcomer")
        assert kept == {"email": None, "mobile": None}
        after = (await forecast_survey(survey, settings)).by_stratum["worker"]
        assert (after.N, after.eligible) == (before.N + 1, before.eligible + 1)
        await send_mails(settings)
        assert link_of(server).startswith("/me/")
        # As many as the stratum holds: a smaller draw may round the newcomer's cell of one down to nobody.
        drawn = await draw_wave(survey, settings, n=after.N)
        assert person["reference"] in {member.contact for member in drawn.members}


async def test_the_place_is_that_of_somebody_who_joins(
    mail: tuple[MailServer, Settings], tmp_path: Path
) -> None:
    server, settings = mail
    async with running_client(settings) as client:
        await fill_register(tmp_path, settings, contact_rows(30, audience="worker"))
        await draw_wave(await open_new_survey(tmp_path), settings, n=20)
        await ask(client, surveys="usual")
        await send_mails(settings)
        await client.post(link_of(server))
        [person] = await people()
        [cell] = await fetch("SELECT clock FROM cell WHERE key = $1", person["key"])
        assert cell["clock"] > 0
        assert person["ticket"] == pytest.approx(
            float(place_tickets(*(np.array([one]) for one in (person["prn"], cell["clock"])))[0])
        )
        assert person["ticket"] > cell["clock"], "behind everybody who waits"

        # Leaving for good and joining again gains nothing: the number is the same.
        await erase_contact(person["reference"], settings)
        await ask(client, surveys="usual")
        await send_mails(settings)
        await client.post(link_of(server))
        [again] = await people()
        assert (again["reference"], again["prn"]) == (person["reference"], person["prn"])


async def test_nothing_tells_whether_an_address_is_known(
    mail: tuple[MailServer, Settings], tmp_path: Path
) -> None:
    server, settings = mail
    async with running_client(settings) as client:
        rows = contact_rows(2, audience="worker")
        await fill_register(tmp_path, settings, rows)
        known = await ask(client, email=rows[0]["email"].upper())
        new = await ask(client)
        nonces = {"content-security-policy": "with a nonce of its own"}
        assert (known.status_code, known.text) == (new.status_code, new.text)
        assert dict(known.headers) | nonces == dict(new.headers) | nonces
        await send_mails(settings)
        assert [one.to for one in server.taken] == [rows[0]["email"], "New.Person@example.org"]
        assert len(await fetch("SELECT FROM join_request")) == 1
        text = server.taken[0].message.get_body(("plain",)).get_content()
        assert "/me/" in text
        assert "/join/confirm/" not in text

        # An address cannot be flooded, and that does not show either.
        for _ in range(6):
            assert (await ask(client)).headers["location"] == "/join/en/sent"
        await send_mails(settings)
        assert len([one for one in server.taken if one.to.startswith("New")]) == 3


async def test_what_is_missing_is_said_and_the_young_leave_no_trace(settings: Settings) -> None:
    async with running_client(replace(settings, join_minimum_age=18)) as client:
        page = (await client.get("/join/en")).text
        assert "Are you 18 or older?" in page
        assert "checked" not in re.sub(r'value="(usual|email)"[^>]*checked', "", page), "no purpose is ticked"
        empty = await client.post("/join/en", data={"age": ""})
        assert empty.status_code == 422
        for field in ("age", "email", "audience", "purposes", "channel", "language"):
            assert f'href="#{field}"' in empty.text
        wrong = await ask(client, email="me@", channel="text", surveys="9", audience="mayor")
        assert set(re.findall(r'href="#(\w+)"', wrong.text)) >= {"email", "mobile", "surveys", "audience"}
        assert 'value="me@"' in wrong.text

        young = await ask(client, age="no")
        assert young.headers["location"] == "/join/en/too-young"
        assert "18" in (await client.get("/join/en/too-young")).text
        trapped = await ask(client, **{"join-website": "https://buy.example"})
        assert trapped.headers["location"] == "/join/en/sent"
        for table in ("newcomer", "join_request", "message"):
            assert await fetch(f"SELECT FROM {table}") == []
        assert (await client.get("/join")).headers["location"] == "/join/en"
        assert (await client.get("/join/en/elsewhere")).status_code == 404
        assert (await client.get("/join/ar")).status_code == 200


async def test_a_link_ends_after_two_days_and_with_it_the_address(
    mail: tuple[MailServer, Settings],
) -> None:
    server, settings = mail
    async with running_client(settings) as client:
        await ask(client, channel="text", mobile="07700 900123")
        await send_mails(settings)
        link = link_of(server)
        assert (await client.get(link[:-4] + "xx/en")).status_code == 404
        await fetch("UPDATE join_request SET expires_at = now()")
        assert (await client.get(link)).status_code == 404
        assert (await client.post(link)).status_code == 404
        await clear_expired(datetime.now(UTC) + timedelta(days=3))
        assert await fetch("SELECT FROM join_request") == []
        assert await fetch("SELECT email FROM newcomer") == [{"email": None}]
        assert await people() == []


async def test_a_taken_number_is_left_out(mail: tuple[MailServer, Settings], tmp_path: Path) -> None:
    server, settings = mail
    async with running_client(settings) as client:
        rows = contact_rows(1, audience="worker", channel="text", mobile="+447700900123")
        await fill_register(tmp_path, settings, rows)
        await ask(client, channel="text", mobile="07700 900123")
        await send_mails(settings)
        await client.post(link_of(server))
        [person] = await people()
        assert (person["channel"], person["is_active"]) == ("email", True)
