"""What the list offers: fields, interests and permissions. Remembered, since pages must not hang on it."""

from datetime import UTC, datetime

import msgspec

from survey_service.db import newsletter_connection, newsletter_run
from survey_service.db.newsletter_connection import Connection
from survey_service.integrations.mailchimp.client import MailchimpClient
from survey_service.integrations.mailchimp.port import Interest, MergeField

LOOKED_AT = 10
"""Members whose permissions are looked at: a list has the same for all."""


class Offered(msgspec.Struct, frozen=True, kw_only=True):
    """What can be chosen from."""

    fields: list[MergeField] = []
    interests: list[Interest] = []
    permissions: dict[str, str] = {}


async def ask_offered(client: MailchimpClient, found: Connection) -> tuple[Offered, bool]:
    """Ask Mailchimp; also whether our own field is there, which is none to choose."""
    listed = await client.list_merge_fields()
    fields = [one for one in listed if one.tag != found.merge_tag]
    members = (await client.list_members(count=LOOKED_AT)).members
    offered = Offered(
        fields=fields,
        interests=await client.list_interests(),
        permissions={p.marketing_permission_id: p.text for one in members for p in one.marketing_permissions},
    )
    return offered, len(fields) < len(listed)


async def remember_offered(client: MailchimpClient, found: Connection) -> Offered:
    """Ask, and keep the answer; raise an alarm where our own field is missing."""
    offered, has_ours = await ask_offered(client, found)
    await newsletter_connection.set_offered(found.id, msgspec.json.encode(offered), datetime.now(UTC))
    if has_ours:
        await newsletter_run.end_alarm(found.id, "merge_field")
    else:
        await newsletter_run.raise_alarm(
            found.id, "merge_field", f"The list has no merge field {found.merge_tag} any more."
        )
    return offered


async def recall_offered(found: Connection) -> tuple[Offered, datetime | None]:
    """Return what the list offered when it was last asked, and when that was."""
    kept, at = await newsletter_connection.find_offered(found.id)
    return msgspec.json.decode(kept, type=Offered), at
