"""Staff pages of shares of departments, and of exceptions: who may have more, and who says so."""

from collections.abc import Mapping
from typing import Any, cast

from litestar import Response, get, post

from survey_service.domain.answers import clean_text
from survey_service.domain.errors import NotFound, SurveyServiceError
from survey_service.domain.roles import check_may, sees_every_department
from survey_service.services.planning.grant_exception import list_chosen_shares, set_shares
from survey_service.services.planning.request_exception import (
    DECISIONS,
    Decision,
    decide_exception,
    list_requests,
    may_decide,
    request_exception,
)
from survey_service.web.forgery import refuse_cross_site
from survey_service.web.staff.done import go_on
from survey_service.web.staff.guards import AnyRequest, require_session, signed_in_staff
from survey_service.web.staff.page import gettext, staff_page
from survey_service.web.staff.plan_form import describe_refusal, read_plan_form


@get("/staff/budget/shares", guards=[require_session])
async def show_shares(request: AnyRequest) -> Response[str]:
    """The share of each department, to be changed."""
    return await _shares_page(request)


@post("/staff/budget/shares", guards=[refuse_cross_site, require_session], status_code=303)
async def change_shares(request: AnyRequest) -> Response[Any]:
    """Choose the shares of all departments whose field is filled."""
    staff, posted = signed_in_staff(request), await request.form()
    check_may(staff.role, "govern")
    names = [str(name) for name in posted.getall("department", [])]
    typed = dict(zip(names, (str(one).strip()[:10] for one in posted.getall("share", [])), strict=False))
    shares = {name: _read_percent(text) for name, text in typed.items() if text}
    if any(share is None for share in shares.values()):
        errors = [{"text": gettext("Enter a share from 0 to 100 per cent, in digits"), "href": "#share-1"}]
        return await _shares_page(request, typed=typed, errors=errors)
    try:
        await set_shares(
            {name: one for name, one in shares.items() if one is not None},
            request.app.state.settings,
            member=staff,
        )
    except SurveyServiceError as refusal:
        errors = [describe_refusal(refusal) | {"href": "#share-1"}]
        return await _shares_page(request, typed=typed, errors=errors)
    return go_on("/staff/budget", "shares_saved")


@get("/staff/budget/exceptions", guards=[require_session])
async def show_exceptions(request: AnyRequest) -> Response[str]:
    """Requests that wait, and the form for another."""
    return await _exceptions_page(request)


@post("/staff/budget/exceptions", guards=[refuse_cross_site, require_session], status_code=303)
async def ask_exception(request: AnyRequest) -> Response[Any]:
    """Ask for more invitations; somebody else decides."""
    staff, posted = signed_in_staff(request), await request.form()
    form = read_plan_form(posted, default=None)
    typed = {name: clean_text(str(posted.get(name, "")))[:500] for name in ("department", "reason")}
    if form.errors or form.day is None or form.n is None:
        missing = {"text": gettext("Enter how many people to invite, in digits"), "href": "#n"}
        errors = form.errors if form.typed["n"] else [missing, *form.errors]
        return await _exceptions_page(request, typed=typed | form.typed, errors=errors)
    try:
        await request_exception(
            staff, request.app.state.settings, department=typed["department"], invitations=form.n,
            reason=typed["reason"], until=form.day,
        )  # fmt: skip
    except SurveyServiceError as refusal:
        errors = [describe_refusal(refusal) | {"href": "#reason"}]
        return await _exceptions_page(request, typed=typed | form.typed, errors=errors)
    return go_on("/staff/budget/exceptions", "asked")


@post("/staff/budget/exceptions/{number:int}", guards=[refuse_cross_site, require_session], status_code=303)
async def decide(request: AnyRequest) -> Response[Any]:
    """Grant, refuse or withdraw a request."""
    staff, decision = signed_in_staff(request), str((await request.form()).get("decision", ""))
    if decision not in DECISIONS:
        raise NotFound("There is no such decision.")
    number = min(request.path_params["number"], 2**62)
    try:
        await decide_exception(staff, request.app.state.settings, number, cast(Decision, decision))
    except SurveyServiceError as refusal:
        if isinstance(refusal, NotFound):
            raise
        return await _exceptions_page(request, errors=[describe_refusal(refusal) | {"href": "#requests"}])
    return go_on("/staff/budget/exceptions", "decided")


async def _shares_page(
    request: AnyRequest,
    *,
    typed: Mapping[str, str] | None = None,
    errors: list[dict[str, str]] | None = None,
) -> Response[Any]:
    staff = signed_in_staff(request)
    check_may(staff.role, "govern")
    chosen = await list_chosen_shares(request.app.state.settings)
    stands = {name: "" if share is None else f"{share * 100:g}" for name, share in chosen.items()}
    return staff_page(
        request,
        "staff/shares.html",
        staff=staff,
        status=409 if errors else 200,
        shares=stands | dict(typed or {}),
        errors=errors or [],
    )


async def _exceptions_page(
    request: AnyRequest,
    *,
    typed: Mapping[str, str] | None = None,
    errors: list[dict[str, str]] | None = None,
) -> Response[Any]:
    staff = signed_in_staff(request)
    requests = await list_requests(staff)
    whole = sees_every_department(staff.role)
    departments = await list_chosen_shares(request.app.state.settings) if whole else [staff.department_name]
    blank = {"department": staff.department_name, "reason": "", "n": ""}
    return staff_page(
        request,
        "staff/exceptions.html",
        staff=staff,
        status=409 if errors else 200,
        requests=requests,
        decisions={
            one.id: [word for word in DECISIONS if may_decide(staff, one, cast(Decision, word))]
            for one in requests
        },
        departments=list(departments),
        typed=blank | dict.fromkeys(("date-day", "date-month", "date-year"), "") | dict(typed or {}),
        errors=errors or [],
    )


def _read_percent(text: str) -> float | None:
    """A share typed as per cent, with a point or a comma."""
    try:
        share = float(text.replace(",", ".").rstrip("% ")) / 100
    except ValueError:
        return None
    return round(share, 6) if 0.0 <= share <= 1.0 else None


ROUTES = [show_shares, change_shares, show_exceptions, ask_exception, decide]
