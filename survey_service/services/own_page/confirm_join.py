"""The address was confirmed: the person enters the register as somebody from a file does.

The permanent random number follows from a reference that follows from the address: who leaves, is erased and
joins again gets the same one, and nobody can try for a better place. The place in the queue is that of
somebody who joins (`sampling/tickets.py`).
"""

import hashlib
import hmac
import itertools
from collections.abc import Iterator
from datetime import datetime

from survey_service.db import cell, incoming_contact, join_request, newcomer, register, suppression
from survey_service.db.audit_event import add_audit_event
from survey_service.db.engine import transaction
from survey_service.db.join_request import JoinRequest
from survey_service.domain.errors import NotFound
from survey_service.domain.suppression import fold_email, hash_suppressed
from survey_service.domain.tokens import hash_token
from survey_service.services.contacts.contact_intake import to_records
from survey_service.services.contacts.contact_rows import ContactRow
from survey_service.services.contacts.import_contacts import look_around, take_incoming
from survey_service.services.contacts.move_contacts import move_units
from survey_service.services.contacts.place_units import place_units
from survey_service.services.messages.queue_service_message import queue_service_message
from survey_service.services.own_page.ask_to_join import newsletter_details
from survey_service.settings import Settings, load_secret_key

SOURCE = "join page, privacy notice {notice}, address confirmed"


async def find_join_for(token: str, at: datetime) -> JoinRequest:
    """The wish behind a link. Raises NotFound for a link that is over or leads nowhere."""
    token_hash = hash_token(token)
    if token_hash is None:
        raise NotFound("The link is not complete.", code="incomplete_link")
    found = await join_request.find_join_request(token_hash)
    if found is None or found.expires_at <= at:
        raise NotFound("There is no such link.")
    return found


async def confirm_join(token: str, settings: Settings, at: datetime) -> JoinRequest:
    """Take the person in, once; a second click changes nothing."""
    async with transaction():
        await register.lock_register()
        wish = await find_join_for(token, at)
        if wish.confirmed_at is not None or wish.email is None:
            return wish
        email_key = fold_email(wish.email)
        if await join_request.find_contact_by_email(email_key) is None:
            contact = await _take_in(wish, wish.email, settings, at)
            await queue_service_message(
                "join_welcome", newsletter_details(wish.wants_newsletter, settings), settings,
                at=at, contact=contact,
            )  # fmt: skip
            await add_audit_event(
                staff=None, action="contacts.join", object_kind="contact", object_id=str(contact)
            )
        await join_request.mark_confirmed(wish.id, at)
        await newcomer.empty_newcomer(wish.newcomer)
    return wish


async def _take_in(wish: JoinRequest, email: str, settings: Settings, at: datetime) -> int:
    key, email_key = load_secret_key(settings), fold_email(email)
    reference = await _find_reference(key, email_key)
    # Whoever confirms it wants to be written to again, whatever was erased once.
    await suppression.remove_suppressed([hash_suppressed(key, "email", email_key)])
    has_mobile = wish.mobile is not None and not await join_request.is_number_taken(wish.mobile)
    row = _to_row(wish, reference, email, at, has_mobile=has_mobile)
    await incoming_contact.open_incoming()
    await incoming_contact.copy_incoming(to_records([row], await look_around(settings)))
    await incoming_contact.compare_incoming(())
    await take_incoming(await cell.get_definition(), (), has_organisation=False)
    contact, unit = await join_request.set_chosen(reference, wish.surveys_a_year)
    await join_request.forget_unsaid(contact)
    await place_units([unit])
    await move_units([unit])
    return contact


def _to_row(wish: JoinRequest, reference: str, email: str, at: datetime, *, has_mobile: bool) -> ContactRow:
    """As a row of a file; a number that somebody else is written to on is left out."""
    return ContactRow(
        row=1,
        reference=reference,
        audience=wish.audience,
        unit=reference,
        name="",
        email=email,
        email_key=fold_email(email),
        mobile=wish.mobile if has_mobile else None,
        organisation=None,
        language=wish.language,
        channel=wish.channel if has_mobile else "email",
        attributes={},
        consent_survey=wish.wants_surveys,
        # Only a wish: Mailchimp tells who takes the newsletter, once they have signed up there.
        consent_newsletter=False,
        consent_source=SOURCE.format(notice=wish.privacy_notice_version),
        consent_at=at,
    )


async def _find_reference(key: bytes, email_key: str) -> str:
    """The reference of an address; with a number where somebody who had it before still stands there."""
    for candidate in _references(key, email_key):
        if not await join_request.is_reference_taken(candidate):
            return candidate
    raise AssertionError("references do not end")


def _references(key: bytes, email_key: str) -> Iterator[str]:
    word = hmac.new(key, f"join reference|{email_key}".encode(), hashlib.sha256).hexdigest()[:16]
    yield f"join-{word}"
    for number in itertools.count(2):
        yield f"join-{word}-{number}"
