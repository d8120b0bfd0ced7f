"""The newsletter's calendar: which days have an issue."""

from datetime import date

from survey_service.db import audit_event, newsletter_issue
from survey_service.db.engine import transaction
from survey_service.domain.errors import Conflict, NotFound


async def add_issue(day: date) -> None:
    """Note an issue."""
    async with transaction():
        if not await newsletter_issue.add_issue(day):
            raise Conflict(f"The issue of {day} is noted already.")
        await _note("newsletter.add", day)


async def remove_issue(day: date) -> None:
    """Forget an issue."""
    async with transaction():
        if not await newsletter_issue.remove_issue(day):
            raise NotFound(f"There is no issue on {day}.", hint="See `survey-service skyline list`.")
        await _note("newsletter.remove", day)


async def list_issues() -> list[date]:
    """Return the days of all issues, in order."""
    return await newsletter_issue.list_issues()


async def _note(action: str, day: date) -> None:
    await audit_event.add_audit_event(
        staff=None, action=action, object_kind="newsletter_issue", object_id=day.isoformat()
    )
