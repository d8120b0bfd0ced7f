"""Staff look at a draw before it is made, make exactly that one, and look at it afterwards.

What is looked at before is the selection itself, made in a transaction that is undone. Its frame hash goes
with the form that confirms: should anything that decides the draw have changed by then, nothing is drawn.
"""

from datetime import date

import msgspec

from survey_service.db import draw_record, register
from survey_service.db.audit_event import add_audit_event
from survey_service.db.draw_record import DrawLine, DrawRecord
from survey_service.db.engine import transaction, undone
from survey_service.db.result import ReviewedSurvey
from survey_service.db.staff import StaffMember
from survey_service.domain.errors import Conflict, NotFound
from survey_service.domain.roles import check_may
from survey_service.services.rotation.draw_wave import draw_wave, select_wave
from survey_service.services.rotation.drawing import StratumDrawn
from survey_service.services.rotation.forecast_survey import Forecast, forecast_survey
from survey_service.services.rotation.replay_draw import Replay, replay_draw
from survey_service.services.rotation.survey_frame import hash_of
from survey_service.settings import Settings

MOVED_ON = "moved_on"
LARGEST_WAVE = 2**31 - 1


class Rehearsal(msgspec.Struct, frozen=True, kw_only=True):
    """What the next draw of a survey would be."""

    wave: int
    day: date
    n: int
    longest_seconds: int
    frame_hash: str
    by_stratum: dict[str, StratumDrawn]

    @property
    def drawn(self) -> int:
        """How many would be drawn."""
        return sum(one.drawn for one in self.by_stratum.values())

    @property
    def shortfall(self) -> int:
        """How many would be missing."""
        return sum(one.shortfall for one in self.by_stratum.values())


async def forecast_for(
    staff: StaffMember, survey: ReviewedSurvey, settings: Settings, *, at: date | None, n: int | None
) -> Forecast:
    """What a draw of a survey from `get_survey_for` would find."""
    check_may(staff.role, "plan")
    return await forecast_survey(survey.slug, settings, at=at, n=n)


async def rehearse_draw(
    staff: StaffMember, survey: ReviewedSurvey, settings: Settings, *, at: date, n: int | None
) -> Rehearsal:
    """Select the next wave of a survey from `get_survey_for` and leave everything as it was."""
    check_may(staff.role, "plan")
    async with undone():
        await register.lock_register()
        drawing = await select_wave(survey.slug, settings, at, None, n)
    return Rehearsal(
        wave=drawing.wave,
        day=at,
        n=drawing.rules.n,
        longest_seconds=drawing.rules.limits.form_seconds,
        frame_hash=hash_of(drawing.look),
        by_stratum=drawing.by_stratum(),
    )


async def draw_as_rehearsed(
    staff: StaffMember,
    survey: ReviewedSurvey,
    settings: Settings,
    *,
    at: date,
    n: int,
    wave: int,
    expected_frame: str,
    reserve_only: bool = False,
) -> None:
    """Draw a wave exactly as it was rehearsed. Asked a second time for the same draw, do nothing."""
    check_may(staff.role, "plan")
    async with transaction():
        await register.lock_register()
        drawn = await draw_record.find_draw_record(survey.id, wave) if 0 < wave <= LARGEST_WAVE else None
        if drawn is not None and drawn.frame_hash == expected_frame and drawn.on_day == at:
            return
        result = await draw_wave(survey.slug, settings, at=at, n=n, staff=staff.id, reserve_only=reserve_only)
        if result.wave != wave or result.frame_hash != expected_frame:
            raise Conflict(
                "The register changed since you looked, so nothing was drawn.",
                expected=f"wave {wave} of frame {expected_frame[:12]}",
                got=f"wave {result.wave} of frame {result.frame_hash[:12]}",
                hint="Look at the new figures below and confirm them.",
                code=MOVED_ON,
            )


async def list_draws_for(staff: StaffMember, survey: ReviewedSurvey) -> list[DrawLine]:
    """The draws of a survey from `get_survey_for`."""
    check_may(staff.role, "plan")
    return await draw_record.list_draws(survey.id)


async def get_draw_for(staff: StaffMember, survey: ReviewedSurvey, wave: int) -> DrawRecord:
    """The draw of a wave of a survey from `get_survey_for`; the look is noted."""
    check_may(staff.role, "plan")
    found = await draw_record.find_draw_record(survey.id, wave) if 0 < wave <= LARGEST_WAVE else None
    if found is None:
        raise NotFound("There is no such draw.", got=str(wave))
    await _note(staff, "draw.view", found)
    return found


async def replay_for(staff: StaffMember, record: DrawRecord) -> Replay:
    """Make a draw from `get_draw_for` again and compare; nothing is changed but the audit log."""
    await _note(staff, "draw.replay", record)
    return await replay_draw(record.id)


async def _note(staff: StaffMember, action: str, record: DrawRecord) -> None:
    await add_audit_event(staff=staff.id, action=action, object_kind="draw", object_id=str(record.id))
