"""`/t/<survey>/<token>/<language>`: the draft of a survey to be tried out; answers are checked, not kept."""

from datetime import datetime

from litestar import post, route
from litestar.types import ASGIApp

from survey_service.domain.answers import AnswerError
from survey_service.domain.form_pages import split_pages
from survey_service.services.questionnaires.try_form import (
    WHOLE,
    Trial,
    find_trial_draft,
    make_trial,
    read_trial_answers,
)
from survey_service.web.forgery import check_same_site
from survey_service.web.limits import client_network
from survey_service.web.respondent.desk import AnyRequest, is_offered
from survey_service.web.respondent.form_page import (
    CHANNEL_FIELD,
    SWITCH_LANGUAGE_FIELD,
    now_in_seconds,
    render_form,
)
from survey_service.web.respondent.form_steps import show_errors, turn_page
from survey_service.web.respondent.page_answer import GoTo, PageAnswer
from survey_service.web.respondent.posted import read_posted
from survey_service.web.security import csp_nonce

TEMPLATE = "respondent/trial_form.html"


@route("/t/{survey:str}/{token:str}/{language:str}", http_method=["GET", "HEAD"], include_in_schema=False)
async def show_trial(request: AnyRequest) -> ASGIApp:
    """The form as a respondent would get it."""
    return PageAnswer(render_trial(request, await _find(request), action=_action(request)))


@post("/t/{survey:str}/{token:str}/{language:str}", include_in_schema=False)
async def try_answers(request: AnyRequest) -> ASGIApp:
    """Check what was posted as answers are checked, and store nothing."""
    check_same_site(request)
    request.app.state.reception.answers_a_minute.count(client_network(request))
    posted = await read_posted(request)
    trial = await _find(request, form=posted.get(CHANNEL_FIELD, [WHOLE])[0])
    wanted = posted.get(SWITCH_LANGUAGE_FIELD, [""])[0]
    if wanted and is_offered(trial.questionnaire, wanted):
        trial = await _find(request, form=trial.form.key, language=wanted)
    today = datetime.now(request.app.state.reception.zone).date()
    turned = turn_page(
        trial.questionnaire, trial.form, posted, trial.language, today=today,
        wanted=trial.language if wanted else "",
    )  # fmt: skip
    errors = () if turned else read_trial_answers(trial, posted, today=today).errors
    if errors:
        turned = show_errors(errors, split_pages(trial.questionnaire, trial.form), trial.language)
    if turned is not None:
        page = render_trial(
            request, trial, action=_action(request, trial.language), values=posted, errors=turned.errors,
            page=turned.page,
        )  # fmt: skip
        return PageAnswer(page, 422 if turned.errors else 200)
    return GoTo(f"{_action(request)}/thanks")


@route(
    "/t/{survey:str}/{token:str}/{language:str}/thanks", http_method=["GET", "HEAD"], include_in_schema=False
)
async def show_trial_thanks(request: AnyRequest) -> ASGIApp:
    """Say that this was a trial."""
    trial = await _find(request)
    page = request.app.state.pages.page("respondent/trial_thanks.html", trial.language)
    return PageAnswer(page.fill(nonce=csp_nonce(request.scope)))


def render_trial(
    request: AnyRequest,
    trial: Trial,
    *,
    action: str,
    values: dict[str, list[str]] | None = None,
    errors: tuple[AnswerError, ...] = (),
    page: int = 1,
    is_whole: bool = False,
) -> bytes:
    """The real page of a form, with a line that says it is a trial.

    The form's key goes where an open link's channel would, so that the post knows which form was tried.
    """
    return render_form(
        request.app.state.pages.environment,
        trial.questionnaire,
        trial.form,
        trial.language,
        template=TEMPLATE,
        action=action,
        nonce=csp_nonce(request.scope),
        served_at=now_in_seconds(),
        channel=trial.form.key,
        values=values,
        errors=errors,
        page=page,
        is_whole=is_whole,
    ).encode()


async def _find(request: AnyRequest, *, form: str = "", language: str = "") -> Trial:
    path = request.path_params
    draft = await find_trial_draft(request.app.state.secret_key, path["survey"], path["token"])
    return make_trial(draft, language or path["language"], form or request.query_params.get("form", WHOLE))


def _action(request: AnyRequest, language: str = "") -> str:
    path = request.path_params
    return f"/t/{path['survey']}/{path['token']}/{language or path['language']}"


ROUTES = [show_trial, try_answers, show_trial_thanks]
