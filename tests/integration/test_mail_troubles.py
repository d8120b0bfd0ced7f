"""Mail when something goes wrong: a difficult server, a killed sender, mails that come back."""

import asyncio
import mailbox
import signal
import ssl
import subprocess
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import AuthResult, LoginPassword

from survey_service.domain.errors import Unavailable
from survey_service.services.messages.read_bounces import BouncesRead, read_bounces
from survey_service.services.messages.review_outbox import review_outbox
from survey_service.services.messages.send_mails import send_mails
from survey_service.settings import Settings
from tests.integration.test_mail import invite
from tests.support.imap_server import PASSWORD, running_inbox
from tests.support.live_server import PROGRAM, program_environment
from tests.support.mail_server import MailServer, running_mail_server
from tests.support.rows import fetch
from tests.unit.test_mail_reports import postfix


@pytest.fixture
def mail(settings: Settings) -> Iterator[tuple[MailServer, Settings]]:
    with running_mail_server(settings) as running:
        yield running


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.now


async def states() -> dict[str, int]:
    return {
        row["state"]: row["n"]
        for row in await fetch("SELECT state, count(*)::int AS n FROM message GROUP BY state")
    }


async def test_a_busy_server_is_asked_again_later_and_a_refusal_is_final(
    database: str, mail: tuple[MailServer, Settings], tmp_path: Path
) -> None:
    server, settings = mail
    await invite(settings, tmp_path, 3)
    addresses = [row["email"] for row in await fetch("SELECT email FROM contact_detail ORDER BY id")]
    server.recipient_replies = {
        addresses[0]: "451 4.3.0 try again", addresses[1]: f"550 5.1.1 <{addresses[1]}>: no such user"
    }  # fmt: skip
    clock = Clock()
    done = await send_mails(settings, clock=clock)
    assert (done.sent, done.deferred, done.failed) == (1, 1, 1)
    replies = [row["reply"] for row in await fetch("SELECT reply FROM mail_attempt")]
    assert not any("@" in one for one in replies), "a reply is kept without the address it repeats"
    unreachable = await fetch(
        "SELECT d.email, c.has_email FROM contact_detail d JOIN contact c ON c.id = d.contact"
        " WHERE d.email_failed_at IS NOT NULL"
    )
    assert [(row["email"], row["has_email"]) for row in unreachable] == [(addresses[1], False)]
    server.recipient_replies = {}
    assert (await send_mails(settings, clock=clock)).sent == 0, "it waits before it tries again"
    clock.now += timedelta(minutes=3)
    assert (await send_mails(settings, clock=clock)).sent == 1
    assert await states() == {"sent": 2, "failed": 1}
    assert (await review_outbox(settings)).unreachable == 1


async def test_who_cannot_be_reached_for_hours_is_given_up(
    database: str, mail: tuple[MailServer, Settings], tmp_path: Path
) -> None:
    server, settings = mail
    await invite(settings, tmp_path, 1)
    [row] = await fetch("SELECT email FROM contact_detail")
    server.recipient_replies = {row["email"]: "451 4.3.0 try again"}
    clock = Clock()
    for _ in range(8):
        await send_mails(settings, clock=clock)
        clock.now += timedelta(hours=7)
    assert await states() == {"failed": 1}
    assert (await fetch("SELECT count(*)::int AS n FROM mail_attempt"))[0]["n"] == 8


async def test_no_more_than_the_limit_go_out_in_a_minute(
    database: str, mail: tuple[MailServer, Settings], tmp_path: Path
) -> None:
    server, settings = mail
    await invite(settings, tmp_path, 5)
    slow = replace(settings, smtp_per_minute=2)
    clock = Clock()

    async def pass_time() -> None:
        while len(server.taken) < 2:
            await asyncio.sleep(0.01)
        clock.now += timedelta(minutes=2)

    passing = asyncio.create_task(pass_time())
    assert (await send_mails(slow, clock=clock)).sent == 2
    await passing
    assert (await send_mails(slow, clock=clock, seconds=-1)).sent == 0
    assert await states() == {"sent": 2, "queued": 3}


@pytest.mark.parametrize("moment", ["before the text", "after the text"])
async def test_a_killed_sender_sends_nothing_twice(
    database: str, mail: tuple[MailServer, Settings], tmp_path: Path, moment: str
) -> None:
    server, settings = mail
    await invite(settings, tmp_path, 6)
    server.let_go.clear()
    hold = server.hold_recipients if moment == "before the text" else server.reached_data
    server.is_holding_recipients = moment == "before the text"
    environment = program_environment(
        settings, SURVEY_SMTP_HOST=settings.smtp_host, SURVEY_SMTP_PORT=str(settings.smtp_port),
        SURVEY_SMTP_SECURITY="none",
    )  # fmt: skip
    sender = subprocess.Popen([*PROGRAM, "mail", "send"], env=environment)
    try:
        assert await asyncio.to_thread(hold.wait, 30)
        assert (await send_mails(settings)).is_waiting, "one sender at a time"
    finally:
        sender.send_signal(signal.SIGKILL)
        sender.wait()
    server.is_holding_recipients = False
    server.let_go.set()
    async with asyncio.timeout(60):
        while (await send_mails(settings)).is_waiting:
            await asyncio.sleep(0.05)
    lost = 0 if moment == "before the text" else 1
    expected = {"sent": 6} if not lost else {"sent": 5, "uncertain": 1}
    assert await states() == expected
    assert max(Counter(one.to for one in server.taken).values()) == 1


