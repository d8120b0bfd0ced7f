"""Where returned mails lie: an mbox file, a maildir folder, or the inbox of an IMAP server."""

import imaplib
import mailbox
import ssl
from collections.abc import Iterator
from pathlib import Path

from survey_service.domain.errors import SettingsError, Unavailable
from survey_service.settings import Settings

PATIENCE = 60
"""Seconds to wait for the IMAP server."""


def walk_returned(settings: Settings) -> Iterator[bytes]:
    """Yield each mail that was not read before, and mark it as read once it has been dealt with.

    An mbox file is left as it is, and read from the beginning each time: what is known already says nothing
    new. Blocks while it reads: call it in a thread.
    """
    kind, _, place = settings.bounces.partition(":")
    if kind == "imap":
        yield from _walk_imap(settings)
    elif kind == "maildir" and Path(place).is_dir():
        yield from _walk_maildir(Path(place))
    elif kind == "mbox" and Path(place).is_file():
        yield from _walk_mbox(Path(place))
    else:
        raise SettingsError(
            "SURVEY_BOUNCES leads nowhere.",
            expected="mbox:/path/of/a/file, maildir:/path/of/a/folder, or imap",
            got=repr(settings.bounces),
        )


def _walk_mbox(place: Path) -> Iterator[bytes]:
    box = mailbox.mbox(str(place), create=False)
    try:
        for message in box:
            yield message.as_bytes()
    finally:
        box.close()


def _walk_maildir(place: Path) -> Iterator[bytes]:
    box = mailbox.Maildir(str(place), create=False)
    for key, message in box.items():
        if "S" in message.get_flags():
            continue
        yield message.as_bytes()
        message.set_subdir("cur")
        message.add_flag("S")
        box[key] = message


def _walk_imap(settings: Settings) -> Iterator[bytes]:
    server = _connect(settings)
    try:
        server.login(settings.imap_user, settings.imap_password)
        server.select("INBOX")
        _, [numbers] = server.search(None, "UNSEEN")
        for number in (numbers or b"").split():
            _, parts = server.fetch(number.decode(), "(BODY.PEEK[])")
            for part in parts:
                if isinstance(part, tuple):
                    yield part[1]
            server.store(number.decode(), "+FLAGS", "(\\Seen)")
    except imaplib.IMAP4.error:
        # Its text may repeat what was sent.
        raise Unavailable("The IMAP server refused.", hint="Look at the SURVEY_IMAP_ settings.") from None
    finally:
        try:
            server.logout()
        except (imaplib.IMAP4.error, OSError):
            server.shutdown()


def _connect(settings: Settings) -> imaplib.IMAP4:
    try:
        if settings.imap_security == "none":
            return imaplib.IMAP4(settings.imap_host, settings.imap_port, PATIENCE)
        return imaplib.IMAP4_SSL(
            settings.imap_host, settings.imap_port, ssl_context=ssl.create_default_context(), timeout=PATIENCE
        )
    except OSError as error:
        raise Unavailable(
            f"The IMAP server does not answer ({type(error).__name__}).",
            hint="Look at the SURVEY_IMAP_ settings.",
        ) from None
