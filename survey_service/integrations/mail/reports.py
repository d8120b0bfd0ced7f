"""Returned mails: delivery status notifications as RFC 3464 has them, and what each says of our mail."""

import re
from email import message_from_bytes
from email.message import Message

import msgspec

LARGEST_REPORT = 1_000_000
"""Bytes; a larger one repeats a whole mail, or is none."""

_mail_id = re.compile(r"\b([0-9a-f]{32})\b")


class Returned(msgspec.Struct, frozen=True, kw_only=True):
    """One recipient's line of a report; the address itself is not kept."""

    mail_id: str
    action: str
    """`failed`, `delayed`, `delivered`, `relayed` or `expanded`."""
    status: str
    """As RFC 3463 counts them: 5.1.1 is an address that is not there."""

    @property
    def is_final(self) -> bool:
        """The mail server has given up."""
        return self.action == "failed" and self.status.startswith("5.")

    @property
    def is_hard(self) -> bool:
        """It has given up because of the address: no such person, no such host, or a box that is shut.

        A full box or a refusal of the content says nothing of the kind.
        """
        kind = self.status.split(".")
        return self.is_final and (kind[1] == "1" or kind[1:] in (["2", "1"], ["4", "4"]))


def read_report(content: bytes) -> list[Returned]:
    """Return what a mail says about mails of ours; nothing for a mail that is no such report.

    Ours is known by the random number that went with it, as the envelope's id or in its Message-ID: whoever
    writes a report without having had the mail cannot name it.
    """
    if len(content) > LARGEST_REPORT:
        return []
    report = message_from_bytes(content)
    blocks: list[Message] = []
    for part in report.walk():
        if part.get_content_type() == "message/delivery-status" and part.is_multipart():
            blocks += [one for one in part.get_payload() if isinstance(one, Message)]
    if not blocks:
        return []
    mail_id = _named(str(blocks[0].get("Original-Envelope-Id", ""))) or _original_id(report)
    if mail_id is None:
        return []
    return [
        Returned(mail_id=mail_id, action=str(block["Action"]).strip().lower(), status=_status(block))
        for block in blocks
        if block["Action"] is not None
    ]


def _original_id(report: Message) -> str | None:
    """The number in the Message-ID of the mail that is returned, whole or by its headers."""
    for part in report.walk():
        kind = part.get_content_type()
        if kind == "message/rfc822" and part.is_multipart():
            original = part.get_payload(0)
            if isinstance(original, Message):
                return _named(str(original.get("Message-ID", "")))
        if kind == "text/rfc822-headers":
            text = part.get_payload(decode=True)
            if isinstance(text, bytes):
                return _named(str(message_from_bytes(text).get("Message-ID", "")))
    return None


def _named(text: str) -> str | None:
    found = _mail_id.search(text)
    return found[1] if found else None


def _status(block: Message) -> str:
    found = re.search(r"[245]\.\d{1,3}\.\d{1,3}", str(block.get("Status", "")))
    return found[0] if found else "5.0.0"
