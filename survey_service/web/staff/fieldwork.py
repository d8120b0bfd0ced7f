"""`/staff/surveys/<survey>/fieldwork`: how far the newest wave is, and what is done next."""

from datetime import UTC, datetime
from typing import Any

from litestar import Response, get, post

from survey_service.db.result import ReviewedSurvey
from survey_service.domain.disclosure import round_count
from survey_service.domain.errors import SurveyServiceError
from survey_service.domain.numerals import read_decimal, read_whole_number
from survey_service.domain.roles import check_may
from survey_service.i18n.formatting import format_percent
from survey_service.services.fieldwork.follow_fieldwork import FieldworkStatus
from survey_service.services.fieldwork.review_fieldwork import (
    is_drawn,
    review_fieldwork,
    run_for,
    start_for,
    stop_for,
)
from survey_service.services.fieldwork.run_fieldwork import DAYS_BETWEEN
from survey_service.services.results.review_survey import get_survey_for
from survey_service.web.forgery import refuse_cross_site
from survey_service.web.staff.bar_picture import draw_bars
from survey_service.web.staff.done import go_on
from survey_service.web.staff.guards import AnyRequest, require_session, signed_in_staff
from survey_service.web.staff.page import LANGUAGE, gettext, staff_page
from survey_service.web.staff.plan_form import describe_refusal
from survey_service.web.staff.simulation_picture import Drawing

PATH = "/staff/surveys/{slug:str}/fieldwork"


STEPS_DONE = {"start": "fieldwork_started", "stop": "fieldwork_stopped"}


@get(PATH, guards=[require_session])
async def show_fieldwork(request: AnyRequest) -> Response[str]:
    """How far it is."""
    return await _page(request, await _survey(request))


@post(PATH, guards=[refuse_cross_site, require_session], status_code=303)
async def change_fieldwork(request: AnyRequest) -> Response[Any]:
    """Start, carry on or stop."""
    staff, survey, posted = signed_in_staff(request), await _survey(request), await request.form()
    settings, now = request.app.state.settings, datetime.now(UTC)
    typed = {name: str(posted.get(name, "")).strip()[:20] for name in ("margin", "days")}
    try:
        if posted.get("step") == "start":
            await start_for(staff, survey, settings, **_aims(typed))
        elif posted.get("step") == "stop":
            await stop_for(staff, survey, settings, at=now)
        else:
            await run_for(staff, survey, settings, at=now)
    except SurveyServiceError as refusal:
        return await _page(request, survey, refusal=refusal, typed=typed)
    return go_on(
        f"/staff/surveys/{survey.slug}/fieldwork", STEPS_DONE.get(str(posted.get("step")), "fieldwork_run")
    )


async def _survey(request: AnyRequest) -> ReviewedSurvey:
    staff = signed_in_staff(request)
    survey = await get_survey_for(staff, request.path_params["slug"])
    check_may(staff.role, "plan")
    return survey


def _aims(typed: dict[str, str]) -> dict[str, Any]:
    """Points and days as they were typed; points may be left empty."""
    points = read_decimal(typed["margin"]) if typed["margin"] else None
    days = read_whole_number(typed["days"]) if typed["days"] else DAYS_BETWEEN
    if (typed["margin"] and points is None) or days is None:
        raise SurveyServiceError(gettext("Enter numbers, in digits"))
    return {"margin": None if points is None else float(points) / 100, "days": days}


async def _page(
    request: AnyRequest,
    survey: ReviewedSurvey,
    *,
    refusal: SurveyServiceError | None = None,
    typed: dict[str, str] | None = None,
) -> Response[Any]:
    staff, settings = signed_in_staff(request), request.app.state.settings
    status = await review_fieldwork(staff, survey, settings, at=datetime.now(UTC))
    return staff_page(
        request,
        "staff/fieldwork.html",
        staff=staff,
        status=409 if refusal else 200,
        survey=survey,
        language=LANGUAGE,
        fieldwork=status,
        is_drawn=await is_drawn(survey),
        typed=typed or {"margin": "", "days": str(DAYS_BETWEEN)},
        verdict_words=verdict_words(),
        small_cell=settings.small_cell,
        round_count=round_count,
        drawings=_draw(status, settings.small_cell) if status else [],
        errors=[describe_refusal(refusal) | {"href": "#fieldwork"}] if refusal else [],
    )


def _draw(status: FieldworkStatus, small_cell: int) -> list[Drawing]:
    """How far each figure is, and what the reminder did; nothing of few people."""
    far = [
        (
            " + ".join(group.strata),
            format_percent(min(1.0, group.answers / group.needed)),
            min(1.0, group.answers / group.needed),
        )
        for group in status.progress.groups
        if group.answers >= small_cell
    ]
    drawings = (
        [draw_bars("progress", gettext("Answers there of those needed"), far, whole=1.0)] if far else []
    )
    effect = status.effect
    if effect.difference is not None and min(effect.reminded, effect.held_out) >= small_cell:
        shares = (
            (gettext("Reminded"), effect.reminded_answered / effect.reminded),
            (gettext("Left alone"), effect.held_out_answered / effect.held_out),
        )
        drawings.append(
            draw_bars(
                "reminder",
                gettext("Answered after the reminder"),
                [(label, format_percent(share, decimals=1), share) for label, share in shares],
            )
        )
    return drawings


def verdict_words() -> dict[str, str]:
    """Whether a reminder is worth it, in words."""
    return {
        "worth_it": gettext("worth it"),
        "target_met": gettext("not needed: the precision is reached"),
        "cannot_be_met": gettext("no: the precision cannot be reached, so nobody is chased for it"),
        "costs_more_than_it_brings": gettext("no: it costs more answers than it brings"),
        "inviting_costs_less": gettext("no: inviting others asks less of people"),
    }


ROUTES = [show_fieldwork, change_fieldwork]
