"""Staff release parts of a draw one after another, or give them back."""

from collections.abc import Sequence

from survey_service.db.result import ReviewedSurvey
from survey_service.db.staff import StaffMember
from survey_service.domain.roles import check_may
from survey_service.services.messages.send_invitations import Sent, send_invitations
from survey_service.services.rotation.cancel_invitations import cancel_invitations
from survey_service.settings import Settings


async def release_replicates_for(
    staff: StaffMember,
    survey: ReviewedSurvey,
    settings: Settings,
    wave: int,
    numbers: Sequence[int] | None,
) -> Sent:
    """Send what waits of these replicates, by number (all: None). What was sent already is not sent again."""
    check_may(staff.role, "plan")
    return await send_invitations(survey.slug, settings, wave=wave, replicates=numbers, staff=staff.id)


async def cancel_replicates_for(
    staff: StaffMember,
    survey: ReviewedSurvey,
    settings: Settings,
    wave: int,
    numbers: Sequence[int] | None,
) -> int:
    """Give back what waits of these replicates, by number (all: None)."""
    check_may(staff.role, "plan")
    return await cancel_invitations(survey.slug, settings, wave=wave, replicates=numbers, staff=staff.id)
