"""Staff look at the fieldwork of their survey's newest wave, start it, carry it on and stop it."""

from datetime import datetime

from survey_service.db import draw, fieldwork
from survey_service.db.engine import transaction
from survey_service.db.result import ReviewedSurvey
from survey_service.db.staff import StaffMember
from survey_service.domain.errors import NotFound
from survey_service.domain.roles import check_may
from survey_service.services.fieldwork.follow_fieldwork import FieldworkStatus, follow_fieldwork
from survey_service.services.fieldwork.run_fieldwork import (
    StepDone,
    get_fieldwork,
    run_step,
    start_fieldwork,
    stop_now,
)
from survey_service.services.messages.send_invitations import choose_wave
from survey_service.services.questionnaires.manage_survey import get_survey
from survey_service.settings import Settings


async def follow_newest(slug: str, settings: Settings, *, at: datetime) -> FieldworkStatus:
    """Return how far the newest wave is. Raises NotFound where it was not drawn or has no fieldwork."""
    async with transaction():
        found = await get_survey(slug)
        chosen = choose_wave(await draw.list_waves(found.id), slug, None)
        return await follow_fieldwork(await get_fieldwork(chosen.id), settings, at=at)


async def review_fieldwork(
    staff: StaffMember, survey: ReviewedSurvey, settings: Settings, *, at: datetime
) -> FieldworkStatus | None:
    """The same for a survey from `get_survey_for`; None where there is no fieldwork yet."""
    check_may(staff.role, "plan")
    try:
        return await follow_newest(survey.slug, settings, at=at)
    except NotFound:
        return None


async def is_drawn(survey: ReviewedSurvey) -> bool:
    """Whether there is a wave at all."""
    return bool(await draw.count_waves(survey.id))


async def start_for(
    staff: StaffMember, survey: ReviewedSurvey, settings: Settings, *, margin: float | None, days: int
) -> None:
    """Begin the fieldwork of the newest wave."""
    check_may(staff.role, "plan")
    await start_fieldwork(survey.slug, settings, margin=margin, days_between=days, staff=staff.id)


async def run_for(
    staff: StaffMember, survey: ReviewedSurvey, settings: Settings, *, at: datetime
) -> StepDone:
    """Do what is due now."""
    check_may(staff.role, "plan")
    return await run_step(await _wave(survey), settings, at=at)


async def stop_for(staff: StaffMember, survey: ReviewedSurvey, settings: Settings, *, at: datetime) -> int:
    """Stop now; return how many invitations were given back."""
    check_may(staff.role, "plan")
    return await stop_now(await _wave(survey), settings, at=at, staff=staff.id)


async def _wave(survey: ReviewedSurvey) -> int:
    chosen = choose_wave(await draw.list_waves(survey.id), survey.slug, None)
    if await fieldwork.find_fieldwork(chosen.id) is None:
        raise NotFound("This wave has no fieldwork.", hint="Start it first.")
    return chosen.id
