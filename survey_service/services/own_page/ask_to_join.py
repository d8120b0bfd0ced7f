"""Somebody wants to join: a mail goes to the address, and nothing else happens until its link is confirmed.

Whether the address is in the register shows neither on the page nor in what is sent: both get one mail.
"""

from datetime import datetime, timedelta

from survey_service.db import join_request, newcomer
from survey_service.db.engine import transaction
from survey_service.db.join_request import JoinRequest
from survey_service.db.message import MessageDetails
from survey_service.domain.joining import JoinWishes
from survey_service.domain.suppression import fold_email
from survey_service.domain.tokens import hash_token, make_purpose_token
from survey_service.services.messages.queue_service_message import queue_service_message
from survey_service.settings import Settings, load_secret_key

PURPOSE = "join"
LASTS = timedelta(days=2)


def newsletter_details(wants_newsletter: bool, settings: Settings) -> MessageDetails:
    """What a mail tells of the newsletter: where its own sign-up form is, to who wished for it."""
    is_told = wants_newsletter and settings.newsletter_sign_up
    return MessageDetails(texts={"sign_up": settings.newsletter_sign_up} if is_told else {})


async def ask_to_join(wishes: JoinWishes, settings: Settings, *, notice: str, at: datetime) -> None:
    """Queue one mail: the link that confirms or, to somebody who is in the register, the own page's."""
    async with transaction():
        known = await join_request.find_contact_by_email(fold_email(wishes.email))
        if known is not None:
            await queue_service_message(
                "join_known", newsletter_details(wishes.wants_newsletter, settings), settings,
                at=at, contact=known, expires_at=at + LASTS,
            )  # fmt: skip
            return
        person = await newcomer.add_newcomer(wishes.email, wishes.language, at=at, expires_at=at + LASTS)
        request = await join_request.add_join_request(
            JoinRequest(
                id=0, newcomer=person, email=None, mobile=wishes.mobile, audience=wishes.audience,
                language=wishes.language, channel=wishes.channel, surveys_a_year=wishes.surveys_a_year,
                wants_surveys=wishes.wants_surveys, wants_newsletter=wishes.wants_newsletter,
                privacy_notice_version=notice, asked_at=at, expires_at=at + LASTS, confirmed_at=None,
            )
        )  # fmt: skip
        token = make_purpose_token(load_secret_key(settings), PURPOSE, request)
        token_hash = hash_token(token)
        assert token_hash is not None
        await join_request.set_token_hash(request, token_hash)
        details = MessageDetails(
            link=f"/join/confirm/{{token}}/{wishes.language}", purpose=PURPOSE, number=request
        )
        await queue_service_message(
            "join_confirm", details, settings, at=at, newcomer=person, expires_at=at + LASTS
        )
