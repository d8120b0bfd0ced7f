"""`/staff/safeguarding`: answers that may tell of danger, for the named officers; and naming them."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

from litestar import Response, get, post
from litestar.exceptions import ClientException
from litestar.response import Redirect

from survey_service.db.staff import StaffMember
from survey_service.domain.answers import clean_text
from survey_service.domain.danger import RULE_VERSION
from survey_service.domain.danger_words import WORDS, Kind
from survey_service.domain.errors import Conflict, NotFound, SurveyServiceError
from survey_service.domain.numerals import read_whole_number
from survey_service.domain.roles import may
from survey_service.services.safeguarding import review_danger
from survey_service.web.forgery import refuse_cross_site
from survey_service.web.staff.done import go_on
from survey_service.web.staff.guards import AnyRequest, require_session, signed_in_staff
from survey_service.web.staff.page import LANGUAGE, gettext, staff_page
from survey_service.web.staff.plan_form import describe_refusal

PATH = "/staff/safeguarding"
MOST_LETTERS = 500
MOST_NOTICE = 2**63 - 1

Step = Callable[[StaffMember, int, str], Awaitable[None]]


def kind_words() -> dict[Kind, str]:
    """Each kind of danger on screen."""
    return {
        "self_harm": gettext("Harm to oneself"),
        "violence": gettext("Violence or threats"),
        "abuse": gettext("Abuse"),
        "attack": gettext("An attack"),
        "danger": gettext("Somebody in danger"),
    }


@get(PATH, guards=[require_session])
async def show_notices(request: AnyRequest) -> Response[Any]:
    """What waits, without the texts; who only names officers goes to that page."""
    staff = signed_in_staff(request)
    if not staff.is_officer and may(staff.role, "govern"):
        return Redirect(f"{PATH}/officers", status_code=303)
    are_open = "decided" not in request.query_params
    notices = await review_danger.list_notices_for(staff, are_open=are_open)
    return staff_page(
        request,
        "staff/safeguarding.html",
        staff=staff,
        notices=notices,
        are_open=are_open,
        kind_words=kind_words(),
        language=LANGUAGE,
        now=datetime.now(UTC),
        may_name=may(staff.role, "govern"),
    )


@get(f"{PATH}/rule", guards=[require_session])
async def show_rule(request: AnyRequest) -> Response[Any]:
    """The written rule."""
    return staff_page(
        request,
        "staff/safeguarding_rule.html",
        staff=signed_in_staff(request),
        version=RULE_VERSION,
        languages=len(WORDS),
    )


@get(f"{PATH}/notices/{{notice:int}}", guards=[require_session])
async def show_notice(request: AnyRequest) -> Response[Any]:
    """One notice; the text is on it once it was opened."""
    return await _notice_page(request)


@post(f"{PATH}/notices/{{notice:int}}", guards=[refuse_cross_site, require_session], status_code=303)
async def act_on_notice(request: AnyRequest) -> Response[Any]:
    """Open it, decide on it, take that back, or ask who wrote it."""
    posted = await request.form()
    step = STEPS.get(str(posted.get("do", "")))
    if step is None:
        raise ClientException("no such step")
    number = _number(request)
    try:
        await step(signed_in_staff(request), number, clean_text(str(posted.get("reason", "")))[:MOST_LETTERS])
    except NotFound:
        raise
    except SurveyServiceError as refusal:
        return await _notice_page(request, refusal)
    return go_on(f"{PATH}/notices/{number}", "noted")


@get(f"{PATH}/officers", guards=[require_session])
async def show_officers(request: AnyRequest) -> Response[Any]:
    """Who is named in which department."""
    return await _officers_page(request)


@post(f"{PATH}/officers", guards=[refuse_cross_site, require_session], status_code=303)
async def change_officers(request: AnyRequest) -> Response[Any]:
    """Name somebody, or take it back."""
    staff, posted = signed_in_staff(request), await request.form()
    department = read_whole_number(str(posted.get("department", ""))) or 0
    try:
        if posted.get("do") == "withdraw":
            officer = read_whole_number(str(posted.get("officer", ""))) or 0
            await review_danger.withdraw_officer_for(staff, department, officer)
        else:
            person = clean_text(str(posted.get("person", "")))[:254]
            await review_danger.name_officer_for(staff, department, person)
    except NotFound as refusal:
        return await _officers_page(request, refusal, department)
    return go_on(
        f"{PATH}/officers", "officer_withdrawn" if posted.get("do") == "withdraw" else "officer_named"
    )


async def _open(staff: StaffMember, notice: int, _: str) -> None:
    await review_danger.open_notice_for(staff, notice, datetime.now(UTC))


async def _acted(staff: StaffMember, notice: int, _: str) -> None:
    await review_danger.decide_notice_for(staff, notice, "acted", datetime.now(UTC))


async def _not_needed(staff: StaffMember, notice: int, _: str) -> None:
    await review_danger.decide_notice_for(staff, notice, "not_needed", datetime.now(UTC))


async def _reopen(staff: StaffMember, notice: int, _: str) -> None:
    await review_danger.reopen_notice_for(staff, notice)


async def _identify(staff: StaffMember, notice: int, reason: str) -> None:
    await review_danger.identify_writer_for(staff, notice, reason, datetime.now(UTC))


STEPS: dict[str, Step] = {
    "open": _open,
    "acted": _acted,
    "not_needed": _not_needed,
    "reopen": _reopen,
    "identify": _identify,
}


def _number(request: AnyRequest) -> int:
    number: int = request.path_params["notice"]
    if not 0 < number <= MOST_NOTICE:
        raise NotFound("There is no such notice.")
    return number


async def _notice_page(request: AnyRequest, refusal: SurveyServiceError | None = None) -> Response[Any]:
    staff = signed_in_staff(request)
    href = "#main-content" if isinstance(refusal, Conflict) else "#reason"
    return staff_page(
        request,
        "staff/safeguarding_notice.html",
        staff=staff,
        status=422 if refusal else 200,
        shown=await review_danger.show_notice_for(
            staff, _number(request), LANGUAGE, secret_key=request.app.state.secret_key
        ),
        kind_words=kind_words(),
        language=LANGUAGE,
        errors=[describe_refusal(refusal) | {"href": href}] if refusal else [],
    )


async def _officers_page(
    request: AnyRequest, refusal: SurveyServiceError | None = None, department: int = 0
) -> Response[Any]:
    staff = signed_in_staff(request)
    departments = await review_danger.list_officers_for(staff)
    return staff_page(
        request,
        "staff/safeguarding_officers.html",
        staff=staff,
        status=422 if refusal else 200,
        departments=departments,
        department=department,
        has_mail=bool(request.app.state.settings.smtp_host),
        errors=[describe_refusal(refusal) | {"href": "#person"}] if refusal else [],
    )


ROUTES = [show_notices, show_rule, show_notice, act_on_notice, show_officers, change_officers]
