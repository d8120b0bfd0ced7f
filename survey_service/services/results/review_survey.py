"""What a member of staff gets to see of surveys: one way in, and every look at results is noted."""

import re

import msgspec

from survey_service.db import engine
from survey_service.db import result as result_table
from survey_service.db.audit_event import add_audit_event
from survey_service.db.result import ReviewedSurvey
from survey_service.db.staff import StaffMember
from survey_service.domain.errors import NotFound
from survey_service.domain.results import Results, SampleResponse
from survey_service.domain.roles import sees_every_department
from survey_service.services.results.summarise_results import summarise_response, summarise_results

_SLUG = re.compile("[a-z0-9]+(-[a-z0-9]+)*")


class SurveyOverview(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the list of surveys."""

    survey: ReviewedSurvey
    response: SampleResponse


async def get_survey_for(staff: StaffMember, slug: str) -> ReviewedSurvey:
    """The survey, if there is one that this person may see; otherwise `NotFound`, whatever the reason."""
    # What cannot be a name is not looked up: PostgreSQL refuses some of what an address can hold.
    survey = await result_table.find_survey(slug) if _SLUG.fullmatch(slug) else None
    if survey is None or not _may_see(staff, survey):
        raise NotFound("There is no such survey.", got=repr(slug))
    return survey


async def list_surveys_for(staff: StaffMember, *, small_cell: int) -> list[SurveyOverview]:
    """Every survey this person may see with its response, the newest first."""
    department = None if sees_every_department(staff.role) else staff.department
    async with engine.transaction():
        overviews = []
        for survey in await result_table.list_surveys(department):
            strata = await result_table.count_strata(survey.id)
            overviews.append(
                SurveyOverview(
                    survey=survey, response=summarise_response(strata, counted=0, small_cell=small_cell)
                )
            )
        await add_audit_event(staff=staff.id, action="surveys_listed", object_kind="survey", object_id="")
    return overviews


async def list_authored_for(staff: StaffMember) -> list[ReviewedSurvey]:
    """Every survey this person may copy, the newest first."""
    department = None if sees_every_department(staff.role) else staff.department
    return await result_table.list_surveys(department)


async def review_results(
    staff: StaffMember, survey: ReviewedSurvey, *, small_cell: int, language: str
) -> Results:
    """The results of a survey from `get_survey_for`."""
    results = await summarise_results(survey, small_cell=small_cell, language=language)
    await add_audit_event(
        staff=staff.id, action="results_viewed", object_kind="survey", object_id=survey.slug
    )
    return results


async def export_results(slug: str, *, small_cell: int, by: str | None) -> Results:
    """The results for the command line, whose users have the whole database anyway."""
    survey = await result_table.find_survey(slug)
    if survey is None:
        raise NotFound("There is no such survey.", got=repr(slug))
    results = await summarise_results(survey, small_cell=small_cell, by=by)
    await add_audit_event(
        staff=None,
        action="results_exported",
        object_kind="survey",
        object_id=survey.slug,
        detail={"by": by},
    )
    return results


def _may_see(staff: StaffMember, survey: ReviewedSurvey) -> bool:
    return sees_every_department(staff.role) or staff.department == survey.department
