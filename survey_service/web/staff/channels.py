"""`/staff/surveys/…/channels`: links and QR codes to publish, answers by channel, and answers in doubt."""

from typing import Any

from litestar import Response, get, post

from survey_service.db.result import ReviewedSurvey
from survey_service.domain.errors import SurveyServiceError
from survey_service.domain.flood import Flag
from survey_service.domain.roles import check_may
from survey_service.services.answers.review_channels import decide_flag, draw_channel_code, review_channels
from survey_service.services.results.review_survey import get_survey_for
from survey_service.web.forgery import refuse_cross_site
from survey_service.web.staff.channel_names import channel_names
from survey_service.web.staff.done import go_on
from survey_service.web.staff.guards import AnyRequest, require_session, signed_in_staff
from survey_service.web.staff.page import LANGUAGE, gettext, staff_page
from survey_service.web.staff.plan_form import describe_refusal

MEDIA_TYPES = {"svg": "image/svg+xml", "png": "image/png"}


def flag_words() -> dict[Flag, str]:
    """Each doubt on screen."""
    return {
        "fast": gettext("Filled in faster than anybody can read it"),
        "trap": gettext("A field that people do not see was filled in"),
        "network": gettext("One of very many answers from one network within an hour"),
        "forged": gettext("Not sent from a page that this service had served"),
    }


@get("/staff/surveys/{slug:str}/channels", guards=[require_session])
async def show_channels(request: AnyRequest) -> Response[Any]:
    """Every channel with its link."""
    return await _page(request, await _survey(request))


@get("/staff/surveys/{slug:str}/channels/{file:str}", guards=[require_session])
async def show_channel_code(request: AnyRequest) -> Response[bytes]:
    """The QR code of one channel as a file."""
    survey, file = await _survey(request), request.path_params["file"]
    picture, kind = draw_channel_code(request.app.state.settings, survey.slug, file)
    headers = {"Content-Disposition": f'attachment; filename="{survey.slug}-{file}"'}
    return Response(picture, media_type=MEDIA_TYPES[kind], headers=headers)


@post("/staff/surveys/{slug:str}/channels", guards=[refuse_cross_site, require_session], status_code=303)
async def decide(request: AnyRequest) -> Response[Any]:
    """Count the answers with one doubt, or set them aside."""
    survey, posted = await _survey(request), await request.form()
    try:
        await decide_flag(
            signed_in_staff(request),
            survey,
            str(posted.get("flag", "")),
            request.app.state.settings,
            is_counted=posted.get("do") == "count",
        )
    except SurveyServiceError as refusal:
        return await _page(request, survey, refusal)
    return go_on(
        f"/staff/surveys/{survey.slug}/channels", "counted" if posted.get("do") == "count" else "set_aside"
    )


async def _survey(request: AnyRequest) -> ReviewedSurvey:
    staff = signed_in_staff(request)
    survey = await get_survey_for(staff, request.path_params["slug"])
    check_may(staff.role, "plan")
    return survey


async def _page(
    request: AnyRequest, survey: ReviewedSurvey, refusal: SurveyServiceError | None = None
) -> Response[Any]:
    staff = signed_in_staff(request)
    return staff_page(
        request,
        "staff/channels.html",
        staff=staff,
        status=409 if refusal else 200,
        survey=survey,
        language=LANGUAGE,
        review=await review_channels(staff, survey, request.app.state.settings),
        channel_names=channel_names(),
        flag_words=flag_words(),
        errors=[describe_refusal(refusal) | {"href": "#doubts"}] if refusal else [],
    )


ROUTES = [show_channels, show_channel_code, decide]
