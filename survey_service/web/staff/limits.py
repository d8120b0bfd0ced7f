"""`/staff/limits`: named limits by purpose and attribute, and what each survey is for."""

from collections.abc import Mapping
from typing import Any

from litestar import Response, get, post

from survey_service.domain.answers import clean_text
from survey_service.domain.contact_limit import ContactLimit
from survey_service.domain.errors import SurveyServiceError
from survey_service.domain.numerals import read_whole_number
from survey_service.domain.roles import check_may, may
from survey_service.services.gate.review_limits import review_limits
from survey_service.services.gate.set_limit import end_limit, list_limits, set_limit, set_purpose
from survey_service.web.forgery import refuse_cross_site
from survey_service.web.staff.done import go_on
from survey_service.web.staff.guards import AnyRequest, require_session, signed_in_staff
from survey_service.web.staff.page import LANGUAGE, staff_page
from survey_service.web.staff.plan_form import describe_refusal

FIELDS = ("name", "purpose", "attribute", "value", "invitations", "window_days", "reason")
_EMPTY = dict.fromkeys(FIELDS, "") | {"invitations": "1", "window_days": "365"}


@get("/staff/limits", guards=[require_session])
async def show_limits(request: AnyRequest) -> Response[str]:
    """The limits that hold, and the form for another."""
    return await _page(request)


@post("/staff/limits", guards=[refuse_cross_site, require_session], status_code=303)
async def add_limit(request: AnyRequest) -> Response[Any]:
    """Set a limit from now on."""
    staff, posted = signed_in_staff(request), await request.form()
    check_may(staff.role, "govern")
    typed = {name: clean_text(str(posted.get(name, "")))[:500] for name in FIELDS}
    limit = ContactLimit(
        name=typed["name"],
        purpose=typed["purpose"],
        attribute=typed["attribute"],
        value=typed["value"],
        invitations=read_whole_number(typed["invitations"]) or 0,
        window_days=read_whole_number(typed["window_days"]) or 0,
    )
    try:
        await set_limit(limit, reason=typed["reason"], member=staff)
    except SurveyServiceError as refusal:
        return await _page(request, typed=typed, refusal=refusal, href=f"#{_find_field(limit, typed)}")
    return go_on("/staff/limits", "limit_set")


@post("/staff/limits/end", guards=[refuse_cross_site, require_session], status_code=303)
async def remove_limit(request: AnyRequest) -> Response[Any]:
    """End a limit; one that has ended already stays ended."""
    staff, posted = signed_in_staff(request), await request.form()
    check_may(staff.role, "govern")
    name = clean_text(str(posted.get("name", "")))
    if any(one.limit.name == name for one in await list_limits()):
        await end_limit(name, member=staff)
    return go_on("/staff/limits", "limit_ended")


@post("/staff/limits/purpose", guards=[refuse_cross_site, require_session], status_code=303)
async def change_purpose(request: AnyRequest) -> Response[Any]:
    """Say what a survey is for."""
    staff, posted = signed_in_staff(request), await request.form()
    check_may(staff.role, "govern")
    slug, purpose = (clean_text(str(posted.get(name, "")))[:60] for name in ("survey", "purpose"))
    try:
        await set_purpose(slug, purpose, member=staff)
    except SurveyServiceError as refusal:
        return await _page(request, refusal=refusal, href="#survey")
    return go_on("/staff/limits", "purpose_set")


def _find_field(limit: ContactLimit, typed: Mapping[str, str]) -> str:
    """The field that a refusal is about, in the order in which they are judged."""
    wrong = {
        "name": not limit.name,
        "purpose": not limit.purpose and not limit.attribute,
        "attribute": not limit.attribute and bool(limit.value),
        "value": bool(limit.attribute) and not limit.value,
        "invitations": limit.invitations < 1,
        "window_days": limit.window_days < 1,
        "reason": not typed["reason"],
    }
    return next((name for name, is_wrong in wrong.items() if is_wrong), "name")


async def _page(
    request: AnyRequest,
    *,
    typed: Mapping[str, str] | None = None,
    refusal: SurveyServiceError | None = None,
    href: str = "#name",
) -> Response[Any]:
    staff = signed_in_staff(request)
    return staff_page(
        request,
        "staff/limits.html",
        staff=staff,
        status=409 if refusal else 200,
        language=LANGUAGE,
        shown=await review_limits(staff),
        typed=typed or _EMPTY,
        may_set=may(staff.role, "govern"),
        errors=[describe_refusal(refusal) | {"href": href}] if refusal else [],
    )


ROUTES = [show_limits, add_limit, remove_limit, change_purpose]
