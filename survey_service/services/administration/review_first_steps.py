"""What is still to do before the first person is asked: for the first hour of whoever begins."""

import msgspec

from survey_service.db.first_steps import find_beginnings, has_asked_anybody
from survey_service.db.staff import StaffMember
from survey_service.domain.roles import may
from survey_service.settings import Settings


class FirstSteps(msgspec.Struct, frozen=True, kw_only=True):
    """How far it is."""

    contacts: int
    has_officer: bool
    has_mail_server: bool
    has_survey: bool
    has_opened: bool


async def review_first_steps(staff: StaffMember, settings: Settings) -> FirstSteps | None:
    """The steps, until somebody was asked; nothing for those who only look."""
    if not may(staff.role, "author") or await has_asked_anybody():
        return None
    found = await find_beginnings()
    return FirstSteps(
        contacts=found.contacts,
        has_officer=found.has_officer,
        has_mail_server=bool(settings.smtp_host),
        has_survey=found.has_survey,
        has_opened=found.has_opened,
    )
