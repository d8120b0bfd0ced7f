"""`/staff/surveys`: the surveys of a department, and the results of one."""

from typing import Any

from litestar import Response, get
from litestar.response import Redirect

from survey_service.domain.roles import may
from survey_service.services.administration.review_first_steps import review_first_steps
from survey_service.services.results.review_survey import get_survey_for, list_surveys_for, review_results
from survey_service.web.staff.channel_names import channel_names
from survey_service.web.staff.guards import AnyRequest, require_session, signed_in_staff
from survey_service.web.staff.page import LANGUAGE, staff_page
from survey_service.web.staff.sign_in import HOME_PATH


@get("/staff", guards=[require_session])
async def show_home(request: AnyRequest) -> Response[Any]:
    """The surveys are the home page."""
    return Redirect(HOME_PATH, status_code=303)


@get("/staff/surveys", guards=[require_session])
async def show_surveys(request: AnyRequest) -> Response[str]:
    """Every survey this person may see."""
    staff = signed_in_staff(request)
    overviews = await list_surveys_for(staff, small_cell=request.app.state.settings.small_cell)
    return staff_page(
        request,
        "staff/surveys.html",
        staff=staff,
        overviews=overviews,
        steps=await review_first_steps(staff, request.app.state.settings),
        may_govern=may(staff.role, "govern"),
        language=LANGUAGE,
    )


@get("/staff/surveys/{slug:str}", guards=[require_session])
async def show_survey(request: AnyRequest) -> Response[str]:
    """The response and the results of one survey."""
    staff = signed_in_staff(request)
    small_cell = request.app.state.settings.small_cell
    survey = await get_survey_for(staff, request.path_params["slug"])
    results = await review_results(staff, survey, small_cell=small_cell, language=LANGUAGE)
    return staff_page(
        request,
        "staff/survey.html",
        staff=staff,
        survey=survey,
        results=results,
        small_cell=small_cell,
        channel_names=channel_names(),
    )


ROUTES = [show_home, show_surveys, show_survey]
