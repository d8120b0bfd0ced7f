"""`/staff/surveys/…/test-mail`: the survey's mail, sent to oneself."""

from datetime import UTC, datetime
from typing import Any, cast, get_args

from litestar import Response, get, post
from litestar.response import Redirect

from survey_service.domain.errors import SurveyServiceError
from survey_service.domain.roles import check_may
from survey_service.i18n.locales import KNOWN_LOCALES
from survey_service.services.messages.send_test import TestedMail, list_test_languages, send_test
from survey_service.services.results.review_survey import get_survey_for
from survey_service.web.forgery import refuse_cross_site
from survey_service.web.staff.guards import AnyRequest, require_session, signed_in_staff
from survey_service.web.staff.page import LANGUAGE, staff_page
from survey_service.web.staff.plan_form import describe_refusal


@get("/staff/surveys/{slug:str}/test-mail", guards=[require_session])
async def show_test_mail(request: AnyRequest) -> Response[Any]:
    """Which mail, in which language."""
    return await _page(request)


@post("/staff/surveys/{slug:str}/test-mail", guards=[refuse_cross_site, require_session], status_code=303)
async def send_test_mail(request: AnyRequest) -> Response[Any]:
    """Send it to the address of whoever is signed in: there is no field for another."""
    staff, posted = signed_in_staff(request), await request.form()
    survey = await get_survey_for(staff, request.path_params["slug"])
    wanted = str(posted.get("mail", ""))
    mail = cast(TestedMail, wanted if wanted in get_args(TestedMail) else "invitation")
    language = str(posted.get("language", ""))
    request.app.state.reception.checks_a_minute.count(f"test mail of {staff.id}")
    try:
        await send_test(
            staff, survey, request.app.state.settings, mail=mail, language=language, at=datetime.now(UTC)
        )
    except SurveyServiceError as refusal:
        return await _page(request, refusal)
    return Redirect(f"/staff/surveys/{survey.slug}/test-mail?sent", status_code=303)


async def _page(request: AnyRequest, refusal: SurveyServiceError | None = None) -> Response[str]:
    staff = signed_in_staff(request)
    survey = await get_survey_for(staff, request.path_params["slug"])
    check_may(staff.role, "plan")
    return staff_page(
        request,
        "staff/test_mail.html",
        staff=staff,
        status=503 if refusal else 200,
        survey=survey,
        language=LANGUAGE,
        languages=[KNOWN_LOCALES[one] for one in await list_test_languages(survey) if one in KNOWN_LOCALES],
        is_sent="sent" in request.query_params,
        errors=[describe_refusal(refusal) | {"href": "#mail"}] if refusal else [],
    )


ROUTES = [show_test_mail, send_test_mail]
