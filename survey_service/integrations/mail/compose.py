"""A mail as it goes over the wire: text and HTML in one, every line short, every byte ASCII."""

import re
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

import msgspec

from survey_service.domain.errors import SurveyServiceError
from survey_service.domain.mail import Mail, make_message_id
from survey_service.settings import Settings

_folded = re.compile(rb"^([A-Za-z-]+:)\r\n +<", re.MULTILINE)
"""A header whose long address was put on a line of its own, which some mail programs cannot read."""

POLICY = SMTP.clone(cte_type="7bit")
"""Bytes that any mail server takes: eight-bit text goes as base64 or quoted-printable."""


class Sender(msgspec.Struct, frozen=True, kw_only=True):
    """Whose mails these are."""

    name: str
    address: str
    reply_to: str
    bounces: str
    """Of the envelope: where a mail goes that cannot be delivered."""
    public_url: str

    @classmethod
    def of(cls, settings: Settings) -> "Sender":
        """Read it from the settings."""
        address = settings.mail_from or settings.contact_email
        return cls(
            name=settings.brand_name,
            address=address,
            reply_to=settings.contact_email,
            bounces=settings.mail_bounces or address,
            public_url=settings.public_url,
        )


def compose(mail: Mail, sender: Sender, at: datetime) -> bytes:
    """Return the mail as bytes. Of the person it holds the address and nothing else."""
    message = EmailMessage(policy=POLICY)
    message["From"] = Address(sender.name, addr_spec=sender.address)
    message["To"] = Address(addr_spec=wire_address(mail.to))
    message["Reply-To"] = sender.reply_to
    message["Subject"] = " ".join(mail.subject.split())
    message["Date"] = format_datetime(at)
    message["Message-ID"] = make_message_id(mail.mail_id, sender.public_url)
    # So that no out-of-office reply comes back (RFC 3834).
    message["Auto-Submitted"] = "auto-generated"
    for name, value in mail.headers.items():
        message[name] = value
    message.set_content(mail.text, cte="quoted-printable" if mail.text.isascii() else "base64")
    message.add_alternative(
        mail.html, subtype="html", cte="quoted-printable" if mail.html.isascii() else "base64"
    )
    # Last: making a mail of two parts moves what begins with Content- into the first of them.
    message["Content-Language"] = mail.language
    headers, blank, bodies = message.as_bytes().partition(b"\r\n\r\n")
    return _folded.sub(rb"\1 <", headers) + blank + bodies


def wire_address(address: str) -> str:
    """Return an address as mail servers know it: the part after the @ in ASCII."""
    local, at, host = address.strip().rpartition("@")
    try:
        ascii_host = host.encode("idna").decode()
    except UnicodeError:
        ascii_host = ""
    if not at or not ascii_host or not local.isascii() or not local:
        raise AddressRefused("This address cannot be written to.", expected="letters of the Latin script")
    return f"{local}@{ascii_host}"


class AddressRefused(SurveyServiceError):
    """No mail server would take this address."""

    code = "address"
