"""`/join/<language>`: take part, with an address that is confirmed by mail first.

Nothing here tells whether an address is known: the same page follows, and opening a link confirms nothing.
"""

from datetime import UTC, datetime
from typing import Any

from litestar import post, route
from litestar.types import ASGIApp

from survey_service.db.join_request import JoinRequest
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
from survey_service.web.respondent.join_view import offered_purposes, view_join
from survey_service.web.respondent.page_answer import GoTo, PageAnswer
from survey_service.web.respondent.pages import PAGES, render_page
from survey_service.web.respondent.personal_form import no_such_link
from survey_service.web.respondent.posted import read_posted
from survey_service.web.security import csp_nonce

PATH = "/join/{locale}"


@route(["/", "/join", "/join/{language:str}"], http_method=["GET", "HEAD"], include_in_schema=False)
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
    purposes = offered_purposes(with_newsletter=bool(request.app.state.settings.newsletter_sign_up))
    joining = read_joining(
        posted, languages=offered, read_email=read_email, read_mobile=read_mobile, offered=purposes
    )
    if joining.is_too_young:
        return GoTo(f"/join/{language}/too-young")
    if joining.wishes is None:
        return _form(request, language, posted, joining)
    if not joining.wishes.wants_surveys:
        # The newsletter alone has a form of its own: nothing of this one is kept.
        return GoTo(f"/join/{language}/newsletter")
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
    settings = request.app.state.settings
    needs_sign_up = word in NEED_SIGN_UP
    if (
        find_locale(language) is None
        or word not in OUTCOMES
        or (needs_sign_up and not settings.newsletter_sign_up)
    ):
        raise NotFound("There is no such page.")
    sign_up = settings.newsletter_sign_up if needs_sign_up else ""
    known = {"age": settings.join_minimum_age, "sign_up": sign_up}
    values = {name: known[name] for name in PAGES[OUTCOMES[word]]}
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
        return GoTo(_done(request, language, wish))
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
        wish = await confirm_join(token, request.app.state.settings, datetime.now(UTC))
    except NotFound as error:
        return no_such_link(request, language, error)
    return GoTo(_done(request, page_language(request, language), wish))


OUTCOMES = {
    "sent": "respondent/join_sent.html",
    "too-young": "respondent/join_too_young.html",
    "done": "respondent/join_done.html",
    "done-newsletter": "respondent/join_done.html",
    "newsletter": "respondent/join_newsletter.html",
}
NEED_SIGN_UP = frozenset({"done-newsletter", "newsletter"})


def _done(request: AnyRequest, language: str, wish: JoinRequest) -> str:
    """Where somebody who joined goes; who wished for the newsletter, too, is led to its own form."""
    leads_on = wish.wants_newsletter and request.app.state.settings.newsletter_sign_up
    return f"/join/{language}/{'done-newsletter' if leads_on else 'done'}"


def _count(request: AnyRequest, token: str) -> None:
    request.app.state.reception.answers_a_minute.count(f"join {token}")


def _to_language(request: AnyRequest, path: str) -> GoTo:
    return GoTo(path.replace("{locale}", page_language(request, "")))


def _form(request: AnyRequest, language: str, typed: Posted, joining: Joining) -> PageAnswer:
    with use_locale(language):
        settings = request.app.state.settings
        view = view_join(
            typed,
            joining.troubles,
            minimum_age=settings.join_minimum_age,
            offered=request.app.state.pages.offered,
            with_newsletter=bool(settings.newsletter_sign_up),
        )
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
