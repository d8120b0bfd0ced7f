"""`/tablet/<token>/<language>`: the form on a tablet at an event. The token is the capability; no cookie.

A service worker, served here so that it may look after these pages and no others, keeps them on the device
and what is answered while there is no network. Without scripts the pages work while there is one.
"""

import base64
import secrets
from datetime import datetime
from functools import cache

import msgspec
from litestar import Response, get, post, route
from litestar.exceptions import ClientException, HTTPException
from litestar.types import ASGIApp
from markupsafe import Markup

from survey_service.db.served_form import ServedVersion
from survey_service.db.tablet import Tablet
from survey_service.domain.errors import NotFound
from survey_service.domain.flood import TRAP_FIELD
from survey_service.domain.numerals import read_whole_number
from survey_service.integrations.tablet_box import box_key
from survey_service.resources import static_dir
from survey_service.services.answers.serve_form import Visit, choose_open_form
from survey_service.services.answers.serve_tablet import (
    SUBMISSION_FIELD,
    get_tablet,
    is_submission_id,
    judge_tablet,
    tablet_forms,
    take_kept_answers,
    takes_kept,
    visit_tablet,
)
from survey_service.services.answers.submit_answers import Posted, submit_answers
from survey_service.web.forgery import check_same_site
from survey_service.web.respondent.desk import (
    AnyRequest,
    Reception,
    is_offered,
    page_language,
    wanted_language,
)
from survey_service.web.respondent.form_page import (
    TABLET_FORM,
    VERSION_FIELD,
    now_in_seconds,
    offered_locales,
    render_form,
    tablet_form_action,
)
from survey_service.web.respondent.form_steps import Turned, posted_word
from survey_service.web.respondent.page_answer import GoTo, PageAnswer
from survey_service.web.respondent.pages import render_page
from survey_service.web.respondent.posted import read_posted
from survey_service.web.security import csp_nonce
from survey_service.web.static_assets import load_static_assets

FORM_FIELD = "form"
WAITING = Markup("<span data-tablet-number></span>")


@get("/tablet/worker.js", include_in_schema=False, sync_to_thread=False)
def tablet_worker() -> Response[bytes]:
    """The service worker: browsers let it look after what lies beside it, and look for a newer one."""
    return Response(
        _worker(), media_type="text/javascript; charset=utf-8", headers={"Cache-Control": "no-cache"}
    )


@cache
def _worker() -> bytes:
    return (static_dir() / load_static_assets().names["tablet-worker.js"]).read_bytes()


@route("/tablet/{token:str}", http_method=["GET", "HEAD"], include_in_schema=False)
async def show_tablet_start(request: AnyRequest) -> ASGIApp:
    """Where the tablet waits for the next person: the languages."""
    reception: Reception = request.app.state.reception
    token, at = request.path_params["token"], datetime.now(reception.zone)
    try:
        tablet = await get_tablet(token)
    except NotFound:
        return _ended(request, "", 404)
    survey, version = await reception.desk.tablet_survey(tablet.survey)
    questionnaire = version.questionnaire
    if judge_tablet(tablet, survey, at) != "open":
        return _ended(request, questionnaire.default_language)
    form = choose_open_form(version, secrets.token_hex(16))
    locales = offered_locales(questionnaire)
    html = render_page(
        reception.pages.environment,
        "respondent/tablet_start.html",
        questionnaire.default_language,
        nonce=csp_nonce(request.scope),
        title=questionnaire.title[questionnaire.default_language],
        choices=[(one, f"/tablet/{token}/{one.code}?{FORM_FIELD}={form}") for one in locales],
        setup=_setup(request, tablet, token, version),
        waiting=WAITING,
    )
    return PageAnswer(html.encode())


def _setup(request: AnyRequest, tablet: Tablet, token: str, version: ServedVersion) -> str:
    """What the tablet keeps: the pages, the forms with their shares, and the key that closes its boxes."""
    codes, forms = [one.code for one in offered_locales(version.questionnaire)], tablet_forms(version)
    start = f"/tablet/{token}"
    pages = [f"{start}/{code}?{FORM_FIELD}={form}" for code in codes for form, _ in forms]
    setup = {
        "start": start,
        "version": version.id,
        "key": base64.b64encode(box_key(request.app.state.secret_key, tablet.id)).decode(),
        "forms": forms,
        "pages": [start, *pages, *(f"{start}/{code}/thanks" for code in codes)],
    }
    return msgspec.json.encode(setup).decode()


@route("/tablet/{token:str}/{language:str}", http_method=["GET", "HEAD"], include_in_schema=False)
async def show_tablet_form(request: AnyRequest) -> ASGIApp:
    """The form, empty and whole."""
    submission_id = secrets.token_hex(16)
    visit = await _visit(request, submission_id)
    if isinstance(visit, PageAnswer):
        return visit
    page = request.app.state.pages.tablet_form_page(
        visit.version.id,
        visit.form_id,
        visit.version.questionnaire,
        visit.form,
        request.path_params["language"],
    )
    return PageAnswer(
        page.fill(
            channel="tablet",
            submission=submission_id,
            nonce=csp_nonce(request.scope),
            token=request.path_params["token"],
        )
    )


