"""`/staff/question-bank`: what is measured, by whom it was asked, and whether somebody asked it already."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from litestar import Response, get, post

from survey_service.domain.answers import clean_text
from survey_service.domain.errors import SurveyServiceError
from survey_service.domain.numerals import read_whole_number
from survey_service.services.questionnaires.review_question_bank import review_question_bank, set_validity_for
from survey_service.web.forgery import refuse_cross_site
from survey_service.web.staff.done import go_on
from survey_service.web.staff.guards import AnyRequest, require_session, signed_in_staff
from survey_service.web.staff.page import LANGUAGE, gettext, staff_page

LONGEST_SEARCH = 500
PATH = "/staff/question-bank"


@get(PATH, guards=[require_session])
async def show_question_bank(request: AnyRequest) -> Response[Any]:
    """The bank, and with words what is like them."""
    return await _page(request)


@post(PATH, guards=[refuse_cross_site, require_session], status_code=303)
async def change_validity(request: AnyRequest) -> Response[Any]:
    """Set how long answers to a concept hold."""
    form = await request.form()
    concept, typed = str(form.get("concept", "")), str(form.get("days", "")).strip()[:20]
    days = read_whole_number(typed)
    try:
        if days is None:
            raise SurveyServiceError(gettext("Enter how many days, in digits"))
        await set_validity_for(signed_in_staff(request), concept, days)
    except SurveyServiceError as refusal:
        text = " ".join(filter(None, [refusal.message, refusal.expected and f"({refusal.expected})"]))
        return await _page(request, error=text, concept=concept)
    return go_on(PATH, "saved")


async def _page(request: AnyRequest, *, error: str = "", concept: str = "") -> Response[Any]:
    staff = signed_in_staff(request)
    wanted = clean_text(request.query_params.get("q", ""))[:LONGEST_SEARCH]
    today = datetime.now(UTC).astimezone(ZoneInfo(request.app.state.settings.time_zone)).date()
    bank = await review_question_bank(staff, wanted=wanted, today=today)
    is_there = any(one.entry.concept == concept for one in bank.entries)
    href = f"#days-{concept}" if is_there else "#main-content"
    return staff_page(
        request,
        "staff/question_bank.html",
        staff=staff,
        status=409 if error else 200,
        bank=bank,
        wanted=wanted,
        today=today,
        language=LANGUAGE,
        errors=[{"text": error, "href": href}] if error else [],
    )


ROUTES = [show_question_bank, change_validity]
