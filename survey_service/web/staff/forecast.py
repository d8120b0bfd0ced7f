"""`/staff/surveys/…/forecast`: what a draw on a day would find."""

from datetime import date

from litestar import Response, get

from survey_service.domain.errors import SurveyServiceError
from survey_service.domain.roles import check_may
from survey_service.services.results.review_survey import get_survey_for
from survey_service.services.rotation.forecast_survey import Forecast
from survey_service.services.rotation.review_draw import forecast_for
from survey_service.services.rotation.survey_frame import today
from survey_service.web.staff.guards import AnyRequest, require_session, signed_in_staff
from survey_service.web.staff.page import LANGUAGE, staff_page
from survey_service.web.staff.plan_form import describe_refusal, read_plan_form


@get("/staff/surveys/{slug:str}/forecast", guards=[require_session])
async def show_forecast(request: AnyRequest) -> Response[str]:
    """The forecast for the day and the number in the query."""
    staff, settings = signed_in_staff(request), request.app.state.settings
    survey = await get_survey_for(staff, request.path_params["slug"])
    check_may(staff.role, "plan")
    form = read_plan_form(request.query_params, default=today(settings))
    errors, forecast = form.errors, None
    if not errors:
        try:
            forecast = await forecast_for(staff, survey, settings, at=form.day, n=form.n)
        except SurveyServiceError as refusal:
            errors = [describe_refusal(refusal)]
    return staff_page(
        request,
        "staff/forecast.html",
        staff=staff,
        status=422 if errors else 200,
        survey=survey,
        language=LANGUAGE,
        form=form,
        forecast=forecast,
        enough_from=_enough_from(forecast) if forecast else {},
        near_issue_days=_other_days(forecast) if forecast else [],
        errors=errors,
    )


def _other_days(forecast: Forecast) -> list[date]:
    """The nearest days to send on, where the day itself is too near to an issue of the newsletter."""
    days = [] if forecast.at in forecast.dates else forecast.dates
    return [date.fromisoformat(one) for one in days]


def _enough_from(forecast: Forecast) -> dict[str, date]:
    """The first day with enough people, of the strata that ever have them."""
    return {
        name: date.fromisoformat(one.next_feasible)
        for name, one in forecast.by_stratum.items()
        if one.next_feasible is not None
    }


ROUTES = [show_forecast]
