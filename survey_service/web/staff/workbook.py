"""`/staff/surveys/…/workbook`: the questions of a survey as an XLSForm workbook, out and in."""

from typing import Any

from litestar import Response, get, post

from survey_service.domain.errors import SurveyServiceError
from survey_service.i18n.locales import find_locale
from survey_service.services.questionnaires.edit_draft import load_draft
from survey_service.services.questionnaires.judge_draft import judge_draft
from survey_service.services.questionnaires.start_survey import replace_by_workbook, write_workbook
from survey_service.web.forgery import refuse_cross_site
from survey_service.web.staff.authoring import Desk, as_errors, authoring_page, read_base, sit_down
from survey_service.web.staff.done import go_on
from survey_service.web.staff.guards import AnyRequest, require_session
from survey_service.web.staff.question_words import change_words
from survey_service.web.staff.start_survey import UPLOAD_LIMIT, read_upload

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@get("/staff/surveys/{slug:str}/workbook", guards=[require_session])
async def show_workbook(request: AnyRequest) -> Response[str]:
    """The way out and the way in."""
    return await _workbook_page(request, await sit_down(request))


@get("/staff/surveys/{slug:str}/workbook/download", guards=[require_session])
async def download_workbook(request: AnyRequest) -> Response[Any]:
    """The draft as a workbook, in the languages that were chosen or in all."""
    desk = await sit_down(request)
    chosen = request.query_params.getall("language", []) or None
    try:
        content = await write_workbook(desk.staff, desk.survey, chosen)
    except SurveyServiceError as refusal:
        return await _workbook_page(request, desk, refusal=refusal)
    return as_file(content, XLSX, f"{desk.survey.slug}.xlsx")


@post(
    "/staff/surveys/{slug:str}/workbook",
    guards=[refuse_cross_site, require_session],
    status_code=303,
    request_max_body_size=UPLOAD_LIMIT,
)
async def upload_workbook(request: AnyRequest) -> Response[Any]:
    """Take a workbook's questions in place of the draft's, whole or not at all."""
    desk, posted = await sit_down(request), await request.form()
    base = read_base(posted)
    try:
        content, name = await read_upload(posted.get("workbook"))
        await replace_by_workbook(desk.staff, desk.survey, content, name, base=base)
    except SurveyServiceError as refusal:
        return await _workbook_page(request, desk, refusal=refusal, seen=base)
    return go_on(f"/staff/surveys/{desk.survey.slug}/questions", "taken_in")


def as_file(content: bytes, media_type: str, name: str) -> Response[bytes]:
    """Something to be saved under a name of letters, digits and hyphens."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=media_type, headers=headers)


async def _workbook_page(
    request: AnyRequest, desk: Desk, *, refusal: SurveyServiceError | None = None, seen: int | None = None
) -> Response[str]:
    current = await load_draft(desk.survey)
    standings = judge_draft(current.draft).languages
    return await authoring_page(
        request,
        "staff/workbook.html",
        desk,
        current=current,
        languages=[(find_locale(one.language), one) for one in standings],
        refusal=refusal,
        seen=seen,
        errors=as_errors(refusal, "#workbook"),
        change_words=change_words(),
    )


ROUTES = [show_workbook, download_workbook, upload_workbook]
