"""A mail server that speaks SMTP on this machine, keeps what it took and can be told to be difficult."""

import asyncio
import email
import email.policy
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from email.message import EmailMessage
from typing import Any

import msgspec
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope

from survey_service.cli.serve import free_port
from survey_service.settings import Settings


class TakenMail(msgspec.Struct, frozen=True):
    """One mail the server has answered 250 for."""

    sender: str
    to: str
    message: EmailMessage


class ReportingServer(SMTP):
    """aiosmtpd's, which does not know the parameters of delivery reports (RFC 3461): noted and taken off."""

    async def smtp_MAIL(self, arg: str | None) -> None:
        await super().smtp_MAIL(self._without(arg, "MAIL", ("RET=", "ENVID=")))

    async def smtp_RCPT(self, arg: str | None) -> None:
        await super().smtp_RCPT(self._without(arg, "RCPT", ("NOTIFY=",)))

    def _without(self, arg: str | None, command: str, known: tuple[str, ...]) -> str:
        words = (arg or "").split(" ")
        self.event_handler.report_options += [f"{command} {one}" for one in words if one.startswith(known)]
        return " ".join(one for one in words if not one.startswith(known))


class ReportingController(Controller):
    """One that says it can report."""

    def factory(self) -> SMTP:
        return ReportingServer(self.handler, **self.SMTP_kwargs)


class MailServer:
    """What arrived. `replies` holds answers for the next recipients or texts instead of 250."""

    def __init__(self) -> None:
        self.taken: list[TakenMail] = []
        self.report_options: list[str] = []
        self.recipient_replies: dict[str, str] = {}
        self.data_replies: list[str] = []
        self.reached_data = threading.Event()
        self.hold_recipients = threading.Event()
        """Set when a recipient is named while `is_holding_recipients`."""
        self.is_holding_recipients = False
        self.let_go = threading.Event()
        self.let_go.set()

    async def handle_EHLO(
        self, server: Any, session: Any, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        return [*responses[:-1], "250-DSN", responses[-1]]

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.is_holding_recipients:
            self.hold_recipients.set()
            while not self.let_go.is_set():
                await asyncio.sleep(0.01)
        if address in self.recipient_replies:
            return self.recipient_replies[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:
        self.reached_data.set()
        while not self.let_go.is_set():
            await asyncio.sleep(0.01)
        if self.data_replies:
            reply = self.data_replies.pop(0)
            if not reply.startswith("250"):
                return reply
        assert isinstance(envelope.content, bytes)
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        self.taken.append(TakenMail(envelope.mail_from or "", envelope.rcpt_tos[0], message))
        return "250 2.0.0 taken"


@contextmanager
def running_mail_server(settings: Settings, **options: Any) -> Iterator[tuple[MailServer, Settings]]:
    """A mail server, and settings that use it."""
    server, port = MailServer(), free_port("127.0.0.1")
    controller = ReportingController(server, hostname="127.0.0.1", port=port, **options)
    controller.start()
    try:
        yield server, replace(settings, smtp_host="127.0.0.1", smtp_port=port, smtp_security="none")
    finally:
        server.let_go.set()
        controller.stop()
