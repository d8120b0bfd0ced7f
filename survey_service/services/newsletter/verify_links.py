"""Is all at Mailchimp as it is meant to be before editors press send? Counts, and a sample byte by byte."""

from survey_service.db import newsletter_link, newsletter_ride
from survey_service.db.newsletter_ride import Ride
from survey_service.integrations.mailchimp.errors import NotThere
from survey_service.integrations.mailchimp.port import SegmentFacts
from survey_service.services.newsletter.newsletter_client import Newsletter
from survey_service.services.newsletter.work_links import link_of
from survey_service.settings import Settings

SAMPLE = 50
NOT_WRITTEN = "links are not written yet."


def segment_name(ride: Ride) -> str:
    """Return the name of the segment of those who ride, by which editors find it."""
    return f"Survey {ride.survey_slug}, wave {ride.wave_number}, {ride.kind}, {ride.issue_on}"


async def verify_ride(newsletter: Newsletter, ride_id: int, settings: Settings) -> Ride:
    """Fill the segment, look at everything, and set or take back the ready flag."""
    ride = await newsletter_ride.get_ride(ride_id)
    segment, left_out = await _fill_segment(newsletter, ride)
    problem = await _find_problem(newsletter, ride, segment, settings)
    if problem and left_out:
        problem = f"{problem} Mailchimp left some out of the segment: {left_out}"
    await newsletter_ride.set_ride(ride.id, "writing" if problem else "ready", problem=problem)
    return await newsletter_ride.get_ride(ride.id)


async def _fill_segment(newsletter: Newsletter, ride: Ride) -> tuple[SegmentFacts, str]:
    """Put everybody with a confirmed link into the ride's segment: for control, and for a draft.

    Also returns why Mailchimp left somebody out: such an answer is a 200 like any other.
    """
    client = newsletter.client
    segment = await client.make_segment(segment_name(ride))
    await newsletter_ride.set_ride_segment(ride.id, segment.id)
    addresses = await newsletter_link.list_addresses(ride.id)
    if segment.member_count > len(addresses):
        await client.empty_segment(segment)
    refused = (await client.add_to_segment(segment.id, addresses)).refused if addresses else {}
    reasons = sorted({one for one in refused.values() if "@" not in one})
    return await client.get_segment(segment.id), "; ".join(reasons)[:100]


async def _find_problem(newsletter: Newsletter, ride: Ride, segment: SegmentFacts, settings: Settings) -> str:
    if ride.wanted:
        return f"{ride.wanted} {NOT_WRITTEN}"
    if not ride.confirmed:
        return "Nobody of this wave gets a link in this issue."
    if segment.member_count != ride.confirmed:
        return f"The segment holds {segment.member_count} people, {ride.confirmed} are meant."
    return await check_field(newsletter) or await _check_sample(newsletter, ride, settings)


async def check_field(newsletter: Newsletter) -> str:
    """Count whose field is not blank: exactly those whose links we know to stand."""
    confirmed, clearing = await newsletter_link.count_standing(newsletter.connection.id)
    segment = newsletter.connection.field_segment
    if segment is None:
        return "The connection knows no segment of standing links: connect again."
    standing = (await newsletter.client.get_segment(segment)).member_count
    if confirmed <= standing <= confirmed + clearing:
        return ""
    return f"{standing} people have something in the field, {confirmed} are meant."


async def _check_sample(newsletter: Newsletter, ride: Ride, settings: Settings) -> str:
    tag = newsletter.connection.merge_tag
    for one in await newsletter_link.sample_links(ride.id, SAMPLE):
        try:
            member = await newsletter.client.get_member(one.md5)
        except NotThere:
            return "A member of the sample is not in the list any more: pull, then write again."
        if member.merge_fields.get(tag) != link_of(one, settings):
            return "A link read back is not the one that was written."
    return ""
