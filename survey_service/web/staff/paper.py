"""`/staff/surveys/<survey>/paper`: the forms of a survey for people who are not online, to be printed."""

import asyncio
from typing import Any

from litestar import Response, get

from survey_service.db.result import ReviewedSurvey
from survey_service.db.served_form import ServedVersion
from survey_service.domain.errors import SurveyServiceError
from survey_service.domain.roles import check_may
from survey_service.integrations.documents.pdf import WeasyPrintMissing
from survey_service.services.questionnaires.find_repeats import newest_version_of
from survey_service.services.results.review_survey import get_survey_for
from survey_service.web.paper.paper_form import print_paper_form
from survey_service.web.paper.print_request import read_print_request
from survey_service.web.respondent.form_page import offered_locales
from survey_service.web.staff.form_words import form_word
from survey_service.web.staff.guards import AnyRequest, require_session, signed_in_staff
from survey_service.web.staff.page import LANGUAGE, staff_page
from survey_service.web.staff.plan_form import describe_refusal


@get("/staff/surveys/{slug:str}/paper", guards=[require_session])
async def show_paper(request: AnyRequest) -> Response[str]:
    """What can be printed."""
    survey, version = await _survey(request)
    return _page(request, survey, version)


@get("/staff/surveys/{slug:str}/paper.pdf", guards=[require_session])
async def print_form(request: AnyRequest) -> Response[Any]:
    """One form as a document; no person's data is in it."""
    survey, version = await _survey(request)
    query = request.query_params
    try:
        wanted = read_print_request(
            survey.slug,
            version,
            form=query.get("form", ""),
            locale=query.get("language", ""),
            size=query.get("size", "ordinary"),
        )
        # Making a document keeps a processor busy for up to a second: not on the loop that answers.
        document = await asyncio.to_thread(
            print_paper_form,
            request.app.state.pages.environment,
            version.questionnaire,
            wanted.form,
            wanted.locale,
            code=wanted.code,
            size=wanted.size,
        )
    except WeasyPrintMissing as missing:
        line = describe_refusal(missing) | {"href": "#print"}
        line["text"] += f" {missing.hint}"
        return _page(request, survey, version, errors=[line], status=503)
    name = f"{survey.slug}-{wanted.locale}-{wanted.size}.pdf"
    return Response(
        document,
        media_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


async def show_refusal(request: AnyRequest, refusal: SurveyServiceError, *, field: str) -> Response[str]:
    """The page again with why something on it was refused."""
    survey, version = await _survey(request)
    line = describe_refusal(refusal) | {"href": f"#{field}"}
    return _page(request, survey, version, errors=[line], status=404)


async def _survey(request: AnyRequest) -> tuple[ReviewedSurvey, ServedVersion]:
    staff = signed_in_staff(request)
    survey = await get_survey_for(staff, request.path_params["slug"])
    check_may(staff.role, "plan")
    return survey, await newest_version_of(survey.id)


def _page(
    request: AnyRequest,
    survey: ReviewedSurvey,
    version: ServedVersion,
    *,
    errors: list[dict[str, str]] | None = None,
    status: int = 200,
) -> Response[str]:
    return staff_page(
        request,
        "staff/paper.html",
        staff=signed_in_staff(request),
        status=status,
        survey=survey,
        language=LANGUAGE,
        forms={
            form_id: (form.key, form_word(version.questionnaire, form, LANGUAGE))
            for form_id, form in version.forms.items()
        },
        typed={name: request.query_params.get(name, "") for name in ("code", "mode", "form", "language")},
        languages=offered_locales(version.questionnaire),
        default_language=version.questionnaire.default_language,
        errors=errors or [],
    )


ROUTES = [show_paper, print_form]
