"""Staff look at the price of a survey, approve exactly what they saw, or take an approval back."""

from survey_service.db import approval
from survey_service.db import result as surveys
from survey_service.db.approval import ApprovalFacts
from survey_service.db.engine import transaction
from survey_service.db.result import ReviewedSurvey
from survey_service.db.staff import StaffMember
from survey_service.domain.errors import Conflict
from survey_service.domain.roles import check_may, sees_every_department
from survey_service.services.planning.approve_survey import approve_survey, withdraw_approval
from survey_service.services.planning.plan_request import PlanRequest
from survey_service.services.planning.price_survey import Price, price_survey
from survey_service.services.planning.review_budget import BudgetReview, review_budget
from survey_service.settings import Settings


async def review_budget_for(staff: StaffMember, settings: Settings) -> BudgetReview:
    """The whole organisation's budget: whoever plans sees what the others have left."""
    check_may(staff.role, "plan")
    return await review_budget(settings)


async def list_priceable_for(staff: StaffMember) -> list[ReviewedSurvey]:
    """The surveys this person may price: those that were not closed, of the own department."""
    check_may(staff.role, "plan")
    department = None if sees_every_department(staff.role) else staff.department
    return [one for one in await surveys.list_surveys(department) if one.state != "closed"]


async def price_for(
    staff: StaffMember, survey: ReviewedSurvey, settings: Settings, request: PlanRequest
) -> Price:
    """The price of a survey from `get_survey_for`."""
    check_may(staff.role, "plan")
    return await price_survey(survey.slug, settings, request)


async def find_approval_for(staff: StaffMember, survey: ReviewedSurvey) -> ApprovalFacts | None:
    """The approval of a survey from `get_survey_for` that waits for its draw."""
    check_may(staff.role, "plan")
    return await approval.find_open_approval(survey.id)


async def approve_as_seen(
    staff: StaffMember, survey: ReviewedSurvey, settings: Settings, request: PlanRequest, *, seen: int
) -> None:
    """Approve a plan of as many invitations as were seen. Asked a second time for the same, do nothing."""
    check_may(staff.role, "govern")
    async with transaction():
        given = await approval.find_open_approval(survey.id)
        if given is not None and (given.approver, given.invitations) == (staff.email, seen):
            return
        approved = await approve_survey(survey.slug, settings, request, by=staff.email, member=staff)
        if approved.invitations != seen:
            raise Conflict(
                "The price changed since you looked, so nothing was approved.",
                expected=str(seen),
                got=str(approved.invitations),
                hint="Look at the new figures and approve those.",
            )


async def withdraw_for(staff: StaffMember, survey: ReviewedSurvey) -> None:
    """Take the approval of a survey back; what is gone already stays gone."""
    check_may(staff.role, "govern")
    if await approval.find_open_approval(survey.id) is not None:
        await withdraw_approval(survey.slug, member=staff)
