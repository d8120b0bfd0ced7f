"""Every route of the public: forms by personal and open link, own pages, and pages that only say a thing."""

from litestar import route
from litestar.types import ASGIApp

from survey_service.i18n.locales import find_locale
from survey_service.web.respondent import (
    experience,
    genuine,
    go_on,
    join,
    known_facts,
    open_form,
    own_page,
    personal_form,
    tablet,
    trial_form,
)
from survey_service.web.respondent.desk import AnyRequest, page_language
from survey_service.web.respondent.page_answer import GoTo, PageAnswer
from survey_service.web.respondent.pages import ACCESSIBILITY_PATH, LIKELIHOOD_PATH, PRIVACY_PATH
from survey_service.web.security import csp_nonce

READING_PAGES = {
    "privacy": ("respondent/privacy_notice.html", PRIVACY_PATH),
    "accessibility": ("respondent/accessibility.html", ACCESSIBILITY_PATH),
    "likelihood": ("respondent/likelihood.html", LIKELIHOOD_PATH),
}


@route(
    [f"/{name}{language}" for name in READING_PAGES for language in ("", "/{language:str}")],
    http_method=["GET", "HEAD"],
    include_in_schema=False,
)
async def show_reading_page(request: AnyRequest) -> ASGIApp:
    """A page to read, in the address's language."""
    name = request.url.path.split("/")[1]
    template, path = READING_PAGES[name]
    language = request.path_params.get("language", "")
    if find_locale(language) is None:
        return GoTo(path.replace("{locale}", page_language(request, language)))
    page = request.app.state.pages.page(template, language, path=path)
    return PageAnswer(page.fill(nonce=csp_nonce(request.scope)))


ROUTES = [
    *personal_form.ROUTES,
    *go_on.ROUTES,
    *open_form.ROUTES,
    *own_page.ROUTES,
    *known_facts.ROUTES,
    *experience.ROUTES,
    *genuine.ROUTES,
    *trial_form.ROUTES,
    *tablet.ROUTES,
    *join.ROUTES,
    show_reading_page,
]
