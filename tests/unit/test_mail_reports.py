"""Returned mails as mail servers write them."""

import pytest

from survey_service.integrations.mail.reports import Returned, read_report

MAIL_ID = "0123456789abcdef0123456789abcdef"

POSTFIX = """\
From: MAILER-DAEMON@mail.example.org (Mail Delivery System)
To: bounces@surveys.example.org
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="BOUND"

This is a MIME-encapsulated message.

--BOUND
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--BOUND
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example.org
{envelope}X-Postfix-Sender: rfc822; bounces@surveys.example.org
Arrival-Date: Tue, 24 Nov 2026 10:00:00 +0000 (UTC)

Final-Recipient: rfc822; nobody@example.net
Original-Recipient: rfc822;nobody@example.net
Action: {action}
Status: {status}
Remote-MTA: dns; mx.example.net
Diagnostic-Code: smtp; 550 {status} <nobody@example.net>: no such user

--BOUND
Content-Type: {original}

Return-Path: <bounces@surveys.example.org>
Message-ID: <{mail_id}@surveys.example.org>
Subject: Your views

--BOUND--
"""

EXCHANGE = """\
From: <postmaster@example.net>
Subject: =?utf-8?B?VW56dXN0ZWxsYmFy?=
Content-Type: multipart/report; report-type=delivery-status;
 boundary="9B095B5ADSN=_01D"

--9B095B5ADSN=_01D
Content-Type: text/html; charset=utf-8
Content-Transfer-Encoding: base64

PGI+VW56dXN0ZWxsYmFyPC9iPg==

--9B095B5ADSN=_01D
Content-Type: message/delivery-status

Original-Envelope-Id: {mail_id}
Reporting-MTA: dns;EXCHANGE.example.net
Received-From-MTA: dns;mail.example.org

Final-Recipient: rfc822;NOBODY@example.net
Action: failed
Status: 5.1.10
X-Supplementary-Info: <550 5.1.10 RESOLVER.ADR.RecipientNotFound>

--9B095B5ADSN=_01D--
"""

OUT_OF_OFFICE = """\
From: someone@example.net
Subject: Out of office
In-Reply-To: <0123456789abcdef0123456789abcdef@surveys.example.org>
Content-Type: text/plain

I am away. 5.1.1 Action: failed
"""


def postfix(**others: str) -> bytes:
    values = {
        "envelope": "", "action": "failed", "status": "5.1.1", "original": "text/rfc822-headers",
        "mail_id": MAIL_ID,
    } | others  # fmt: skip
    return POSTFIX.format(**values).replace("\n", "\r\n").encode()


@pytest.mark.parametrize("original", ["text/rfc822-headers", "message/rfc822"])
def test_the_mail_is_known_by_its_own_number(original: str) -> None:
    assert read_report(postfix(original=original)) == [
        Returned(mail_id=MAIL_ID, action="failed", status="5.1.1")
    ]


def test_the_number_of_the_envelope_comes_first() -> None:
    other = "f" * 32
    [found] = read_report(postfix(envelope=f"Original-Envelope-Id: {other}\n"))
    assert found.mail_id == other


def test_exchange_writes_it_its_own_way() -> None:
    [found] = read_report(EXCHANGE.format(mail_id=MAIL_ID).encode())
    assert (found.mail_id, found.status, found.is_hard) == (MAIL_ID, "5.1.10", True)


@pytest.mark.parametrize(
    ("action", "status", "is_final", "is_hard"),
    [
        ("failed", "5.1.1", True, True),
        ("Failed", "5.1.2", True, True),
        ("failed", "5.2.1", True, True),
        ("failed", "5.2.2", True, False),
        ("failed", "5.4.4", True, True),
        ("failed", "5.7.1", True, False),
        ("failed", "4.4.7", False, False),
        ("delayed", "4.4.1", False, False),
        ("delivered", "2.1.5", False, False),
        ("failed", "nonsense", True, False),
    ],
)
def test_only_a_word_about_the_address_is_hard(
    action: str, status: str, is_final: bool, is_hard: bool
) -> None:
    [found] = read_report(postfix(action=action, status=status))
    assert (found.is_final, found.is_hard) == (is_final, is_hard)


@pytest.mark.parametrize(
    "content",
    [
        OUT_OF_OFFICE.encode(),
        b"",
        b"\xff\xfe\x00 nothing that anybody could read",
        postfix(mail_id="somebody-elses-mail"),
        postfix() + b"x" * 1_000_000,
        b"Content-Type: multipart/report; boundary=x\n\n--x\nContent-Type: message/delivery-status\n\n--x--",
    ],
)
def test_what_is_no_report_of_ours_says_nothing(content: bytes) -> None:
    assert read_report(content) == []
