"""`/staff/calendar`: what all departments ask, month by month."""

from litestar import Response, get

from survey_service.domain.numerals import read_whole_number
from survey_service.services.planning.review_calendar import review_calendar
from survey_service.services.rotation.survey_frame import today
from survey_service.web.staff.guards import AnyRequest, require_session, signed_in_staff
from survey_service.web.staff.page import LANGUAGE, staff_page

FIRST_YEAR, LAST_YEAR = 2000, 2199


@get("/staff/calendar", guards=[require_session])
async def show_calendar(request: AnyRequest) -> Response[str]:
    """The year in the query, else this one."""
    staff, settings = signed_in_staff(request), request.app.state.settings
    now = today(settings)
    asked = read_whole_number(request.query_params.get("year", "")[:20])
    year = asked if asked is not None and FIRST_YEAR <= asked <= LAST_YEAR else now.year
    calendar = await review_calendar(staff, settings, year=year)
    return staff_page(
        request, "staff/calendar.html", staff=staff, calendar=calendar, today=now, language=LANGUAGE
    )


ROUTES = [show_calendar]
