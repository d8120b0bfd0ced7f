"""`/me/<token>/<language>`: a person's own page. Looking changes nothing; what changes something is posted.

The token is the page's own, not a survey's; it is the capability, and there is no cookie.
"""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from litestar import post, route
from litestar.exceptions import ClientException
from litestar.types import ASGIApp

from survey_service.domain.errors import NotFound
from survey_service.domain.wishes import Posted, WishRefused
from survey_service.i18n.locales import find_locale
from survey_service.i18n.translate import use_locale
from survey_service.services.own_page import change_wishes
from survey_service.services.own_page.show_own_page import find_own_page, show_own_page
from survey_service.web.forgery import check_same_site
from survey_service.web.respondent.desk import AnyRequest, page_language
from survey_service.web.respondent.own_page_view import view_own_page
from survey_service.web.respondent.page_answer import GoTo, PageAnswer
from survey_service.web.respondent.pages import render_page
from survey_service.web.respondent.personal_form import no_such_link
from survey_service.web.respondent.posted import read_posted
from survey_service.web.security import csp_nonce

SAVED = "saved"
MOST_DIGITS = 18

Change = Callable[[AnyRequest, str, Posted], Awaitable[object]]


@route("/me/{token:str}", http_method=["GET", "HEAD"], include_in_schema=False)
async def choose_own_page_language(request: AnyRequest) -> ASGIApp:
    """To the page in the person's language, else in the browser's."""
    token = _count(request)
    try:
        page = await find_own_page(token)
    except NotFound as error:
        return no_such_link(request, "", error)
    return GoTo(f"/me/{token}/{page_language(request, page.wishes.language)}")


@route("/me/{token:str}/{language:str}", http_method=["GET", "HEAD"], include_in_schema=False)
async def show_page(request: AnyRequest) -> ASGIApp:
    """Everything the page says; `?saved` confirms what was posted before."""
    return await _show(request, _count(request))


@route("/me/{token:str}/{language:str}/leave", http_method=["GET", "HEAD"], include_in_schema=False)
async def ask_before_leaving(request: AnyRequest) -> ASGIApp:
    """Ask whether the person means it."""
    return await _ask(request, _count(request), request.path_params["language"])


@route("/me/{token:str}/unsubscribe", http_method=["GET", "HEAD"], include_in_schema=False)
async def ask_before_unsubscribing(request: AnyRequest) -> ASGIApp:
    """The same for who opens a mail's unsubscribe address; a scanner that does so changes nothing."""
    return await _ask(request, _count(request), "")


@post("/me/{token:str}/{language:str}", include_in_schema=False)
async def take_change(request: AnyRequest) -> ASGIApp:
    """Change what was posted, then show the page anew; or show what cannot be taken."""
    check_same_site(request)
    token, language = _count(request), request.path_params["language"]
    if find_locale(language) is None:
        raise ClientException("no such language")
    posted = await read_posted(request)
    change = CHANGES.get(posted.get("do", [""])[0])
    if change is None:
        raise ClientException("no such change")
    try:
        await change(request, token, posted)
    except NotFound as error:
        return no_such_link(request, language, error)
    except WishRefused as refused:
        return await _show(request, token, refused)
    return GoTo(f"/me/{token}/{language}?{SAVED}")


@post("/me/{token:str}/unsubscribe", include_in_schema=False)
async def unsubscribe(request: AnyRequest) -> ASGIApp:
    """The one click of RFC 8058, which a mail program posts from wherever it runs.

    So this is the only address that takes posts of other sites. It answers itself, as a redirection is
    not allowed there, and does what it says and nothing else.
    """
    token = _count(request)
    if (await request.form()).get("List-Unsubscribe") != "One-Click":
        raise ClientException("not a one-click unsubscription")
    try:
        page = await change_wishes.leave(token, at=datetime.now(UTC), source=change_wishes.ONE_CLICK)
    except NotFound as error:
        return no_such_link(request, "", error)
    language = page_language(request, page.wishes.language)
    said = request.app.state.pages.page("respondent/own_page_left.html", language)
    return PageAnswer(said.fill(nonce=csp_nonce(request.scope)))


