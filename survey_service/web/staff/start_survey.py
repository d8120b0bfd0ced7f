"""`/staff/surveys/new`: begin a survey from nothing, a ready one, a copy or a workbook."""

from typing import Any

from litestar import Response, get, post
from litestar.datastructures import UploadFile
from litestar.response import Redirect

from survey_service.db.result import ReviewedSurvey
from survey_service.db.staff import StaffMember
from survey_service.domain.errors import SurveyServiceError
from survey_service.domain.roles import check_may
from survey_service.i18n.locales import KNOWN_LOCALES, find_locale
from survey_service.integrations.xlsform.workbook import largest_file
from survey_service.services.questionnaires.ready_surveys import get_ready_survey, list_ready_surveys
from survey_service.services.questionnaires.start_survey import (
    copy_survey,
    make_blank,
    read_workbook,
    start_survey,
)
from survey_service.services.results.review_survey import get_survey_for, list_authored_for
from survey_service.web.forgery import refuse_cross_site
from survey_service.web.staff.authoring import as_errors, status_of_refusal
from survey_service.web.staff.guards import AnyRequest, require_session, signed_in_staff
from survey_service.web.staff.page import LANGUAGE, gettext, staff_page

FIELDS = ("title", "begin", "base_language", "anonymous")
LONGEST_TITLE = 200
UPLOAD_LIMIT = largest_file + 100_000
"""A workbook and the fields around it."""


@get("/staff/surveys/new", guards=[require_session])
async def show_start(request: AnyRequest) -> Response[str]:
    """What a survey can begin with."""
    copied = request.query_params.get("copy", "")
    begin = f"copy:{copied}" if copied else "blank"
    return await _start_page(request, typed={"begin": begin})


@post(
    "/staff/surveys/new",
    guards=[refuse_cross_site, require_session],
    status_code=303,
    request_max_body_size=UPLOAD_LIMIT,
)
async def do_start(request: AnyRequest) -> Response[Any]:
    """Make the survey and go on to its questions."""
    staff, posted = signed_in_staff(request), await request.form()
    check_may(staff.role, "author")
    typed = {name: str(posted.get(name, "")).strip() for name in FIELDS}
    typed["title"] = " ".join(typed["title"].split())[:LONGEST_TITLE]
    if not typed["title"] and typed["begin"] == "blank":
        errors = [{"text": gettext("Give the survey a title"), "href": "#title"}]
        return await _start_page(request, typed=typed, errors=errors)
    try:
        slug = await _begin(staff, typed, posted.get("workbook"))
    except SurveyServiceError as refusal:
        return await _start_page(request, typed=typed, refusal=refusal)
    return Redirect(f"/staff/surveys/{slug}/questions", status_code=303)


async def _begin(staff: StaffMember, typed: dict[str, str], workbook: object) -> str:
    what, _, which = typed["begin"].partition(":")
    title, is_anonymous = typed["title"], typed["anonymous"] == "yes"
    if what == "copy":
        copied = await get_survey_for(staff, which)
        return await copy_survey(staff, copied, title=title, is_anonymous=is_anonymous)
    if what == "ready":
        draft, change = get_ready_survey(which).draft, "ready"
    elif what == "workbook":
        content, name = await read_upload(workbook)
        draft, change = await read_workbook(content, name), "workbook"
    else:
        language = typed["base_language"] if find_locale(typed["base_language"]) else LANGUAGE
        draft, change = make_blank(title, language), "started"
    return await start_survey(staff, draft, title=title, change=change, is_anonymous=is_anonymous)


async def read_upload(uploaded: object) -> tuple[bytes, str]:
    """Content and name of a file that was chosen."""
    if not isinstance(uploaded, UploadFile) or not uploaded.filename:
        raise SurveyServiceError(gettext("Choose a file"))
    return await uploaded.read(), uploaded.filename


async def _start_page(
    request: AnyRequest,
    *,
    typed: dict[str, str],
    errors: list[dict[str, str]] | None = None,
    refusal: SurveyServiceError | None = None,
) -> Response[str]:
    staff = signed_in_staff(request)
    check_may(staff.role, "author")
    surveys = await list_authored_for(staff)
    href = "#workbook" if typed.get("begin") == "workbook" else "#begin"
    errors = errors if errors is not None else as_errors(refusal, href)
    return staff_page(
        request,
        "staff/start_survey.html",
        staff=staff,
        status=status_of_refusal(refusal) if refusal else (422 if errors else 200),
        language=LANGUAGE,
        typed={"title": "", "begin": "blank", "base_language": LANGUAGE, "anonymous": ""} | typed,
        ready=list_ready_surveys(),
        copies=[(survey.slug, _title(survey)) for survey in surveys],
        locales=list(KNOWN_LOCALES.values()),
        errors=errors,
    )


def _title(survey: ReviewedSurvey) -> str:
    return survey.title.get(LANGUAGE) or next(iter(survey.title.values()), survey.slug)


ROUTES = [show_start, do_start]
