"""`/staff/cells`, how the register is divided, and the strata of one survey, made of whole cells."""

from typing import Any

from litestar import Response, get, post

from survey_service.db.result import ReviewedSurvey
from survey_service.domain.answers import clean_text
from survey_service.domain.errors import SurveyServiceError
from survey_service.domain.roles import check_may, may
from survey_service.services.contacts.define_cells import SMALL_CELL
from survey_service.services.results.review_survey import get_survey_for
from survey_service.services.rotation.define_strata import StratumCount
from survey_service.services.rotation.review_strata import (
    define_cells_for,
    review_cells,
    review_strata,
    set_strata_for,
    try_strata,
)
from survey_service.web.forgery import refuse_cross_site
from survey_service.web.staff.done import go_on
from survey_service.web.staff.guards import AnyRequest, require_session, signed_in_staff
from survey_service.web.staff.page import LANGUAGE, staff_page
from survey_service.web.staff.plan_form import describe_refusal

MOST_CELLS_SHOWN = 200
CHOSEN = "chosen"
"""Says that the attributes were chosen, also where none was: a box that is not ticked sends nothing."""


@get("/staff/cells", guards=[require_session])
async def show_cells(request: AnyRequest) -> Response[str]:
    """The cells, and with a choice of attributes what they would give."""
    query = request.query_params
    return await _cells_page(request, query.getall("attribute", []) if CHOSEN in query else None)


@post("/staff/cells", guards=[refuse_cross_site, require_session], status_code=303)
async def do_define_cells(request: AnyRequest) -> Response[Any]:
    """Divide the register by the attributes that were looked at."""
    check_may(signed_in_staff(request).role, "govern")
    wanted = [str(name) for name in (await request.form()).getall("attribute", [])]
    try:
        await define_cells_for(signed_in_staff(request), wanted)
    except SurveyServiceError as refusal:
        return await _cells_page(request, wanted, refusal=refusal)
    return go_on("/staff/cells", "divided")


@get("/staff/surveys/{slug:str}/strata", guards=[require_session])
async def show_strata(request: AnyRequest) -> Response[str]:
    """The strata of a survey, to be changed while nothing was drawn."""
    return await _strata_page(request, await _survey(request))


@post("/staff/surveys/{slug:str}/strata", guards=[refuse_cross_site, require_session], status_code=303)
async def change_strata(request: AnyRequest) -> Response[Any]:
    """Count what was typed, set it, or go back to one stratum an audience."""
    staff, survey, posted = signed_in_staff(request), await _survey(request), await request.form()
    keys = [str(key) for key in posted.getall("cell", [])]
    names = [clean_text(str(name)) for name in posted.getall("stratum", [])]
    typed = dict(zip(keys, names, strict=False))
    strata: dict[str, list[str]] = {}
    for key, name in typed.items():
        if name:
            strata.setdefault(name, []).append(key)
    step = posted.get("step")
    try:
        if step == "count":
            tried = await try_strata(staff, survey, strata)
            return await _strata_page(request, survey, typed=typed, tried=tried)
        await set_strata_for(staff, survey, {} if step == "reset" else strata)
    except SurveyServiceError as refusal:
        return await _strata_page(request, survey, typed=typed, refusal=refusal)
    return go_on(f"/staff/surveys/{survey.slug}/strata", "strata")


async def _survey(request: AnyRequest) -> ReviewedSurvey:
    staff = signed_in_staff(request)
    survey = await get_survey_for(staff, request.path_params["slug"])
    check_may(staff.role, "plan")
    return survey


async def _cells_page(
    request: AnyRequest, wanted: list[str] | None, *, refusal: SurveyServiceError | None = None
) -> Response[Any]:
    staff, errors = signed_in_staff(request), [] if refusal is None else [refusal]
    try:
        shown = await review_cells(staff, wanted)
    except SurveyServiceError as unknown:
        errors, shown = [unknown], await review_cells(staff, None)
    return staff_page(
        request,
        "staff/cells.html",
        staff=staff,
        status=409 if errors else 200,
        shown=shown,
        chosen_field=CHOSEN,
        small_cell=SMALL_CELL,
        most=MOST_CELLS_SHOWN,
        may_define=may(staff.role, "govern"),
        errors=[describe_refusal(error) | {"href": "#attributes"} for error in errors],
    )


async def _strata_page(
    request: AnyRequest,
    survey: ReviewedSurvey,
    *,
    typed: dict[str, str] | None = None,
    tried: list[StratumCount] | None = None,
    refusal: SurveyServiceError | None = None,
) -> Response[Any]:
    staff = signed_in_staff(request)
    shown = await review_strata(staff, survey)
    stands = {key: one.name for one in shown.strata for key in one.cells}
    return staff_page(
        request,
        "staff/strata.html",
        staff=staff,
        status=409 if refusal else 200,
        survey=survey,
        language=LANGUAGE,
        shown=shown,
        typed=stands if typed is None else typed,
        tried=tried,
        small_cell=SMALL_CELL,
        errors=[describe_refusal(refusal) | {"href": "#cells" if shown.may_change else "#strata"}]
        if refusal
        else [],
    )


ROUTES = [show_cells, do_define_cells, show_strata, change_strata]