async def _change_wishes(request: AnyRequest, token: str, posted: Posted) -> None:
    offered = [locale.code for locale in request.app.state.pages.offered]
    await change_wishes.change_wishes(token, posted, languages=offered)


async def _pause(request: AnyRequest, token: str, posted: Posted) -> None:
    await change_wishes.pause(token, posted, request.app.state.settings, at=datetime.now(UTC))


async def _end_pause(_: AnyRequest, token: str, __: Posted) -> None:
    await change_wishes.end_pause(token)


async def _decline(_: AnyRequest, token: str, posted: Posted) -> None:
    number = posted.get("invitation", [""])[0]
    if not (number.isascii() and number.isdigit() and len(number) <= MOST_DIGITS):
        raise ClientException("no such invitation")
    await change_wishes.decline(token, int(number), at=datetime.now(UTC))


async def _leave(_: AnyRequest, token: str, __: Posted) -> None:
    await change_wishes.leave(token, at=datetime.now(UTC))


async def _rejoin(_: AnyRequest, token: str, __: Posted) -> None:
    await change_wishes.rejoin(token, at=datetime.now(UTC))


async def _object(_: AnyRequest, token: str, __: Posted) -> None:
    await change_wishes.object_to_likelihood(token, objects=True, at=datetime.now(UTC))


async def _end_objection(_: AnyRequest, token: str, __: Posted) -> None:
    await change_wishes.object_to_likelihood(token, objects=False, at=datetime.now(UTC))


CHANGES: dict[str, Change] = {
    "wishes": _change_wishes,
    "pause": _pause,
    "end_pause": _end_pause,
    "decline": _decline,
    "leave": _leave,
    "rejoin": _rejoin,
    "object": _object,
    "end_objection": _end_objection,
}
"""What the page's forms post as `do`."""


async def _show(request: AnyRequest, token: str, refused: WishRefused | None = None) -> ASGIApp:
    language = request.path_params["language"]
    if find_locale(language) is None:
        return GoTo(f"/me/{token}")
    try:
        shown = await show_own_page(token, request.app.state.settings, at=datetime.now(UTC))
    except NotFound as error:
        return no_such_link(request, language, error)
    with use_locale(language):
        view = view_own_page(shown, refused, offered=request.app.state.pages.offered)
    html = render_page(
        request.app.state.pages.environment,
        "respondent/own_page.html",
        language,
        nonce=csp_nonce(request.scope),
        path=f"/me/{token}/{{locale}}",
        languages=request.app.state.pages.offered,
        own_page=view,
        action=f"/me/{token}/{language}",
        is_saved=SAVED in request.query_params and refused is None,
    )
    return PageAnswer(html.encode(), 422 if refused else 200)


async def _ask(request: AnyRequest, token: str, language: str) -> ASGIApp:
    try:
        page = await find_own_page(token)
    except NotFound as error:
        return no_such_link(request, language, error)
    if find_locale(language) is None:
        language = page_language(request, page.wishes.language)
    html = render_page(
        request.app.state.pages.environment,
        "respondent/own_page_leave.html",
        language,
        nonce=csp_nonce(request.scope),
        path=f"/me/{token}/{{locale}}/leave",
        languages=request.app.state.pages.offered,
        action=f"/me/{token}/{language}",
    )
    return PageAnswer(html.encode())


def _count(request: AnyRequest) -> str:
    """Return the token, counted: the page is read from the database each time."""
    token: str = request.path_params["token"]
    request.app.state.reception.answers_a_minute.count(f"me {token}")
    return token


ROUTES = [
    choose_own_page_language,
    show_page,
    ask_before_leaving,
    ask_before_unsubscribing,
    take_change,
    unsubscribe,
]
