"""`/join/<language>`: take part, with an address that is confirmed by mail first.

Nothing here tells whether an address is known: the same page follows, and opening a link confirms nothing.
"""

from datetime import UTC, datetime
from typing import Any

from litestar import post, route
from litestar.types import ASGIApp

from survey_service.domain.errors import NotFound
from survey_service.domain.joining import TRAP_FIELD, Joining, Posted, read_joining
from survey_service.i18n.locales import find_locale
from survey_service.i18n.translate import use_locale
from survey_service.services.contacts.contact_rows import read_email, read_mobile
from survey_service.services.own_page.ask_to_join import ask_to_join
from survey_service.services.own_page.confirm_join import confirm_join, find_join_for
from survey_service.web.forgery import check_same_site
from survey_service.web.limits import client_network
from survey_service.web.respondent.desk import AnyRequest, page_language
from survey_service.web.respondent.join_view import view_join
from survey_service.web.respondent.page_answer import GoTo, PageAnswer
from survey_service.web.respondent.pages import render_page
from survey_service.web.respondent.personal_form import no_such_link
from survey_service.web.respondent.posted import read_posted
from survey_service.web.security import csp_nonce

PATH = "/join/{locale}"


@route(["/join", "/join/{language:str}"], http_method=["GET", "HEAD"], include_in_schema=False)
async def show_join(request: AnyRequest) -> ASGIApp:
    """The empty form."""
    language = request.path_params.get("language", "")
    if find_locale(language) is None:
        return _to_language(request, PATH)
    return _form(request, language, {}, Joining())


@post("/join/{language:str}", include_in_schema=False)
async def take_join(request: AnyRequest) -> ASGIApp:
    """Send the mail, whoever it goes to; or show what is missing."""
    check_same_site(request)
    request.app.state.reception.checks_a_minute.count(f"join {client_network(request)}")
    language, posted = request.path_params["language"], await read_posted(request)
    if find_locale(language) is None:
        return _to_language(request, PATH)
    offered = [locale.code for locale in request.app.state.pages.offered]
    joining = read_joining(posted, languages=offered, read_email=read_email, read_mobile=read_mobile)
    if joining.is_too_young:
        return GoTo(f"/join/{language}/too-young")
    if joining.wishes is None:
        return _form(request, language, posted, joining)
    if not "".join(posted.get(TRAP_FIELD, [])):
        settings, notice = request.app.state.settings, request.app.state.brand.privacy_notice_version
        await ask_to_join(joining.wishes, settings, notice=notice, at=datetime.now(UTC))
    return GoTo(f"/join/{language}/sent")


@route("/join/{language:str}/{word:str}", http_method=["GET", "HEAD"], include_in_schema=False)
async def show_join_outcome(request: AnyRequest) -> ASGIApp:
    """Check your mail; not old enough; done. Also a mail's link without its language."""
    language, word = request.path_params["language"], request.path_params["word"]
    if language == "confirm":
        return _to_language(request, f"/join/confirm/{word}/{{locale}}")
    if find_locale(language) is None or word not in OUTCOMES:
        raise NotFound("There is no such page.")
    values = {"age": request.app.state.settings.join_minimum_age} if word == "too-young" else {}
    return _say(request, OUTCOMES[word], language, f"/join/{{locale}}/{word}", **values)


@route("/join/confirm/{token:str}/{language:str}", http_method=["GET", "HEAD"], include_in_schema=False)
async def ask_to_confirm(request: AnyRequest) -> ASGIApp:
    """The button that confirms; a program that opens the link changes nothing."""
    token, language = request.path_params["token"], request.path_params["language"]
    if find_locale(language) is None:
        return _to_language(request, f"/join/confirm/{token}/{{locale}}")
    _count(request, token)
    try:
        wish = await find_join_for(token, datetime.now(UTC))
    except NotFound as error:
        return no_such_link(request, language, error)
    if wish.confirmed_at is not None:
        return GoTo(f"/join/{language}/done")
    action = f"/join/confirm/{token}/{language}"
    return _say(
        request, "respondent/join_confirm.html", language, f"/join/confirm/{token}/{{locale}}", action=action
    )


@post("/join/confirm/{token:str}/{language:str}", include_in_schema=False)
async def take_confirmation(request: AnyRequest) -> ASGIApp:
    """Take the person in."""
    check_same_site(request)
    token, language = request.path_params["token"], request.path_params["language"]
    _count(request, token)
    try:
        await confirm_join(token, request.app.state.settings, datetime.now(UTC))
    except NotFound as error:
        return no_such_link(request, language, error)
    return GoTo(f"/join/{page_language(request, language)}/done")


OUTCOMES = {
    "sent": "respondent/join_sent.html",
    "too-young": "respondent/join_too_young.html",
    "done": "respondent/join_done.html",
}


def _count(request: AnyRequest, token: str) -> None:
    request.app.state.reception.answers_a_minute.count(f"join {token}")


def _to_language(request: AnyRequest, path: str) -> GoTo:
    return GoTo(path.replace("{locale}", page_language(request, "")))


def _form(request: AnyRequest, language: str, typed: Posted, joining: Joining) -> PageAnswer:
    with use_locale(language):
        age = request.app.state.settings.join_minimum_age
        view = view_join(typed, joining.troubles, minimum_age=age, offered=request.app.state.pages.offered)
    answer = _say(
        request,
        "respondent/join.html",
        language,
        PATH,
        status=422 if joining.troubles else 200,
        action=PATH.replace("{locale}", language),
        trap_field=TRAP_FIELD,
        join=view,
    )
    return answer


def _say(
    request: AnyRequest, template: str, language: str, path: str, status: int = 200, **values: Any
) -> PageAnswer:
    html = render_page(
        request.app.state.pages.environment,
        template,
        language,
        nonce=csp_nonce(request.scope),
        path=path,
        languages=request.app.state.pages.offered,
        **values,
    )
    return PageAnswer(html.encode(), status)


ROUTES = [show_join, take_join, show_join_outcome, ask_to_confirm, take_confirmation]
