"""`/s/<token>/<language>/continue`: back to one's answers from another device, with a code sent by mail.

Each of these pages is the same for everybody. Only the right code shows something, and it shows it once.
"""

from datetime import UTC, datetime

from litestar import post, route
from litestar.types import ASGIApp

from survey_service.domain.errors import NotFound
from survey_service.services.answers.resume_form import resume_after_proof
from survey_service.services.answers.serve_form import Visit
from survey_service.services.own_page.prove_address import check_code, send_code
from survey_service.web.forgery import check_same_site
from survey_service.web.respondent.desk import AnyRequest, Reception, is_offered
from survey_service.web.respondent.form_page import offered_locales
from survey_service.web.respondent.form_steps import Turned, posted_word
from survey_service.web.respondent.page_answer import GoTo, PageAnswer
from survey_service.web.respondent.personal_form import no_such_link, render_turned, say_standing
from survey_service.web.respondent.posted import read_posted
from survey_service.web.security import csp_nonce

CODE_FIELD = "code"


@route("/s/{token:str}/{language:str}/continue", http_method=["GET", "HEAD"], include_in_schema=False)
async def show_continue(request: AnyRequest) -> ASGIApp:
    """Offer to send a code."""
    return await _find_visit(request) or _say(request, "ask")


@post("/s/{token:str}/{language:str}/continue", include_in_schema=False)
async def ask_for_code(request: AnyRequest) -> ASGIApp:
    """Send a code, if there is an address and not too many went there; say the same in any case."""
    check_same_site(request)
    if (refused := await _find_visit(request)) is not None:
        return refused
    visit = request.state.visit
    await send_code(visit.token_hash, request.app.state.settings, datetime.now(UTC))
    return GoTo(f"{_action(request)}/continue/code")


@route("/s/{token:str}/{language:str}/continue/code", http_method=["GET", "HEAD"], include_in_schema=False)
async def show_code(request: AnyRequest) -> ASGIApp:
    """Ask for the code."""
    return await _find_visit(request) or _say(request, "sent")


@post("/s/{token:str}/{language:str}/continue/code", include_in_schema=False)
async def take_code(request: AnyRequest) -> ASGIApp:
    """With the right code show the form as it was left, or as it was sent."""
    check_same_site(request)
    if (refused := await _find_visit(request)) is not None:
        return refused
    visit: Visit = request.state.visit
    assert visit.token_hash is not None
    typed = posted_word(await read_posted(request), CODE_FIELD)
    if not await check_code(visit.token_hash, typed, request.app.state.settings, datetime.now(UTC)):
        return _say(request, "wrong", 422)
    resumed = await resume_after_proof(visit)
    turned = Turned(page=resumed.page, language=request.path_params["language"])
    token = request.path_params["token"]
    return PageAnswer(render_turned(request, visit, token, turned, resumed.fields, is_kept=True))


async def _find_visit(request: AnyRequest) -> PageAnswer | None:
    """Put the visit into the request's state, or return why there is nothing to go on with."""
    reception: Reception = request.app.state.reception
    token, language = request.path_params["token"], request.path_params["language"]
    if request.method == "POST":
        reception.answers_a_minute.count(token)
    try:
        visit = await reception.desk.visit(token, datetime.now(UTC))
    except NotFound as error:
        return no_such_link(request, language, error)
    if not is_offered(visit.version.questionnaire, language):
        return GoTo(f"/s/{token}")
    if visit.is_anonymous and visit.standing == "open":
        return GoTo(f"/s/{token}/{language}")
    if visit.standing != "open" and not visit.may_change:
        return say_standing(request, visit, token, language)
    request.state.visit = visit
    return None


def _say(request: AnyRequest, state: str, status: int = 200) -> PageAnswer:
    page = request.app.state.pages.page(
        "respondent/continue.html",
        request.path_params["language"],
        path="/s/{token}/{locale}/continue",
        languages=offered_locales(request.state.visit.version.questionnaire),
        action=f"/s/{{token}}/{request.path_params['language']}",
        state=state,
    )
    token, nonce = request.path_params["token"], csp_nonce(request.scope)
    return PageAnswer(page.fill(token=token, nonce=nonce), status)


def _action(request: AnyRequest) -> str:
    return f"/s/{request.path_params['token']}/{request.path_params['language']}"


ROUTES = [show_continue, ask_for_code, show_code, take_code]
