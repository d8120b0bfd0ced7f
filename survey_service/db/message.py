"""Messages that may go: into the queue with a receipt, and out of it again before they went."""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from survey_service.db.engine import connection
from survey_service.db.job import defer_job


class MessageDetails(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a template needs beside what every mail has. Codes and tokens are made when it is written.

    `texts` go to the template as they are. `code` is the id of a one-time code. `link` is a path with
    `{token}` in it, whose token is made of `purpose` and `number` (`domain/tokens.make_purpose_token`).
    """

    texts: dict[str, str] = {}
    minutes: int = 0
    code: int | None = None
    link: str = ""
    purpose: str = ""
    number: int = 0


class NewMessage(msgspec.Struct, frozen=True, kw_only=True):
    """A message that may go: its receipt says so. To a contact, or to a newcomer."""

    receipt: int
    contact: int | None
    invitation: int | None
    channel: str
    newcomer: int | None = None
    template: str | None = None
    details: MessageDetails = MessageDetails()
    expires_at: datetime | None = None


async def queue_messages(messages: Iterable[NewMessage], *, kind: str, at: datetime) -> None:
    """Put messages of one kind at the end of the queue, and tell the workers."""
    async with connection() as lent:
        await lent.copy_records_to_table(
            "message",
            records=[
                (
                    one.receipt, one.contact, one.newcomer, one.invitation, kind, one.channel, at,
                    one.template, msgspec.json.encode(one.details).decode(), one.expires_at,
                )
                for one in messages
            ],
            columns=(
                "receipt", "contact", "newcomer", "invitation", "kind", "channel", "queued_at", "template",
                "details", "expires_at",
            ),
        )  # fmt: skip
    await defer_job("mail:send_outbox")


async def note_sent(messages: Iterable[NewMessage], *, kind: str, at: datetime) -> None:
    """Keep messages that somebody else has sent for us: inside an issue of the newsletter."""
    async with connection() as lent:
        await lent.copy_records_to_table(
            "message",
            records=[
                (one.receipt, one.contact, one.invitation, kind, one.channel, at, "sent", at)
                for one in messages
            ],
            columns=("receipt", "contact", "invitation", "kind", "channel", "queued_at", "state", "sent_at"),
        )
