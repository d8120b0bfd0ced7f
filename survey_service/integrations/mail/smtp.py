"""One connection to the mail server.

A mail is handed over in two steps, so that what happens can be noted between them: `announce` says from whom
and to whom, `deliver` gives the text, and only then may it be out.
"""

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiosmtplib import SMTP, SMTPException, SMTPResponseException

from survey_service.domain.errors import Unavailable
from survey_service.domain.mail import Reply, judge_reply
from survey_service.settings import Settings

PATIENCE = 60
"""Seconds to wait for each answer of the mail server."""

LOST = (SMTPException, OSError, TimeoutError, ssl.SSLError)
"""The connection is gone, or the server speaks nonsense."""


class Handover:
    """A signed-in connection."""

    def __init__(self, client: SMTP) -> None:
        self._client = client

    @property
    def is_open(self) -> bool:
        """False once the server hung up."""
        return self._client.is_connected

    def hang_up(self) -> None:
        """End the connection without a word."""
        self._client.close()

    async def announce(self, *, sender: str, to: str, mail_id: str) -> Reply | None:
        """Say from whom and to whom; return a reply when that is the end of it, None when all is well."""
        can_report = self._client.supports_extension("dsn")
        try:
            # A report of failure then says which mail it was, and repeats only its headers.
            await self._client.mail(sender, options=["RET=HDRS", f"ENVID={mail_id}"] if can_report else [])
            await self._client.rcpt(to, options=["NOTIFY=FAILURE"] if can_report else [])
        except SMTPResponseException as error:
            await self._forget()
            return judge_reply(error.code, error.message)
        except LOST as error:
            self._client.close()
            return Reply(outcome="unsent", text=type(error).__name__)
        return None

    async def deliver(self, content: bytes) -> Reply:
        """Give the text. Without an answer nobody knows whether the server has taken it."""
        try:
            code, text = await self._client.data(content)
        except SMTPResponseException as error:
            await self._forget()
            return judge_reply(error.code, error.message)
        except LOST as error:
            self._client.close()
            return Reply(outcome="uncertain", text=type(error).__name__)
        return judge_reply(code, text)

    async def _forget(self) -> None:
        try:
            await self._client.rset()
        except LOST:
            self._client.close()


@asynccontextmanager
async def connected(settings: Settings) -> AsyncIterator[Handover]:
    """Connect, encrypt and sign in; or say what the mail server did not like, without the password."""
    client = SMTP(
        hostname=settings.smtp_host,
        port=settings.smtp_port,
        use_tls=settings.smtp_security == "tls",
        start_tls=settings.smtp_security == "starttls",
        username=settings.smtp_user or None,
        password=settings.smtp_password or None,
        timeout=PATIENCE,
        tls_context=_tls(settings),
    )
    try:
        await client.connect()
        await client.ehlo()
    except SMTPResponseException as error:
        raise Unavailable(
            f"The mail server answered {error.code}.", hint="Look at the SURVEY_SMTP_ settings."
        ) from None
    except LOST as error:
        raise Unavailable(
            f"The mail server does not answer ({type(error).__name__}).",
            hint="Look at the SURVEY_SMTP_ settings.",
        ) from None
    try:
        yield Handover(client)
    finally:
        await _say_goodbye(client)


async def _say_goodbye(client: SMTP) -> None:
    if not client.is_connected:
        return
    try:
        await client.quit(timeout=5)
    except LOST:
        client.close()


def _tls(settings: Settings) -> ssl.SSLContext | None:
    if settings.smtp_security == "none":
        return None
    return ssl.create_default_context(cafile=settings.smtp_ca_file or None)
