"""`/staff/newsletter`: how the connection is, what the list's fields mean, and the blocks for editors."""

from typing import Any

from litestar import Response, get, post
from litestar.response import Redirect

from survey_service.db.job import defer_job
from survey_service.domain.errors import SurveyServiceError
from survey_service.domain.roles import check_may, may
from survey_service.domain.wishes import TOPICS
from survey_service.services.newsletter.draft_issue import blocks_for
from survey_service.services.newsletter.map_newsletter import preview_mapping, read_choices, save_mapping
from survey_service.services.newsletter.review_newsletter import review_newsletter, review_newsletter_for
from survey_service.services.results.review_survey import get_survey_for
from survey_service.web.forgery import refuse_cross_site
from survey_service.web.staff.done import go_on
from survey_service.web.staff.guards import AnyRequest, require_session, signed_in_staff
from survey_service.web.staff.newsletter_form import read_mapping, read_problem
from survey_service.web.staff.page import LANGUAGE, staff_page

PULL = "newsletter:pull_changes"


@get("/staff/newsletter", guards=[require_session])
async def show_newsletter(request: AnyRequest) -> Response[str]:
    """The connection, its alarms, pulls, links and what was refused."""
    staff = signed_in_staff(request)
    check_may(staff.role, "plan")
    return staff_page(
        request, "staff/newsletter.html", staff=staff, language=LANGUAGE,
        review=await review_newsletter_for(staff),
        may_govern=may(staff.role, "govern"), is_asked="pull" in request.query_params,
    )  # fmt: skip


@post("/staff/newsletter/pull", guards=[refuse_cross_site, require_session], status_code=303)
async def pull_now(request: AnyRequest) -> Response[Any]:
    """Order a pull; the worker does it."""
    check_may(signed_in_staff(request).role, "plan")
    await defer_job(PULL)
    return Redirect("/staff/newsletter?pull=1", status_code=303)


@get("/staff/newsletter/mapping", guards=[require_session])
async def show_mapping(request: AnyRequest) -> Response[str]:
    """What the fields mean now."""
    check_may(signed_in_staff(request).role, "plan")
    return await _mapping_page(request, None)


@post("/staff/newsletter/mapping", guards=[refuse_cross_site, require_session], status_code=303)
async def set_mapping(request: AnyRequest) -> Response[Any]:
    """Show what a choice would do, or take it into use."""
    staff, posted = signed_in_staff(request), await request.form()
    check_may(staff.role, "govern" if posted.get("do") == "save" else "plan")
    if posted.get("do") != "save":
        return await _mapping_page(request, posted)
    choices = await read_choices(staff, request.app.state.settings)
    if choices.problem or read_problem(posted, choices):
        return await _mapping_page(request, posted)
    await save_mapping(staff, read_mapping(posted, choices))
    return go_on("/staff/newsletter", "mapping_saved")


@get("/staff/newsletter/blocks/{slug:str}", guards=[require_session])
async def show_blocks(request: AnyRequest) -> Response[str]:
    """The blocks that editors paste into an issue."""
    staff = signed_in_staff(request)
    survey = await get_survey_for(staff, request.path_params["slug"])
    check_may(staff.role, "plan")
    review = await review_newsletter()
    tag = review.connection.merge_tag if review.connection else "SURVEYURL"
    block, question = await blocks_for(survey.slug, request.app.state.settings, tag=tag)
    return staff_page(
        request, "staff/newsletter_blocks.html", staff=staff, survey=survey, language=LANGUAGE,
        block=block, question=question, tag=tag,
        is_in_order=review.connection is not None and review.connection.state == "ok",
        rides=[one for one in review.rides if one.survey_slug == survey.slug],
    )  # fmt: skip


async def _mapping_page(request: AnyRequest, posted: Any) -> Response[str]:
    staff, choices, errors, preview = signed_in_staff(request), None, [], None
    try:
        choices = await read_choices(staff, request.app.state.settings)
    except SurveyServiceError as refused:
        errors = [{"text": refused.message, "href": "#main-content"}]
    mapping = choices.mapping if choices else None
    is_live = choices is not None and not choices.problem
    if choices and is_live and posted is not None:
        errors = read_problem(posted, choices)
        mapping = read_mapping(posted, choices)
    if choices and is_live and mapping and not errors:
        preview = preview_mapping(choices, mapping)
    return staff_page(
        request, "staff/newsletter_mapping.html", staff=staff, status=409 if errors else 200,
        choices=choices, mapping=mapping, preview=preview, errors=errors, topics=TOPICS,
        may_govern=may(staff.role, "govern"), is_tried=posted is not None,
    )  # fmt: skip


ROUTES = [show_newsletter, pull_now, show_mapping, set_mapping, show_blocks]
