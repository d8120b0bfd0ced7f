"""Give back what a draw reserved: nobody was asked, so nobody's place, rest or minutes changed."""

from collections.abc import Sequence
from datetime import UTC, datetime

from survey_service.db import audit_event, draw, invitation, register
from survey_service.db.engine import transaction
from survey_service.services.messages.send_invitations import check_replicates, choose_wave, name_replicates
from survey_service.services.questionnaires.manage_survey import get_survey
from survey_service.settings import Settings


async def cancel_invitations(
    slug: str,
    settings: Settings,
    *,
    wave: int | None = None,
    replicates: Sequence[int] | None = None,
    staff: int | None = None,
) -> int:
    """Cancel what of a wave (the newest), or of some of its replicates, was not sent; return how many.

    What was sent stays.
    """
    async with transaction():
        await register.lock_register()
        found = await get_survey(slug)
        chosen = choose_wave(await draw.list_waves(found.id), slug, wave)
        await check_replicates(chosen, replicates)
        count = await invitation.cancel_reserved(chosen.id, datetime.now(UTC), replicates)
        await audit_event.add_audit_event(
            staff=staff, action="survey.cancel", object_kind="wave", object_id=str(chosen.id),
            detail={"survey": slug, "cancelled": count, "replicates": name_replicates(replicates)},
        )  # fmt: skip
    return count