@post("/tablet/{token:str}/{language:str}", include_in_schema=False)
async def take_tablet_answers(request: AnyRequest) -> ASGIApp:
    """Store what was posted. A tablet is trusted, so nothing is doubted; but it is held to a rate."""
    check_same_site(request)
    reception: Reception = request.app.state.reception
    posted = await read_posted(request)
    submission_id = posted_word(posted, SUBMISSION_FIELD)
    if not is_submission_id(submission_id) or posted_word(posted, TRAP_FIELD):
        raise ClientException("the form is not complete")
    visit = await _visit(request, submission_id)
    if isinstance(visit, PageAnswer):
        return visit
    language, at = request.path_params["language"], datetime.now(reception.zone)
    if wanted := wanted_language(visit.version.questionnaire, posted):
        return PageAnswer(_render(request, visit, Turned(page=1, language=wanted), posted))
    reception.answers_a_minute.count(f"tablet {visit.tablet}")
    submitted = await submit_answers(
        reception.desk, visit, posted,
        language=language, privacy_notice_version=reception.brand.privacy_notice_version, at=at,
    )  # fmt: skip
    if submitted.errors:
        turned = Turned(page=1, language=language, errors=submitted.errors)
        return PageAnswer(_render(request, visit, turned, posted), 422)
    if submitted.standing == "closed":
        return _ended(request, language)
    return GoTo(f"/tablet/{request.path_params['token']}/{language}/thanks")


@route("/tablet/{token:str}/{language:str}/thanks", http_method=["GET", "HEAD"], include_in_schema=False)
async def show_tablet_thanks(request: AnyRequest) -> ASGIApp:
    """Thank, then back to the start."""
    visit = await _visit(request, "")
    if isinstance(visit, PageAnswer):
        return visit
    language, token = request.path_params["language"], request.path_params["token"]
    page = request.app.state.pages.page(
        "respondent/tablet_thanks.html", language, start="/tablet/{token}", waiting=WAITING
    )
    return PageAnswer(page.fill(token=token, nonce=csp_nonce(request.scope)))


@post("/tablet/{token:str}/kept", include_in_schema=False)
async def take_tablet_box(request: AnyRequest) -> Response[None]:
    """One form that the tablet kept. 204: stored, now or before; 410: never taken; 422: cannot be read."""
    check_same_site(request)
    reception: Reception = request.app.state.reception
    if request.headers.get("content-type") != "application/octet-stream":
        raise HTTPException("a box was expected", status_code=415)
    at = datetime.now(reception.zone)
    try:
        tablet = await get_tablet(request.path_params["token"])
    except NotFound:
        return Response(None, status_code=410)
    if not takes_kept(tablet, at):
        return Response(None, status_code=410)
    reception.answers_a_minute.count(f"tablet {tablet.id}")
    is_read = await take_kept_answers(
        reception.desk,
        tablet,
        await request.body(),
        secret_key=request.app.state.secret_key,
        privacy_notice_version=reception.brand.privacy_notice_version,
        at=at,
    )
    return Response(None, status_code=204 if is_read else 422)


async def _visit(request: AnyRequest, submission_id: str) -> Visit | PageAnswer:
    """The form of this address, or the page that says why there is none."""
    reception: Reception = request.app.state.reception
    token, language = request.path_params["token"], request.path_params["language"]
    query = request.query_params
    try:
        tablet = await get_tablet(token)
    except NotFound:
        return _ended(request, language, 404)
    visit = await visit_tablet(
        reception.desk,
        tablet,
        submission_id,
        datetime.now(reception.zone),
        version_id=read_whole_number(query.get(VERSION_FIELD, "")[:18]),
        form_id=read_whole_number(query.get(FORM_FIELD, "")[:18]),
    )
    if visit.standing != "open":
        return _ended(request, language)
    return visit if is_offered(visit.version.questionnaire, language) else GoTo(f"/tablet/{token}")


def _ended(request: AnyRequest, language: str, status: int = 410) -> PageAnswer:
    page = request.app.state.pages.page("respondent/tablet_ended.html", page_language(request, language))
    return PageAnswer(page.fill(nonce=csp_nonce(request.scope)), status)


def _render(request: AnyRequest, visit: Visit, turned: Turned, posted: Posted) -> bytes:
    return render_form(
        request.app.state.pages.environment,
        visit.version.questionnaire,
        visit.form,
        turned.language,
        action=tablet_form_action(
            request.path_params["token"], turned.language, visit.version.id, visit.form_id
        ),
        nonce=csp_nonce(request.scope),
        served_at=now_in_seconds(),
        channel="tablet",
        submission=posted_word(posted, SUBMISSION_FIELD),
        values=posted,
        errors=turned.errors,
        template=TABLET_FORM,
        is_whole=True,
    ).encode()


ROUTES = [
    tablet_worker,
    show_tablet_start,
    take_tablet_box,
    show_tablet_form,
    take_tablet_answers,
    show_tablet_thanks,
]
