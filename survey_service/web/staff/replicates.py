"""Release or cancel single parts of a draw that was reserved."""

from typing import Any

from litestar import Response, post

from survey_service.db.result import ReviewedSurvey
from survey_service.domain.errors import NotFound, SurveyServiceError
from survey_service.domain.numerals import read_whole_number
from survey_service.domain.roles import check_may
from survey_service.services.fieldwork.release_replicates import cancel_replicates_for, release_replicates_for
from survey_service.services.results.review_survey import get_survey_for
from survey_service.web.forgery import refuse_cross_site
from survey_service.web.staff.done import go_on
from survey_service.web.staff.draws import record_page
from survey_service.web.staff.guards import AnyRequest, require_session, signed_in_staff


@post(
    "/staff/surveys/{slug:str}/draws/{wave:int}/release",
    guards=[refuse_cross_site, require_session],
    status_code=303,
)
async def release(request: AnyRequest) -> Response[Any]:
    """Send what waits of a replicate, or of all of them."""
    survey, staff = await _survey(request), signed_in_staff(request)
    wave, replicates = request.path_params["wave"], await _read_replicates(request)
    try:
        await release_replicates_for(staff, survey, request.app.state.settings, wave, replicates)
    except SurveyServiceError as refusal:
        if isinstance(refusal, NotFound):
            raise
        return await record_page(request, errors=[refusal])
    return go_on(f"/staff/surveys/{survey.slug}/draws/{wave}", "released")


@post(
    "/staff/surveys/{slug:str}/draws/{wave:int}/cancel",
    guards=[refuse_cross_site, require_session],
    status_code=303,
)
async def cancel(request: AnyRequest) -> Response[Any]:
    """Give back what waits of a replicate, or of all of them."""
    survey, staff = await _survey(request), signed_in_staff(request)
    wave, replicates = request.path_params["wave"], await _read_replicates(request)
    await cancel_replicates_for(staff, survey, request.app.state.settings, wave, replicates)
    return go_on(f"/staff/surveys/{survey.slug}/draws/{wave}", "cancelled")


async def _survey(request: AnyRequest) -> ReviewedSurvey:
    staff = signed_in_staff(request)
    survey = await get_survey_for(staff, request.path_params["slug"])
    check_may(staff.role, "plan")
    return survey


async def _read_replicates(request: AnyRequest) -> list[int] | None:
    """The number that was posted; None for all of them."""
    text = str((await request.form()).get("replicate", ""))
    if text == "all":
        return None
    number = read_whole_number(text)
    if number is None or not 0 < number <= 10**6:
        raise NotFound("There is no such replicate.", got=text[:20])
    return [number]


ROUTES = [release, cancel]
