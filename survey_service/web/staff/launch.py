"""`/staff/surveys/…/launch`: publish what was written, open the survey with it, close it."""

from typing import Any

from litestar import Response, get, post

from survey_service.domain.anonymity import identifying_questions
from survey_service.domain.errors import SurveyServiceError
from survey_service.domain.length import hard_limit_seconds, soft_limit_seconds, target_seconds
from survey_service.services.questionnaires.publish_survey import (
    close_for,
    open_for,
    publish_draft,
    review_launch,
)
from survey_service.services.questionnaires.review_languages import review_languages
from survey_service.web.forgery import refuse_cross_site
from survey_service.web.staff.authoring import Desk, authoring_page, read_base, sit_down
from survey_service.web.staff.done import go_on
from survey_service.web.staff.guards import AnyRequest, require_session
from survey_service.web.staff.question_words import change_words, version_change_words

LONGEST_REASON = 500


@get("/staff/surveys/{slug:str}/launch", guards=[require_session])
async def show_launch(request: AnyRequest) -> Response[str]:
    """What stands in the way, and the buttons."""
    return await _launch_page(request, await sit_down(request))


@post("/staff/surveys/{slug:str}/launch", guards=[refuse_cross_site, require_session], status_code=303)
async def launch(request: AnyRequest) -> Response[Any]:
    """Publish, open or close."""
    desk, posted = await sit_down(request), await request.form()
    step, base = posted.get("step"), read_base(posted)
    reasons = {
        name: " ".join(str(posted.get(name, "")).split())[:LONGEST_REASON]
        for name in ("reason", "repeat_reason")
    }
    try:
        if step == "close":
            await close_for(desk.staff, desk.survey)
        elif step == "open":
            has_open_link = posted.get("open_link") == "yes"
            await open_for(desk.staff, desk.survey, base=base, has_open_link=has_open_link, **reasons)
        else:
            is_confirmed = posted.get("confirmed") == "yes"
            await publish_draft(desk.staff, desk.survey, base=base, is_confirmed=is_confirmed)
    except SurveyServiceError as refusal:
        return await _launch_page(request, desk, refusal=refusal, seen=base, reasons=reasons)
    return go_on(
        f"/staff/surveys/{desk.survey.slug}/launch",
        {"close": "closed", "open": "opened"}.get(str(step), "published"),
    )


async def _launch_page(
    request: AnyRequest,
    desk: Desk,
    *,
    refusal: SurveyServiceError | None = None,
    seen: int | None = None,
    reasons: dict[str, str] | None = None,
) -> Response[str]:
    settings = request.app.state.settings
    shown = await review_launch(desk.staff, desk.survey)
    return await authoring_page(
        request,
        "staff/launch.html",
        desk,
        refusal=refusal,
        seen=seen,
        current=shown.current,
        launch=shown,
        judgement=shown.judgement,
        identifying=identifying_questions(shown.current.draft.questionnaire),
        languages=await review_languages(desk.staff, desk.survey, settings),
        limits={
            "target": target_seconds // 60,
            "soft": soft_limit_seconds // 60,
            "hard": hard_limit_seconds // 60,
        },
        reasons=reasons or {},
        version_change_words=version_change_words(),
        asks_again=refusal is not None and refusal.code == "repeats",
        open_link=f"{settings.public_url}/o/{desk.survey.slug}",
        change_words=change_words(),
    )


ROUTES = [show_launch, launch]
