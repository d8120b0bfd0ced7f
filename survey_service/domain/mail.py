"""Rules of sending mail: when to try again, what a server's reply means, what of it may be kept."""

import re
from datetime import datetime, timedelta
from typing import Literal

import msgspec

Outcome = Literal["sent", "refused", "deferred", "unsent", "uncertain"]
"""`unsent`: the connection broke before the text went. `uncertain`: it broke after, without a reply."""

MOST_ATTEMPTS = 8
FIRST_WAIT = timedelta(minutes=2)
LONGEST_WAIT = timedelta(hours=6)
LONGEST_REPLY = 200

_address = re.compile(r"<?[^\s<>@]+@[^\s<>@]+>?")


class Mail(msgspec.Struct, frozen=True, kw_only=True):
    """One mail, ready to be handed over."""

    to: str
    subject: str
    text: str
    html: str
    language: str
    """As in HTML's lang attribute."""
    mail_id: str
    headers: dict[str, str] = {}
    """Further ones, such as List-Unsubscribe."""


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """What became of handing one mail over; `code` is the mail server's, where it gave one."""

    outcome: Outcome
    code: int | None = None
    text: str | None = None


def judge_reply(code: int, text: str) -> Reply:
    """Read a mail server's reply as RFC 5321 means it: 2xx taken, 4xx later, everything else never."""
    outcome: Outcome = "sent" if 200 <= code < 300 else "deferred" if 400 <= code < 500 else "refused"
    return Reply(outcome=outcome, code=code, text=hide_addresses(text))


def next_attempt(attempts: int, at: datetime) -> datetime | None:
    """Return when to try again after so many attempts, each wait twice the last; None: not any more.

    Eight attempts take about eight hours.
    """
    if attempts >= MOST_ATTEMPTS:
        return None
    wait: timedelta = FIRST_WAIT * 2 ** max(attempts - 1, 0)
    return at + min(wait, LONGEST_WAIT)


def hide_addresses(reply: str) -> str:
    """Return a server's reply without the addresses it repeats: it is kept where no address may be."""
    return _address.sub("…", " ".join(reply.split()))[:LONGEST_REPLY]


def make_message_id(mail_id: str, public_url: str) -> str:
    """Return the Message-ID of a mail: a random number at our own host; it names nobody."""
    host = public_url.partition("://")[2].partition("/")[0].partition(":")[0]
    return f"<{mail_id}@{host}>"
