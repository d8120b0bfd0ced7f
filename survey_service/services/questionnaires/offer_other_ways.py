"""Staff enter other ways to answer: administrators for everything, a department for its surveys."""

from collections.abc import Mapping

from survey_service.db import other_way
from survey_service.db.audit_event import add_audit_event
from survey_service.db.engine import transaction
from survey_service.db.result import ReviewedSurvey
from survey_service.db.staff import StaffMember
from survey_service.domain.other_ways import read_way, way_kinds
from survey_service.domain.roles import check_may


async def list_ways_for(staff: StaffMember, survey: ReviewedSurvey | None) -> dict[str, str]:
    """What was entered, by kind; for everything without a survey."""
    _check(staff, survey)
    return await other_way.list_ways(survey.id if survey else None)


async def set_ways_for(staff: StaffMember, survey: ReviewedSurvey | None, typed: Mapping[str, str]) -> None:
    """Keep what was typed; raises WayRefused. The forms show it at once."""
    _check(staff, survey)
    ways: dict[str, str] = {kind: read_way(kind, typed.get(kind, "")) for kind in way_kinds}
    async with transaction():
        await other_way.set_ways(survey.id if survey else None, ways)
        await add_audit_event(
            staff=staff.id,
            action="other_ways.set",
            object_kind="survey" if survey else "register",
            object_id=survey.slug if survey else "1",
            detail={kind: value for kind, value in ways.items() if value},
        )


def _check(staff: StaffMember, survey: ReviewedSurvey | None) -> None:
    check_may(staff.role, "plan" if survey else "govern")
