"""`/genuine/<language>`: whether a link, a sender or a reference is ours; never whose it is."""

from litestar import post, route
from litestar.types import ASGIApp

from survey_service.domain.genuine import MOST_LETTERS
from survey_service.i18n.locales import find_locale
from survey_service.i18n.translate import gettext, use_locale
from survey_service.services.own_page.check_genuine import Finding, check_genuine
from survey_service.web.forgery import check_same_site
from survey_service.web.limits import client_network
from survey_service.web.respondent.desk import AnyRequest, page_language
from survey_service.web.respondent.page_answer import GoTo, PageAnswer
from survey_service.web.respondent.pages import render_page
from survey_service.web.respondent.posted import read_posted
from survey_service.web.security import csp_nonce

PATH = "/genuine/{locale}"


@route(["/genuine", "/genuine/{language:str}"], http_method=["GET", "HEAD"], include_in_schema=False)
async def show_genuine(request: AnyRequest) -> ASGIApp:
    """The empty form."""
    language = request.path_params.get("language", "")
    if find_locale(language) is None:
        return GoTo(PATH.replace("{locale}", page_language(request, language)))
    return _page(request, language)


@post("/genuine/{language:str}", include_in_schema=False)
async def judge_genuine(request: AnyRequest) -> ASGIApp:
    """What we know of it. The answer is the page itself: an address with the link in it would be kept."""
    check_same_site(request)
    request.app.state.reception.checks_a_minute.count(client_network(request))
    language = request.path_params["language"]
    if find_locale(language) is None:
        return GoTo(PATH.replace("{locale}", page_language(request, language)))
    pasted = (await read_posted(request)).get("message", [""])[0][:MOST_LETTERS]
    findings = await check_genuine(pasted, request.app.state.settings)
    if findings:
        return _page(request, language, findings)
    with use_locale(language):
        error = gettext("Paste a link, an address or a reference")
    return _page(request, language, error=error)


def _page(
    request: AnyRequest, language: str, findings: list[Finding] | None = None, *, error: str = ""
) -> PageAnswer:
    html = render_page(
        request.app.state.pages.environment,
        "respondent/genuine.html",
        language,
        nonce=csp_nonce(request.scope),
        path=PATH,
        languages=request.app.state.pages.offered,
        action=PATH.replace("{locale}", language),
        findings=findings or [],
        error=error,
    )
    return PageAnswer(html.encode(), 422 if error else 200)


ROUTES = [show_genuine, judge_genuine]
