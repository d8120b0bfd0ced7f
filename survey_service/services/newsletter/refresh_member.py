"""Ask Mailchimp for one member, by every name it may have by now; under none of them there, it is gone."""

from datetime import UTC, datetime

from survey_service.db import newsletter_identity
from survey_service.db.engine import transaction
from survey_service.db.newsletter_connection import Connection
from survey_service.db.register import lock_register
from survey_service.integrations.mailchimp.client import MailchimpClient
from survey_service.integrations.mailchimp.errors import NotThere
from survey_service.integrations.mailchimp.port import Member
from survey_service.services.newsletter.take_newsletter_members import look_around, lose_member, take_members
from survey_service.settings import Settings


async def refresh_member(
    client: MailchimpClient, found: Connection, settings: Settings, *, md5: str, unique_email_id: str = ""
) -> None:
    """Take whoever has this address now, and whom we held under it: these may be two people."""
    observed_at = datetime.now(UTC)
    stays = await newsletter_identity.find_mailchimp_id(found.id, md5)
    there = await _get(client, md5)
    held = there
    if stays and (there is None or there.contact_id != stays):
        held = await _get(client, stays)
    if there is None and held is None and unique_email_id:
        there = await client.find_member(unique_email_id)
    if held is None and stays is not None:
        # Not one member but the whole list may be missing: then nobody is gone.
        await client.get_audience()
    members = [one for one in (held, there) if one is not None]
    around = await look_around(client, found, members)
    async with transaction():
        await lock_register()
        await take_members(found, around, settings, observed_at=observed_at, source="read")
        if held is None and stays is not None:
            name = await newsletter_identity.find_md5(found.id, stays) if stays else md5
            if name is not None:
                await lose_member(found, name, settings)


async def _get(client: MailchimpClient, name: str) -> Member | None:
    try:
        return await client.get_member(name)
    except NotThere:
        return None
