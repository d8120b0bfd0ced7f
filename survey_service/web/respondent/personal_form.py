"""`/s/<token>/<language>`: the form of a personal link. The token is the capability; there is no cookie."""

from datetime import UTC, datetime

from litestar import post, route
from litestar.types import ASGIApp

from survey_service.domain.answers import AnswerError, FormValues
from survey_service.domain.errors import NotFound
from survey_service.services.serve_form import Standing, Visit
from survey_service.services.submit_answers import submit_answers
from survey_service.web.forgery import check_same_site
from survey_service.web.respondent.desk import (
    AnyRequest,
    Reception,
    choose_language,
    is_offered,
    page_language,
)
from survey_service.web.respondent.form_page import (
    SWITCH_LANGUAGE_FIELD,
    now_in_seconds,
    offered_locales,
    render_form,
)
from survey_service.web.respondent.page_answer import GoTo, PageAnswer
from survey_service.web.respondent.posted import read_posted
from survey_service.web.security import csp_nonce

STANDING_PAGES: dict[Standing, tuple[str, int]] = {
    "answered": ("respondent/already_answered.html", 200),
    "expired": ("respondent/expired.html", 410),
    "closed": ("respondent/closed.html", 410),
}
ALREADY_ANSWERED_POST = 409
"""A post that changed nothing is no success, however kindly that is said."""


@route("/s/{token:str}/{language:str}", http_method=["GET", "HEAD"], include_in_schema=False)
async def show_form(request: AnyRequest) -> ASGIApp:
    """The form, or why there is none."""
    reception: Reception = request.app.state.reception
    token, language = request.path_params["token"], request.path_params["language"]
    try:
        visit = await reception.desk.visit(token, datetime.now(UTC))
    except NotFound as error:
        return no_such_link(request, language, error)
    if not is_offered(visit.version.questionnaire, language):
        return GoTo(f"/s/{token}")
    if visit.standing != "open":
        return say_standing(request, visit, token, language)
    return form_answer(reception, visit, token, language, csp_nonce(request.scope))


def form_in_memory(reception: Reception, path: str, nonce: str) -> PageAnswer | None:
    """The answer of `show_form` when all of it is in memory and the link takes answers, else None.

    `app.py` asks for it before the router does its work, which costs as much as all of this.
    """
    parts = path.split("/")
    if len(parts) != 4 or parts[1] != "s":
        return None
    _, _, token, language = parts
    visit = reception.desk.visit_in_memory(token, datetime.now(UTC))
    if visit is None or visit.standing != "open" or not is_offered(visit.version.questionnaire, language):
        return None
    return form_answer(reception, visit, token, language, nonce)


def form_answer(reception: Reception, visit: Visit, token: str, language: str, nonce: str) -> PageAnswer:
    """The empty form, with the link's own token in it."""
    page = reception.pages.form_page(visit.version.id, visit.version.questionnaire, visit.form, language)
    return PageAnswer(page.fill(token=token, nonce=nonce))


@route("/s/{token:str}", http_method=["GET", "HEAD"], include_in_schema=False)
async def choose_form_language(request: AnyRequest) -> ASGIApp:
    """To the form in the language that was noted for the person, else in the browser's."""
    reception: Reception = request.app.state.reception
    token = request.path_params["token"]
    try:
        visit = await reception.desk.visit(token, datetime.now(UTC))
    except NotFound as error:
        return no_such_link(request, "", error)
    language = choose_language(request, visit.version.questionnaire, visit.language)
    return GoTo(f"/s/{token}/{language}")


@post("/s/{token:str}/{language:str}", include_in_schema=False)
async def take_answers(request: AnyRequest) -> ASGIApp:
    """Store what was posted; or show the form again, with errors or in another language."""
    check_same_site(request)
    reception: Reception = request.app.state.reception
    token, language = request.path_params["token"], request.path_params["language"]
    reception.answers_a_minute.count(token)
    at = datetime.now(reception.zone)
    try:
        visit = await reception.desk.visit(token, at)
    except NotFound as error:
        return no_such_link(request, language, error)
    if not is_offered(visit.version.questionnaire, language):
        return GoTo(f"/s/{token}")
    if visit.standing != "open":
        return say_standing(request, visit, token, language)
    posted = await read_posted(request)
    wanted = posted.get(SWITCH_LANGUAGE_FIELD, [""])[0]
    if wanted and is_offered(visit.version.questionnaire, wanted):
        return PageAnswer(_render(request, visit, token, wanted, posted))
    submitted = await submit_answers(
        reception.desk,
        visit,
        posted,
        language=language,
        privacy_notice_version=reception.brand.privacy_notice_version,
        at=at,
    )
    if submitted.errors:
        return PageAnswer(_render(request, visit, token, language, posted, submitted.errors), 422)
    if submitted.standing == "open":
        return GoTo(f"/s/{token}/{language}/thanks")
    return say_standing(request, visit, token, language, submitted.standing)


@route("/s/{token:str}/{language:str}/thanks", http_method=["GET", "HEAD"], include_in_schema=False)
async def show_thanks(request: AnyRequest) -> ASGIApp:
    """Thank whoever has answered; send everybody else to the form."""
    reception: Reception = request.app.state.reception
    token, language = request.path_params["token"], request.path_params["language"]
    try:
        visit = await reception.desk.visit(token, datetime.now(UTC))
        if visit.standing != "answered" and visit.token_hash is not None:
            # Another process took the answers and its message may not have come yet.
            reception.desk.forget_link(visit.token_hash)
            visit = await reception.desk.visit(token, datetime.now(UTC))
    except NotFound as error:
        return no_such_link(request, language, error)
    if visit.standing != "answered" or not is_offered(visit.version.questionnaire, language):
        return GoTo(f"/s/{token}")
    page = reception.pages.page(
        "respondent/thank_you.html",
        language,
        path="/s/{token}/{locale}/thanks",
        languages=offered_locales(visit.version.questionnaire),
        rest_days=reception.rest_days,
    )
    return PageAnswer(page.fill(token=token, nonce=csp_nonce(request.scope)))


def no_such_link(request: AnyRequest, language: str, error: NotFound) -> PageAnswer:
    """A kind page for a link that leads nowhere; a mangled one gets other advice."""
    name = "incomplete_link" if error.code == "incomplete_link" else "unknown_link"
    page = request.app.state.pages.page(f"respondent/{name}.html", page_language(request, language))
    return PageAnswer(page.fill(nonce=csp_nonce(request.scope)), 404)


def say_standing(
    request: AnyRequest, visit: Visit, token: str, language: str, standing: Standing | None = None
) -> PageAnswer:
    """Why the link takes no answers."""
    template, status = STANDING_PAGES[standing or visit.standing]
    page = request.app.state.pages.page(
        template,
        language,
        path="/s/{token}/{locale}",
        languages=offered_locales(visit.version.questionnaire),
    )
    if request.method == "POST" and status == 200:
        status = ALREADY_ANSWERED_POST
    return PageAnswer(page.fill(token=token, nonce=csp_nonce(request.scope)), status)


def _render(
    request: AnyRequest,
    visit: Visit,
    token: str,
    language: str,
    posted: FormValues,
    errors: tuple[AnswerError, ...] = (),
) -> bytes:
    return render_form(
        request.app.state.pages.environment,
        visit.version.questionnaire,
        visit.form,
        language,
        action=f"/s/{token}/{language}",
        nonce=csp_nonce(request.scope),
        served_at=now_in_seconds(),
        values=posted,
        errors=errors,
    ).encode()


ROUTES = [show_form, choose_form_language, take_answers, show_thanks]
