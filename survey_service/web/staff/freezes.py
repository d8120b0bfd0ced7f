"""`/staff/freezes`: what may not be sent now. Whoever plans may stop; an administrator lets it go on."""

from collections.abc import Mapping
from typing import Any

from litestar import Response, get, post

from survey_service.domain.answers import clean_text
from survey_service.domain.contact_gate import kinds
from survey_service.domain.errors import SurveyServiceError
from survey_service.domain.roles import check_may, may
from survey_service.services.gate.freeze_contact import (
    LONGEST_REASON,
    freeze_contact,
    list_freezes,
    thaw_contact,
)
from survey_service.services.gate.set_limit import list_purposes
from survey_service.web.forgery import refuse_cross_site
from survey_service.web.staff.done import go_on
from survey_service.web.staff.guards import AnyRequest, require_session, signed_in_staff
from survey_service.web.staff.page import staff_page
from survey_service.web.staff.plan_form import describe_refusal


@get("/staff/freezes", guards=[require_session])
async def show_freezes(request: AnyRequest) -> Response[str]:
    """What is frozen, and the form that freezes more."""
    return await _page(request)


@post("/staff/freezes", guards=[refuse_cross_site, require_session], status_code=303)
async def freeze(request: AnyRequest) -> Response[Any]:
    """Stop messages at once."""
    staff, posted = signed_in_staff(request), await request.form()
    check_may(staff.role, "plan")
    typed = {name: clean_text(str(posted.get(name, "")))[:500] for name in ("kind", "purpose", "reason")}
    try:
        await freeze_contact(typed["reason"], typed["kind"] or None, purpose=typed["purpose"], staff=staff.id)
    except SurveyServiceError as refusal:
        return await _page(request, typed=typed, refusal=refusal)
    return go_on("/staff/freezes", "frozen")


@post("/staff/freezes/thaw", guards=[refuse_cross_site, require_session], status_code=303)
async def thaw(request: AnyRequest) -> Response[Any]:
    """Let what waited go, in the order in which it was queued."""
    staff, posted = signed_in_staff(request), await request.form()
    check_may(staff.role, "govern")
    kind, purpose = (clean_text(str(posted.get(name, "")))[:60] for name in ("kind", "purpose"))
    if any((one.kind or "", one.purpose) == (kind, purpose) for one in await list_freezes()):
        await thaw_contact(kind or None, purpose=purpose, staff=staff.id)
    return go_on("/staff/freezes", "thawed")


async def _page(
    request: AnyRequest, *, typed: Mapping[str, str] | None = None, refusal: SurveyServiceError | None = None
) -> Response[Any]:
    staff = signed_in_staff(request)
    check_may(staff.role, "plan")
    return staff_page(
        request,
        "staff/freezes.html",
        staff=staff,
        status=409 if refusal else 200,
        active=await list_freezes(),
        kinds=kinds,
        purposes=await list_purposes(),
        typed=typed or {"kind": "", "purpose": "", "reason": ""},
        longest_reason=LONGEST_REASON,
        may_thaw=may(staff.role, "govern"),
        errors=[describe_refusal(refusal) | {"href": "#reason"}] if refusal else [],
    )


ROUTES = [show_freezes, freeze, thaw]