async def test_it_signs_in_over_tls_and_says_nothing_of_the_password(
    database: str, settings: Settings, tmp_path: Path
) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subprocess.run(
        [
            "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
            "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate,
        ],
        check=True, capture_output=True,
    )  # fmt: skip
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)

    def sign_in(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        is_right = data == LoginPassword(b"surveys", b"a good password")
        return AuthResult(success=is_right, handled=is_right)

    await invite(settings, tmp_path, 1)
    with running_mail_server(
        settings, tls_context=context, require_starttls=True, authenticator=sign_in, auth_required=True
    ) as (server, plain):
        encrypted = replace(
            plain, smtp_security="starttls", smtp_user="surveys", smtp_password="a good password"
        )
        distrusted = await send_mails(encrypted)
        assert distrusted.problem is not None, "nobody vouches for the certificate"
        trusted = replace(encrypted, smtp_ca_file=str(certificate))
        refused = await send_mails(replace(trusted, smtp_password="a wrong password"))
        assert refused.problem is not None
        assert "535" in refused.problem
        assert "password" not in refused.problem.lower()
        assert "password" not in repr(trusted).replace("smtp_password", "")
        assert (await send_mails(trusted)).sent == 1
        assert len(server.taken) == 1


@pytest.mark.parametrize("kind", ["mbox", "maildir"])
async def test_a_mail_that_comes_back_marks_address_and_invitation(
    database: str, mail: tuple[MailServer, Settings], tmp_path: Path, kind: str
) -> None:
    _, settings = mail
    await invite(settings, tmp_path, 3)
    await send_mails(settings)
    rows = await fetch("SELECT mail_id FROM message ORDER BY id")
    place = tmp_path / "returned"
    box = mailbox.mbox(str(place)) if kind == "mbox" else mailbox.Maildir(str(place))
    box.add(postfix(mail_id=rows[0]["mail_id"]))
    box.add(postfix(mail_id=rows[1]["mail_id"], status="5.2.2"))
    box.add(postfix(mail_id="a" * 32))
    away = EmailMessage()
    away.set_content(f"I am away. {rows[2]['mail_id']}")
    box.add(away)
    box.close()
    reading = replace(settings, bounces=f"{kind}:{place}")
    now = datetime.now(UTC)
    assert await read_bounces(reading, now) == BouncesRead(
        mails=4, reports=3, unreachable=1, soft=1, unknown=1
    )
    again = await read_bounces(reading, now)
    assert (again.unreachable, again.soft) == (0, 0)
    facts = await fetch(
        """SELECT m.mail_id, c.has_email, i.undelivered_at IS NOT NULL AS is_undelivered
           FROM message m JOIN contact c ON c.id = m.contact JOIN invitation i ON i.id = m.invitation
           ORDER BY m.id"""
    )
    assert [(row["has_email"], row["is_undelivered"]) for row in facts] == [
        (False, True), (True, False), (True, False)
    ]  # fmt: skip
    await fetch("UPDATE contact_detail SET email = 'new' || email RETURNING id")
    assert all(row["has_email"] for row in await fetch("SELECT has_email FROM contact"))


async def test_returned_mails_are_read_from_an_inbox_once(
    database: str, mail: tuple[MailServer, Settings], tmp_path: Path
) -> None:
    _, settings = mail
    await invite(settings, tmp_path, 2)
    await send_mails(settings)
    rows = await fetch("SELECT mail_id FROM message ORDER BY id")
    now = datetime.now(UTC)
    with running_inbox([postfix(mail_id=rows[0]["mail_id"]), b"Subject: hello\r\n\r\nhello"]) as (
        inbox,
        port,
    ):
        reading = replace(
            settings, bounces="imap", imap_host="127.0.0.1", imap_port=port, imap_security="none",
            imap_user="returned", imap_password=PASSWORD,
        )  # fmt: skip
        with pytest.raises(Unavailable) as refused:
            await read_bounces(replace(reading, imap_password="a secret of mine"), now)
        assert "secret" not in str(refused.value)
        assert await read_bounces(reading, now) == BouncesRead(mails=2, reports=1, unreachable=1)
        assert inbox.seen == {1, 2}
        assert (await read_bounces(reading, now)).mails == 0
    with pytest.raises(Unavailable, match="does not answer"):
        await read_bounces(reading, now)
