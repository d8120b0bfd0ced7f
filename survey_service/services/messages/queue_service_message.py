"""Service messages: a code, a confirmation, a reply to what the person just did. They pass the gate."""

from datetime import datetime

from survey_service.db import message
from survey_service.db.engine import transaction
from survey_service.db.message import MessageDetails, NewMessage
from survey_service.domain.contact_gate import Allow, Decision
from survey_service.services.gate.contact_gate import may_contact, may_serve_newcomer
from survey_service.settings import Settings


async def queue_service_message(
    template: str,
    details: MessageDetails,
    settings: Settings,
    *,
    at: datetime,
    contact: int | None = None,
    newcomer: int | None = None,
    expires_at: datetime | None = None,
) -> Decision:
    """Queue a mail from `templates/mail/<template>.html` to a contact or a newcomer, if the gate allows it.

    It goes with the next run of the outbox, seconds later. In the transaction of the change that it tells
    of, so that either both are there or neither. `expires_at`: it is pointless afterwards and not sent.
    """
    async with transaction():
        if newcomer is not None:
            decision = await may_serve_newcomer(newcomer, at)
        else:
            assert contact is not None, "a message has a recipient"
            [decision] = await may_contact([contact], "service", at, settings)
        if isinstance(decision, Allow):
            new = NewMessage(
                receipt=decision.receipt,
                contact=contact,
                newcomer=newcomer,
                invitation=None,
                channel="email",
                template=template,
                details=details,
                expires_at=expires_at,
            )
            await message.queue_messages([new], kind="service", at=at)
    return decision
