"""`/staff/other-ways`, for everything, and `/staff/surveys/…/other-ways`: by phone, in Easy Read, signed."""

from collections.abc import Mapping
from typing import Any

from litestar import Response, get, post
from litestar.response import Redirect

from survey_service.db.result import ReviewedSurvey
from survey_service.domain.other_ways import WayRefused, way_kinds
from survey_service.domain.roles import may
from survey_service.services.questionnaires.offer_other_ways import list_ways_for, set_ways_for
from survey_service.services.results.review_survey import get_survey_for
from survey_service.web.forgery import refuse_cross_site
from survey_service.web.staff.guards import AnyRequest, require_session, signed_in_staff
from survey_service.web.staff.page import LANGUAGE, gettext, staff_page

EVERYWHERE = "/staff/other-ways"
OF_SURVEY = "/staff/surveys/{slug:str}/other-ways"


@get([EVERYWHERE, OF_SURVEY], guards=[require_session])
async def show_other_ways(request: AnyRequest) -> Response[Any]:
    """What was entered."""
    survey = await _survey(request)
    return await _page(request, survey, await list_ways_for(signed_in_staff(request), survey))


@post([EVERYWHERE, OF_SURVEY], guards=[refuse_cross_site, require_session], status_code=303)
async def change_other_ways(request: AnyRequest) -> Response[Any]:
    """Keep what was typed."""
    survey, posted = await _survey(request), await request.form()
    typed: dict[str, str] = {kind: str(posted.get(kind, "")) for kind in way_kinds}
    try:
        await set_ways_for(signed_in_staff(request), survey, typed)
    except WayRefused as refusal:
        text = gettext("Enter %(expected)s") % {"expected": refusal.expected}
        return await _page(request, survey, typed, [{"text": text, "href": f"#{refusal.field}"}])
    return Redirect(f"{_address(survey)}?saved", status_code=303)


async def _survey(request: AnyRequest) -> ReviewedSurvey | None:
    slug = request.path_params.get("slug")
    return None if slug is None else await get_survey_for(signed_in_staff(request), slug)


def _address(survey: ReviewedSurvey | None) -> str:
    return f"/staff/surveys/{survey.slug}/other-ways" if survey else EVERYWHERE


async def _page(
    request: AnyRequest,
    survey: ReviewedSurvey | None,
    typed: Mapping[str, str],
    errors: list[dict[str, str]] | None = None,
) -> Response[str]:
    return staff_page(
        request,
        "staff/other_ways.html",
        staff=signed_in_staff(request),
        status=422 if errors else 200,
        survey=survey,
        language=LANGUAGE,
        action=_address(survey),
        typed={kind: typed.get(kind, "") for kind in way_kinds},
        labels={
            "phone": gettext("By phone"),
            "easy_read": gettext("Easy Read"),
            "bsl": gettext("British Sign Language (BSL)"),
            "interpreter": gettext("With an interpreter"),
        },
        hints={
            "phone": gettext("A number"),
            "easy_read": gettext("The address of the Easy Read version"),
            "bsl": gettext("A number, or the address of a page about it"),
            "interpreter": gettext("A number, or the address of a page about it"),
        },
        may_govern=may(signed_in_staff(request).role, "govern"),
        is_saved="saved" in request.query_params,
        errors=errors or [],
    )


ROUTES = [show_other_ways, change_other_ways]
