"""`/staff/surveys/…/draw` and `…/draws`: look at the next draw, make it, and see how each was made."""

from collections.abc import Sequence
from typing import Any

from litestar import Response, get, post

from survey_service.db.result import ReviewedSurvey
from survey_service.domain.errors import Conflict, SurveyServiceError
from survey_service.domain.numerals import read_whole_number
from survey_service.domain.roles import check_may
from survey_service.services.results.review_survey import get_survey_for
from survey_service.services.rotation.replay_draw import Replay
from survey_service.services.rotation.review_draw import (
    MOVED_ON,
    draw_as_rehearsed,
    get_draw_for,
    list_draws_for,
    rehearse_draw,
    replay_for,
)
from survey_service.services.rotation.survey_frame import today
from survey_service.web.forgery import refuse_cross_site
from survey_service.web.staff.done import go_on
from survey_service.web.staff.guards import AnyRequest, require_session, signed_in_staff
from survey_service.web.staff.page import LANGUAGE, staff_page
from survey_service.web.staff.plan_form import PlanForm, describe_refusal, read_plan_form


@get("/staff/surveys/{slug:str}/draw", guards=[require_session])
async def show_draw(request: AnyRequest) -> Response[str]:
    """What would be drawn, to be confirmed."""
    survey = await _survey(request)
    form = read_plan_form(request.query_params, default=today(request.app.state.settings))
    return await _confirm_page(request, survey, form, errors=form.errors)


@post("/staff/surveys/{slug:str}/draw", guards=[refuse_cross_site, require_session], status_code=303)
async def do_draw(request: AnyRequest) -> Response[Any]:
    """Draw what was confirmed, or show what has changed since."""
    survey = await _survey(request)
    posted = await request.form()
    form = read_plan_form(posted, default=None)
    wave = read_whole_number(str(posted.get("wave", ""))) or 0
    if form.errors or form.day is None or form.n is None:
        return await _confirm_page(request, survey, form, errors=form.errors)
    try:
        await draw_as_rehearsed(
            signed_in_staff(request),
            survey,
            request.app.state.settings,
            at=form.day,
            n=form.n,
            wave=wave,
            expected_frame=str(posted.get("frame_hash", "")),
            reserve_only=posted.get("send") == "later",
        )
    except SurveyServiceError as refusal:
        return await _confirm_page(request, survey, form, errors=[_describe(refusal)])
    return go_on(f"/staff/surveys/{survey.slug}/draws/{wave}", "drawn")


@get("/staff/surveys/{slug:str}/draws", guards=[require_session])
async def show_draws(request: AnyRequest) -> Response[str]:
    """Every draw of a survey."""
    survey = await _survey(request)
    staff = signed_in_staff(request)
    lines = await list_draws_for(staff, survey)
    return staff_page(request, "staff/draws.html", staff=staff, survey=survey, language=LANGUAGE, draws=lines)


@get("/staff/surveys/{slug:str}/draws/{wave:int}", guards=[require_session])
async def show_record(request: AnyRequest) -> Response[str]:
    """How one draw was made."""
    return await record_page(request, is_replay=False)


@get("/staff/surveys/{slug:str}/draws/{wave:int}/replay", guards=[require_session])
async def show_replay(request: AnyRequest) -> Response[str]:
    """The same, made again and compared."""
    return await record_page(request, is_replay=True)


async def _survey(request: AnyRequest) -> ReviewedSurvey:
    staff = signed_in_staff(request)
    survey = await get_survey_for(staff, request.path_params["slug"])
    check_may(staff.role, "plan")
    return survey


async def _confirm_page(
    request: AnyRequest, survey: ReviewedSurvey, form: PlanForm, *, errors: list[dict[str, str]]
) -> Response[Any]:
    staff, rehearsal = signed_in_staff(request), None
    if form.day is not None and not form.errors:
        try:
            rehearsal = await rehearse_draw(staff, survey, request.app.state.settings, at=form.day, n=form.n)
        except SurveyServiceError as refusal:
            errors = [_describe(refusal)]
    errors = [error | {"href": "#figures"} for error in errors]
    return staff_page(
        request,
        "staff/draw.html",
        staff=staff,
        status=409 if errors else 200,
        survey=survey,
        language=LANGUAGE,
        form=form,
        rehearsal=rehearsal,
        errors=errors,
    )


async def record_page(
    request: AnyRequest, *, is_replay: bool = False, errors: Sequence[SurveyServiceError] = ()
) -> Response[str]:
    """How a draw was made, with the replay that was asked for or what was refused."""
    survey = await _survey(request)
    staff = signed_in_staff(request)
    record = await get_draw_for(staff, survey, request.path_params["wave"])
    replay: Replay | None = None
    refusal = ""
    if is_replay:
        try:
            replay = await replay_for(staff, record)
        except Conflict as error:
            refusal = str(error)
    return staff_page(
        request,
        "staff/draw_record.html",
        staff=staff,
        survey=survey,
        language=LANGUAGE,
        record=record,
        replay=replay,
        refusal=refusal,
        status=409 if errors else 200,
        errors=[describe_refusal(one) | {"href": "#replicates"} for one in errors],
    )


def _describe(refusal: SurveyServiceError) -> dict[str, str]:
    """As a line of the error summary; that the register moved on needs no hashes to be understood."""
    if refusal.code == MOVED_ON:
        return {"text": refusal.message}
    return describe_refusal(refusal)


ROUTES = [show_draw, do_draw, show_draws, show_record, show_replay]
