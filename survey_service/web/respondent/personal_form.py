"""`/s/<token>/<language>`: the form of a personal link. The token is the capability; there is no cookie."""

from datetime import UTC, datetime

from litestar import post, route
from litestar.types import ASGIApp

from survey_service.domain.answers import FormValues
from survey_service.domain.errors import NotFound
from survey_service.domain.experience import choose_item
from survey_service.domain.form_pages import split_pages
from survey_service.i18n.translate import use_locale
from survey_service.services.answers.keep_page import keep_page
from survey_service.services.answers.resume_form import change_answers, make_resume_key, resume_by_key
from survey_service.services.answers.serve_form import Standing, Visit
from survey_service.services.answers.submit_answers import (
    FORM_PAGE_FIELD,
    GO_FIELD,
    RESUME_KEY_FIELD,
    Posted,
    resume_hash,
    submit_answers,
)
from survey_service.web.forgery import check_same_site
from survey_service.web.respondent.desk import (
    AnyRequest,
    Reception,
    choose_language,
    is_offered,
    page_language,
    wanted_language,
)
from survey_service.web.respondent.form_page import now_in_seconds, offered_locales, render_form
from survey_service.web.respondent.form_steps import (
    RESUME,
    Turned,
    make_copy,
    posted_word,
    read_copy,
    show_errors,
    turn_page,
)
from survey_service.web.respondent.page_answer import GoTo, PageAnswer
from survey_service.web.respondent.piped_text import say_facts
from survey_service.web.respondent.posted import read_posted
from survey_service.web.security import csp_nonce

STANDING_PAGES: dict[Standing, tuple[str, int]] = {
    "answered": ("respondent/already_answered.html", 200),
    "expired": ("respondent/expired.html", 410),
    "closed": ("respondent/closed.html", 410),
}
RATED = "rated"
"""In the address of the thanks: the question after the survey was answered, too."""

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
    visit = visit.with_copy(make_copy()) if visit.is_anonymous else visit
    version = visit.version
    page = reception.pages.form_page(
        version.key,
        version.questionnaire,
        visit.form,
        language,
        ways=version.ways,
        known=version.left_out,
    )
    return PageAnswer(page.fill(token=token, nonce=nonce, known=visit.known, copy=visit.copy))


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
    """Store what was posted; or show the form again: its next page, with errors, or in another language."""
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
    posted = await read_posted(request)
    visit = visit.with_copy(read_copy(posted)) if visit.is_anonymous else visit
    if posted_word(posted, GO_FIELD) == RESUME and not visit.is_anonymous:
        return await _resume(request, visit, token, language, posted)
    is_change = visit.may_change and resume_hash(posted) is not None
    # In an anonymous survey only the box knows whether this very page was sent before.
    is_repeat = visit.is_anonymous and visit.standing == "answered"
    if visit.standing != "open" and not (is_change or is_repeat):
        return say_standing(request, visit, token, language)
    questionnaire = visit.version.questionnaire
    wanted = wanted_language(questionnaire, posted)
    turned = turn_page(questionnaire, visit.form, posted, language, today=at.date(), wanted=wanted)
    if turned is None:
        return await _send(request, visit, token, language, posted)
    if is_repeat:
        return say_standing(request, visit, token, language)
    return await _show_next(request, visit, token, turned, posted)


async def _show_next(
    request: AnyRequest, visit: Visit, token: str, turned: Turned, posted: Posted
) -> PageAnswer:
    """Keep what was typed, then show the page to go on with."""
    is_kept = False
    if not turned.errors and visit.standing == "open" and FORM_PAGE_FIELD in posted:
        reception: Reception = request.app.state.reception
        standing = await keep_page(
            reception.desk,
            visit,
            posted,
            page=turned.page,
            language=turned.language,
            privacy_notice_version=reception.brand.privacy_notice_version,
            at=datetime.now(UTC),
        )
        if standing not in ("open", None):
            return say_standing(request, visit, token, turned.language, standing)
        is_kept = standing == "open"
    status = 422 if turned.errors else 200
    return PageAnswer(render_turned(request, visit, token, turned, posted, is_kept=is_kept), status)


async def _send(request: AnyRequest, visit: Visit, token: str, language: str, posted: Posted) -> PageAnswer:
    """Store the whole form, for the first time or in the place of what was sent before."""
    reception: Reception = request.app.state.reception
    store = submit_answers if visit.standing == "open" or visit.is_anonymous else change_answers
    notice, at = reception.brand.privacy_notice_version, datetime.now(reception.zone)
    submitted = await store(
        reception.desk, visit, posted, language=language, privacy_notice_version=notice, at=at
    )
    if submitted.standing == "answered" and visit.standing == "open":
        # The second click of an impatient person: the same key, so the same answers once more.
        visit = await reception.desk.visit(token, at)
        submitted = await change_answers(
            reception.desk, visit, posted, language=language, privacy_notice_version=notice, at=at
        )
    if submitted.errors:
        pages = split_pages(visit.version.questionnaire, visit.form)
        turned = show_errors(submitted.errors, pages, language)
        return PageAnswer(render_turned(request, visit, token, turned, posted), 422)
    if submitted.standing == "open":
        return GoTo(f"/s/{token}/{language}/thanks")
    return say_standing(request, visit, token, language, submitted.standing)


async def _resume(request: AnyRequest, visit: Visit, token: str, language: str, posted: Posted) -> PageAnswer:
    """What the key that was posted belongs to; with any other key the empty form, or why there is none."""
    resumed = await resume_by_key(visit, posted)
    if resumed is not None:
        turned = Turned(page=resumed.page, language=language)
        return PageAnswer(render_turned(request, visit, token, turned, resumed.fields, is_kept=True))
    if visit.standing != "open":
        return say_standing(request, visit, token, language)
    empty = {RESUME_KEY_FIELD: [make_resume_key()]}
    return PageAnswer(render_turned(request, visit, token, Turned(page=1, language=language), empty))


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
        # What somebody says of an anonymous survey could not be kept without saying whose it is.
        item="" if visit.token_hash is None or visit.is_anonymous else choose_item(visit.token_hash),
        action=f"/s/{{token}}/{language}/experience",
        is_rated=RATED in request.query_params,
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
    own: dict[str, str | bool] = {}
    if template == "respondent/already_answered.html":
        own = {"action": f"/s/{{token}}/{language}", "may_change": visit.may_change}
    page = request.app.state.pages.page(
        template,
        language,
        path="/s/{token}/{locale}",
        languages=offered_locales(visit.version.questionnaire),
        **own,
    )
    if request.method == "POST" and status == 200:
        status = ALREADY_ANSWERED_POST
    return PageAnswer(page.fill(token=token, nonce=csp_nonce(request.scope)), status)


def render_turned(
    request: AnyRequest,
    visit: Visit,
    token: str,
    turned: Turned,
    values: FormValues,
    *,
    is_kept: bool = False,
) -> bytes:
    """A page of the form with what was typed."""
    with use_locale(turned.language):
        facts = say_facts(visit.known, turned.language)
    return render_form(
        request.app.state.pages.environment,
        visit.version.questionnaire,
        visit.form,
        turned.language,
        action=f"/s/{token}/{turned.language}",
        nonce=csp_nonce(request.scope),
        served_at=now_in_seconds(),
        values=values,
        errors=turned.errors,
        page=turned.page,
        is_kept=is_kept,
        ways=visit.version.ways,
        today=datetime.now(request.app.state.reception.zone).date(),
        facts=facts,
        known=visit.version.left_out,
        submission=visit.copy,
    ).encode()


ROUTES = [show_form, choose_form_language, take_answers, show_thanks]
