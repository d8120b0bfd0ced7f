"""An event of the newsletter's webhook comes in: judged, stored, and whom it protects is protected at once.

Whatever else follows from it is worked on later (`work_newsletter_events.py`): Mailchimp waits ten seconds.
"""

from datetime import UTC, datetime

from survey_service.db import (
    newsletter_event,
    newsletter_intake,
    newsletter_link,
    newsletter_member,
    newsletter_run,
)
from survey_service.db.engine import transaction
from survey_service.db.job import defer_job
from survey_service.db.newsletter_connection import Connection, find_connection_by_path
from survey_service.domain.errors import NotAllowed, NotFound
from survey_service.domain.newsletter_event import KINDS, Event, judge_signature, read_event
from survey_service.integrations.mailchimp.port import md5_of
from survey_service.integrations.sealing import unseal
from survey_service.services.newsletter.connect_newsletter import hash_path
from survey_service.services.newsletter.newsletter_client import SIGNING_PURPOSE
from survey_service.settings import Settings, load_secret_key

WORK = "newsletter:work_events"


async def find_hook(path: str) -> Connection:
    """Return whose webhook this is; a wrong path looks like any other address that is not there."""
    found = await find_connection_by_path(hash_path(path))
    if found is None:
        raise NotFound("There is no such webhook.")
    return found


async def take_newsletter_event(path: str, signature: str, raw: bytes, settings: Settings) -> bool:
    """Take one event; False where there was nothing to do. Raises NotAllowed for a bad signature."""
    found = await find_hook(path)
    at = datetime.now(UTC)
    await _check_signature(found, signature, raw, settings, at)
    event = read_event(raw)
    if event.list_id != found.list_id:
        return False  # of a list that is none of ours: nothing to tell them
    async with transaction():
        is_new = await newsletter_event.store_event(
            found.id, key=event.key, kind=event.kind, body=raw, fired_at=event.fired_at,
            is_known=event.kind in KINDS,
        )  # fmt: skip
        if not is_new or event.kind not in KINDS:
            return False
        if event.is_restricting:
            await _protect(found, event, at)
        await defer_job(WORK)
    return True


async def _check_signature(
    found: Connection, signature: str, raw: bytes, settings: Settings, at: datetime
) -> None:
    """Refuse what is not signed with our secret, where the account signs."""
    if found.sealed_signing is None:
        return
    secret = unseal(load_secret_key(settings), found.sealed_signing, purpose=SIGNING_PURPOSE)
    verdict = judge_signature(signature, raw, secret, at)
    if verdict != "genuine":
        await newsletter_run.raise_alarm(
            found.id, "bad_signature", f"An event with a {verdict} signature was refused."
        )
        raise NotAllowed(
            "The event is not signed as it should be.", expected="our signing secret", got=verdict
        )


async def _protect(found: Connection, event: Event, at: datetime) -> None:
    """Suppress before anything is asked. For good only afterwards: somebody else may have had the address."""
    members = await newsletter_member.suppress_member(
        found.id,
        md5=md5_of(event.email) if event.email else "",
        unique_email_id=event.unique_email_id,
        status=event.status,
        reason=event.status,
        at=at,
    )
    await newsletter_intake.withdraw_newsletter(members)
    await newsletter_link.clear_unfit(found.id)
