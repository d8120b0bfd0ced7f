"""The end of a wave in the newsletter: no link of it stands, and its segments are empty."""

import msgspec

from survey_service.db import audit_event, draw, newsletter_link, newsletter_ride
from survey_service.services.messages.send_invitations import choose_wave
from survey_service.services.newsletter.newsletter_client import open_newsletter
from survey_service.services.newsletter.verify_links import check_field, segment_name
from survey_service.services.newsletter.work_links import work_links
from survey_service.services.questionnaires.manage_survey import get_survey
from survey_service.settings import Settings


class LinksCleared(msgspec.Struct, frozen=True, kw_only=True):
    """What was taken away."""

    survey: str
    wave: int
    cleared: int
    standing: int
    """Links of this wave that could not be taken away yet; they are tried again."""
    problem: str


async def clear_links(
    slug: str, settings: Settings, *, wave: int | None = None, staff: int | None = None
) -> LinksCleared:
    """Take every link of a wave away. Invitations that did not go out stay reserved."""
    found = await get_survey(slug)
    chosen = choose_wave(await draw.list_waves(found.id), slug, wave)
    async with open_newsletter(settings) as newsletter:
        rides = [
            one
            for one in await newsletter_ride.list_rides(newsletter.connection.id)
            if one.wave == chosen.id and (one.standing or one.segment)
        ]
        cleared = 0
        for ride in rides:
            if ride.state in ("writing", "ready"):
                await newsletter_link.return_links(ride.id)
                await newsletter_ride.set_ride(ride.id, "stopped")
            cleared += await newsletter_link.clear_ride(ride.id)
        await work_links(newsletter, settings)
        for ride in rides:
            if ride.segment is not None:
                segment = await newsletter.client.make_segment(segment_name(ride))
                await newsletter.client.empty_segment(segment)
        problem = await check_field(newsletter)
        left = await newsletter_ride.list_rides(newsletter.connection.id)
    await audit_event.add_audit_event(
        staff=staff, action="newsletter.clear", object_kind="wave", object_id=str(chosen.id),
        detail={"survey": slug, "cleared": cleared},
    )  # fmt: skip
    standing = sum(one.standing for one in left if one.wave == chosen.id)
    return LinksCleared(survey=slug, wave=chosen.number, cleared=cleared, standing=standing, problem=problem)
