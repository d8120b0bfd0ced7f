"""`/staff/surveys/…/tablets`: tablets at drop-in surgeries and events, started and ended."""

import base64
from datetime import UTC, date, datetime
from typing import Any

from litestar import Response, get, post

from survey_service.db.result import ReviewedSurvey
from survey_service.domain.errors import Conflict, SurveyServiceError
from survey_service.domain.numerals import read_whole_number
from survey_service.domain.roles import check_may
from survey_service.integrations.qr_code import draw_qr_code
from survey_service.services.answers.start_tablet import (
    LASTS_DAYS,
    Event,
    end_tablet,
    find_freeze,
    list_events_for,
    list_tablets_for,
    start_tablet,
)
from survey_service.services.results.review_survey import get_survey_for
from survey_service.web.forgery import refuse_cross_site
from survey_service.web.staff.done import go_on
from survey_service.web.staff.guards import AnyRequest, require_session, signed_in_staff
from survey_service.web.staff.page import LANGUAGE, staff_page
from survey_service.web.staff.plan_form import describe_refusal

DAY_FIELDS = ("event-day", "event-month", "event-year")


@get("/staff/surveys/{slug:str}/tablets", guards=[require_session])
async def show_tablets(request: AnyRequest) -> Response[Any]:
    """Every tablet with its link and code while it runs."""
    return await _page(request, await _survey(request))


@post("/staff/surveys/{slug:str}/tablets", guards=[refuse_cross_site, require_session], status_code=303)
async def change_tablets(request: AnyRequest) -> Response[Any]:
    """Start a tablet, or end one."""
    survey, posted = await _survey(request), await request.form()
    staff, at = signed_in_staff(request), datetime.now(UTC)
    try:
        if ended := str(posted.get("end", "")):
            await end_tablet(staff, survey, read_whole_number(ended[:18]) or 0, at)
        else:
            event, days = _read_event(posted), read_whole_number(str(posted.get("days", ""))[:4]) or 0
            await start_tablet(staff, survey, event, days, request.app.state.secret_key, at)
    except SurveyServiceError as refusal:
        return await _page(request, survey, refusal, posted)
    return go_on(f"/staff/surveys/{survey.slug}/tablets", "tablet_ended" if ended else "tablet_started")


def _read_event(posted: Any) -> Event:
    """The event as it was typed; a day may be left out."""
    numbers = [read_whole_number(str(posted.get(field, ""))[:8]) for field in DAY_FIELDS]
    is_empty = not any(str(posted.get(field, "")).strip() for field in DAY_FIELDS)
    try:
        day = None if is_empty else date(numbers[2] or 0, numbers[1] or 0, numbers[0] or 0)
    except ValueError:
        raise Conflict("The day of the event is no date.", hint="Write it as 27 3 2026.") from None
    return Event(name=str(posted.get("event", "")), place=str(posted.get("place", "")), day=day)


async def _survey(request: AnyRequest) -> ReviewedSurvey:
    staff = signed_in_staff(request)
    survey = await get_survey_for(staff, request.path_params["slug"])
    check_may(staff.role, "plan")
    return survey


async def _page(
    request: AnyRequest, survey: ReviewedSurvey, refusal: SurveyServiceError | None = None, posted: Any = None
) -> Response[Any]:
    staff, state = signed_in_staff(request), request.app.state
    today = datetime.now(state.reception.zone).date()
    shown = {"event": "", "place": "", **dict(zip(DAY_FIELDS, _parts(today), strict=True))}
    lines = await list_tablets_for(staff, survey, state.settings, state.secret_key, datetime.now(UTC))
    return staff_page(
        request,
        "staff/tablets.html",
        staff=staff,
        status=409 if refusal else 200,
        survey=survey,
        language=LANGUAGE,
        lines=[(line, _picture(line.link) if line.link else "") for line in lines],
        days=LASTS_DAYS,
        typed=shown if posted is None else {name: str(posted.get(name, "")) for name in shown},
        freeze=await find_freeze(survey),
        events=await list_events_for(staff, survey, small_cell=state.settings.small_cell),
        errors=[describe_refusal(refusal) | {"href": "#event"}] if refusal else [],
    )


def _parts(day: date) -> tuple[str, str, str]:
    return str(day.day), str(day.month), str(day.year)


def _picture(link: str) -> str:
    """The code to be scanned by the tablet's camera, in the page itself: the link is on no other address."""
    return "data:image/png;base64," + base64.b64encode(draw_qr_code(link, "png")).decode()


ROUTES = [show_tablets, change_tablets]
