"""Mails through a real SMTP server: what they say, when they are tried again, who they never name."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from survey_service.db import newcomer
from survey_service.db.message import MessageDetails
from survey_service.domain.contact_gate import Allow, Deny
from survey_service.domain.tokens import make_purpose_token
from survey_service.services.messages.queue_service_message import queue_service_message
from survey_service.services.messages.send_mails import send_mails
from survey_service.services.rotation.draw_wave import draw_wave
from survey_service.settings import Settings
from tests.support.mail_server import MailServer, running_mail_server
from tests.support.register import contact_rows, fill_register, open_new_survey
from tests.support.rows import fetch

NOW = datetime.now(UTC)


@pytest.fixture
def mail(settings: Settings) -> Iterator[tuple[MailServer, Settings]]:
    with running_mail_server(settings) as running:
        yield running


async def invite(settings: Settings, tmp_path: Path, count: int, **row: str) -> None:
    await fill_register(tmp_path, settings, contact_rows(count, audience="worker", **row))
    await draw_wave(await open_new_survey(tmp_path), settings, n=count)


async def test_an_invitation_arrives_as_text_and_html_with_one_click_to_leave(
    database: str, mail: tuple[MailServer, Settings], tmp_path: Path
) -> None:
    server, settings = mail
    await invite(settings, tmp_path, 3)
    done = await send_mails(settings)
    assert (done.sent, done.problem) == (3, None), await fetch(
        "SELECT outcome, code, reply FROM mail_attempt"
    )
    assert len({one.to for one in server.taken}) == 3
    [first, *_] = server.taken
    message = first.message
    assert message["From"] == "Square Mile Surveys <surveys@example.org>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    own_page = str(message["List-Unsubscribe"]).strip("<>").removesuffix("/unsubscribe")
    text = message.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    html = message.get_body(("html",)).get_content()  # type: ignore[union-attr]
    for body in (text, html):
        assert own_page in body
        assert f"{settings.public_url}/s/" in body
        assert first.to not in body
    assert first.to.partition("@")[0] not in str(message["Message-ID"])
    assert {one.partition("=")[0] for one in server.report_options} == {
        "MAIL RET",
        "MAIL ENVID",
        "RCPT NOTIFY",
    }
    assert [row["state"] for row in await fetch("SELECT state FROM message")] == ["sent"] * 3
    assert (await send_mails(settings)).sent == 0


async def test_without_a_server_mails_wait(database: str, settings: Settings, tmp_path: Path) -> None:
    await invite(settings, tmp_path, 2)
    assert (await send_mails(settings)).is_waiting
    assert [row["state"] for row in await fetch("SELECT state FROM message")] == ["queued"] * 2


async def test_a_server_that_does_not_answer_is_told_and_nothing_is_lost(
    database: str, settings: Settings, tmp_path: Path
) -> None:
    with running_mail_server(settings) as (_, gone):
        pass
    await invite(gone, tmp_path, 2)
    done = await send_mails(gone)
    assert done.problem is not None
    assert "does not answer" in done.problem
    assert [row["state"] for row in await fetch("SELECT state FROM message")] == ["queued"] * 2


async def test_a_newcomer_gets_a_service_message_few_times_a_day(
    database: str, mail: tuple[MailServer, Settings]
) -> None:
    server, settings = mail
    details = MessageDetails(code=7, minutes=15, link="/join/{token}", purpose="join", number=1)
    decisions = []
    for _ in range(4):
        person = await newcomer.add_newcomer(
            "New@example.org", "fr", at=NOW, expires_at=NOW + timedelta(days=1)
        )
        decisions.append(
            await queue_service_message("one_time_code", details, settings, at=NOW, newcomer=person)
        )
    assert [type(one) for one in decisions] == [Allow, Allow, Allow, Deny]
    done = await send_mails(settings)
    assert done.sent == 3
    assert {one.to for one in server.taken} == {"New@example.org"}
    assert server.taken[0].message["List-Unsubscribe"] is None
    assert server.taken[0].message["Content-Language"] == "fr"
    assert await newcomer.empty_expired(NOW + timedelta(days=2)) == 4
    assert make_purpose_token(b"k" * 32, "join", 1) != make_purpose_token(b"k" * 32, "leave", 1)
