"""`/staff/surveys/<survey>/repeats`: what was asked before by any department, to be decided one by one."""

from typing import Any
from urllib.parse import urlencode

from litestar import Response, get, post

from survey_service.domain.answers import clean_text
from survey_service.domain.errors import SurveyServiceError
from survey_service.services.questionnaires.find_repeats import today_in_utc
from survey_service.services.questionnaires.review_repeats import (
    ask_again_for,
    review_other_result,
    review_repeats,
    use_result_for,
)
from survey_service.web.forgery import refuse_cross_site
from survey_service.web.staff.authoring import Desk, authoring_page, read_base, sit_down
from survey_service.web.staff.done import go_on
from survey_service.web.staff.guards import AnyRequest, require_session
from survey_service.web.staff.page import LANGUAGE, staff_page
from survey_service.web.staff.question_words import change_words


@get("/staff/surveys/{slug:str}/repeats", guards=[require_session])
async def show_repeats(request: AnyRequest) -> Response[str]:
    """Every repeat, and the results that are used in place of asking."""
    return await _repeats_page(request, await sit_down(request))


@post("/staff/surveys/{slug:str}/repeats", guards=[refuse_cross_site, require_session], status_code=303)
async def decide_repeat(request: AnyRequest) -> Response[Any]:
    """Ask again for a reason, or take the question out and use the other result."""
    desk, posted = await sit_down(request), await request.form()
    key, base = str(posted.get("pair", "")), read_base(posted)
    reason = clean_text(str(posted.get("reason", "")))
    try:
        if posted.get("step") == "use":
            await use_result_for(desk.staff, desk.survey, key, base=base, today=today_in_utc())
        else:
            await ask_again_for(desk.staff, desk.survey, [key], reason=reason, today=today_in_utc())
    except SurveyServiceError as refusal:
        return await _repeats_page(request, desk, refusal=refusal, seen=base, typed={key: reason})
    return go_on(f"/staff/surveys/{desk.survey.slug}/repeats", "decided")


@get("/staff/surveys/{slug:str}/repeats/result", guards=[require_session])
async def show_other_result(request: AnyRequest) -> Response[str]:
    """The result of one question that is repeated, whichever department has it."""
    desk, query = await sit_down(request), request.query_params
    question = await review_other_result(
        desk.staff,
        desk.survey,
        query.get("survey", ""),
        query.get("question", ""),
        small_cell=request.app.state.settings.small_cell,
        language=LANGUAGE,
        today=today_in_utc(),
    )
    return staff_page(
        request,
        "staff/repeated_result.html",
        staff=desk.staff,
        survey=desk.survey,
        language=LANGUAGE,
        question=question,
    )


async def _repeats_page(
    request: AnyRequest,
    desk: Desk,
    *,
    refusal: SurveyServiceError | None = None,
    seen: int | None = None,
    typed: dict[str, str] | None = None,
) -> Response[str]:
    shown = await review_repeats(desk.staff, desk.survey, today=today_in_utc())
    return await authoring_page(
        request,
        "staff/repeats.html",
        desk,
        refusal=refusal,
        seen=seen,
        current=shown.current,
        shown=shown,
        typed=typed or {},
        result_query=lambda survey, question: urlencode({"survey": survey, "question": question}),
        change_words=change_words(),
    )


ROUTES = [show_repeats, decide_repeat, show_other_result]
