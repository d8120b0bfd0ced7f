"""The links of a survey's invitations. They are made again from the key: only their hashes are stored."""

import msgspec

from survey_service.db.wave_overview import LinkHolder, list_link_holders
from survey_service.domain.tokens import make_token
from survey_service.settings import Settings, load_secret_key


class PersonalLink(msgspec.Struct, frozen=True):
    """A path under the public address, and whose it is."""

    path: str
    holder: LinkHolder


async def list_links(slug: str, settings: Settings) -> list[PersonalLink]:
    """Return every invited person's link, in the language of their invitation."""
    key = load_secret_key(settings)
    return [
        PersonalLink(f"/s/{make_token(key, holder.invitation, holder.key_version)}/{holder.language}", holder)
        for holder in await list_link_holders(slug)
    ]
