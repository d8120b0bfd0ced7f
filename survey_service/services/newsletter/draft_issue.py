"""A draft campaign for those who ride alone: made once, looked at and sent by an editor. We cannot send."""

import math

from survey_service.db import draw, newsletter_ride
from survey_service.domain.errors import Conflict
from survey_service.domain.newsletter_blocks import Blocks, make_blocks, make_question_blocks
from survey_service.services.messages.send_invitations import choose_wave
from survey_service.services.newsletter.newsletter_client import open_newsletter
from survey_service.services.questionnaires.manage_survey import get_newest_version, get_survey
from survey_service.settings import Settings

LANGUAGE = "en"


async def blocks_for(slug: str, settings: Settings, *, tag: str) -> tuple[Blocks, Blocks | None]:
    """Return the block for a survey, and the one-question variant where its first question is one choice."""
    found = await get_survey(slug)
    version = await get_newest_version(found)
    asked = version.questionnaire
    language = LANGUAGE if LANGUAGE in asked.languages else asked.default_language
    longest = max(form.planned_seconds for form in version.forms.values())
    block = make_blocks(
        tag=tag,
        title=asked.title.get(language) or slug,
        minutes=math.ceil(longest / 60),
        organisation=settings.organisation,
        colour=settings.brand_colour,
    )
    questions = [question for part in (asked.core, *asked.blocks) for question in part.questions]
    first = questions[0]
    if len(questions) > 1 or not first.takes_one_choice:
        return block, None
    return block, make_question_blocks(
        tag=tag,
        question=first.label.get(language, ""),
        choices=[choice.label.get(language, choice.name) for choice in first.choices],
        organisation=settings.organisation,
        colour=settings.brand_colour,
    )


async def draft_issue(slug: str, settings: Settings, *, wave: int | None = None) -> str:
    """Make the draft for a ready ride, or return the one that is there; return its title."""
    found = await get_survey(slug)
    chosen = choose_wave(await draw.list_waves(found.id), slug, wave)
    async with open_newsletter(settings) as newsletter:
        rides = await newsletter_ride.list_rides(newsletter.connection.id, states=["ready"])
        ride = next((one for one in rides if one.wave == chosen.id), None)
        if ride is None or ride.segment is None:
            raise Conflict(
                f"No links of {slug} are ready.", hint=f"Run: survey-service mailchimp links {slug}"
            )
        block, _ = await blocks_for(slug, settings, tag=newsletter.connection.merge_tag)
        title = f"Survey {slug} wave {ride.wave_number} {ride.issue_on} [{ride.id}]"
        await newsletter.client.draft_campaign(
            title=title, subject="A short survey for you", segment=ride.segment, html=block.html,
            text=block.text,
        )  # fmt: skip
    return title
