"""`/staff/budget`, and the price of one survey with its approval."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from litestar import Response, get, post

from survey_service.db.result import ReviewedSurvey
from survey_service.domain.errors import SurveyServiceError
from survey_service.domain.numerals import read_whole_number
from survey_service.domain.roles import check_may, may
from survey_service.services.planning.plan_request import PlanRequest
from survey_service.services.planning.price_survey import Price
from survey_service.services.planning.review_price import (
    approve_as_seen,
    find_approval_for,
    list_priceable_for,
    price_for,
    review_budget_for,
    withdraw_for,
)
from survey_service.services.results.review_survey import get_survey_for
from survey_service.web.forgery import refuse_cross_site
from survey_service.web.staff.done import go_on
from survey_service.web.staff.guards import AnyRequest, require_session, signed_in_staff
from survey_service.web.staff.page import LANGUAGE, gettext, staff_page
from survey_service.web.staff.plan_form import MOST, describe_refusal


@get("/staff/budget", guards=[require_session])
async def show_budget(request: AnyRequest) -> Response[str]:
    """Capacity, what is used and kept of it, and whose it is."""
    staff = signed_in_staff(request)
    budget = await review_budget_for(staff, request.app.state.settings)
    priceable = await list_priceable_for(staff)
    return staff_page(
        request,
        "staff/budget.html",
        staff=staff,
        budget=budget,
        priceable=priceable,
        language=LANGUAGE,
        may_govern=may(staff.role, "govern"),
    )


@get("/staff/surveys/{slug:str}/price", guards=[require_session])
async def show_price(request: AnyRequest) -> Response[str]:
    """What a survey would take of everybody's budget."""
    return await _price_page(request, await _survey(request), request.query_params)


@post("/staff/surveys/{slug:str}/approve", guards=[refuse_cross_site, require_session], status_code=303)
async def approve(request: AnyRequest) -> Response[Any]:
    """Keep the invitations of the plan that was seen."""
    staff, survey, posted = signed_in_staff(request), await _survey(request), await request.form()
    check_may(staff.role, "govern")
    plan, errors = _read_request(posted)
    seen = read_whole_number(str(posted.get("seen", ""))) or 0
    if errors:
        return await _price_page(request, survey, posted)
    try:
        await approve_as_seen(staff, survey, request.app.state.settings, plan, seen=seen)
    except SurveyServiceError as refusal:
        return await _price_page(request, survey, posted, refusal=refusal)
    return go_on(f"/staff/surveys/{survey.slug}/price", "approved")


@post("/staff/surveys/{slug:str}/withdraw", guards=[refuse_cross_site, require_session], status_code=303)
async def withdraw(request: AnyRequest) -> Response[Any]:
    """Give the invitations of an approved plan back."""
    survey = await _survey(request)
    await withdraw_for(signed_in_staff(request), survey)
    return go_on(f"/staff/surveys/{survey.slug}/price", "withdrawn")


async def _survey(request: AnyRequest) -> ReviewedSurvey:
    staff = signed_in_staff(request)
    survey = await get_survey_for(staff, request.path_params["slug"])
    check_may(staff.role, "plan")
    return survey


def _read_request(values: Mapping[str, Any]) -> tuple[PlanRequest, list[dict[str, str]]]:
    """The plan that is asked for: a margin in points or a number of invitations, which goes first."""
    margin, n = (str(values.get(name, "")).strip()[:20] for name in ("margin", "n"))
    points = read_whole_number(margin) if margin else 5
    invitations = read_whole_number(n) if n else None
    errors = []
    if points is None or not 1 <= points <= 50:
        errors.append({"text": gettext("Enter a margin from 1 to 50 points, in digits"), "href": "#margin"})
        points = 5
    if n and (invitations is None or not 0 < invitations < MOST):
        errors.append({"text": gettext("Enter how many people to invite, in digits"), "href": "#n"})
        invitations = None
    return PlanRequest(margin=points / 100, invitations=invitations), errors


async def _price_page(
    request: AnyRequest,
    survey: ReviewedSurvey,
    values: Mapping[str, Any],
    *,
    refusal: SurveyServiceError | None = None,
) -> Response[Any]:
    staff, settings = signed_in_staff(request), request.app.state.settings
    plan, errors = _read_request(values)
    price = None
    if not errors:
        try:
            price = await price_for(staff, survey, settings, plan)
        except SurveyServiceError as found:
            errors = [describe_refusal(found) | {"href": "#n"}]
    if refusal is not None and price is not None:
        errors = [describe_refusal(refusal) | {"href": "#n"}]
    return staff_page(
        request,
        "staff/price.html",
        staff=staff,
        status=409 if refusal else (422 if errors else 200),
        survey=survey,
        language=LANGUAGE,
        price=price,
        again_from=_again_from(price) if price else {},
        approval=await find_approval_for(staff, survey),
        typed={name: str(values.get(name, ""))[:20] for name in ("margin", "n")},
        may_approve=may(staff.role, "govern"),
        errors=errors,
    )


def _again_from(price: Price) -> dict[str, date]:
    """The first day for as many again, of the strata that have one within the year."""
    return {
        name: date.fromisoformat(one.again_from)
        for name, one in price.by_stratum.items()
        if one.again_from is not None
    }


ROUTES = [show_budget, show_price, approve, withdraw]
