"""From error to answer: one table from the error family to a status, a page for people, JSON for programs.

Nothing of an error's own text reaches a page of the public; programs get code, message and hint.
"""

from typing import Any

from jinja2 import TemplateError
from litestar import MediaType, Request, Response
from litestar.exceptions import HTTPException

from survey_service.domain.errors import (
    Closed,
    Conflict,
    FileRefused,
    LimitReached,
    NotAllowed,
    NotFound,
    SurveyServiceError,
    Unavailable,
)
from survey_service.i18n.locales import find_locale, negotiate
from survey_service.web.observability import log_failure
from survey_service.web.respondent.pages import PageStore
from survey_service.web.security import csp_nonce
from survey_service.web.staff.error_page import is_staff_address, staff_error_page

STATUS_OF: dict[type[SurveyServiceError], int] = {
    NotFound: 404,
    NotAllowed: 403,
    Conflict: 409,
    Closed: 410,
    LimitReached: 429,
    FileRefused: 422,
    Unavailable: 503,
    SurveyServiceError: 400,
}

PAGES = frozenset({400, 403, 404, 405, 413, 429, 500, 503})

LAST_RESORT = (
    b'<!DOCTYPE html><html lang="en" dir="ltr"><head><meta charset="utf-8"><title>Error: sorry</title></head>'
    b"<body><h1>Sorry, there is a problem with the service</h1><p>Try again later.</p></body></html>"
)


def status_of(error: BaseException) -> int:
    """Return the HTTP status an error is answered with."""
    if isinstance(error, HTTPException):
        return error.status_code
    for kind in type(error).__mro__:
        if kind in STATUS_OF:
            return STATUS_OF[kind]
    return 500


def answer_error(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """Answer any error: JSON under /api, a page in the reader's language elsewhere."""
    status = status_of(error)
    if status >= 500 and not isinstance(error, HTTPException):
        log_failure(error)
    headers = {"Retry-After": "60"} if status in {429, 503} else {}
    if request.url.path.startswith("/api/"):
        return Response({"error": _describe(error, status)}, status_code=status, headers=headers)
    if is_staff_address(request.url.path):
        try:
            return staff_error_page(request, error, status, headers)
        except (TemplateError, OSError) as broken:
            log_failure(broken)
    return Response(_page(request, status), status_code=status, media_type=MediaType.HTML, headers=headers)


def _describe(error: Exception, status: int) -> dict[str, Any]:
    if isinstance(error, SurveyServiceError):
        facts = {"code": error.code, "message": error.message}
        more = {"expected": error.expected, "got": error.got, "hint": error.hint}
        return facts | {name: value for name, value in more.items() if value is not None}
    detail = error.detail if isinstance(error, HTTPException) and status < 500 else "The server failed."
    return {"code": f"http_{status}", "message": detail}


def reader_locale(request: Request[Any, Any, Any]) -> str:
    """Return the language of the address, else the best one the reader's browser asks for."""
    for part in reversed(request.url.path.split("/")):
        if find_locale(part) is not None:
            return part
    offered = [locale.code for locale in request.app.state.pages.offered]
    return negotiate(request.headers.get("accept-language"), offered)


def _page(request: Request[Any, Any, Any], status: int) -> bytes:
    name = status if status in PAGES else (500 if status >= 500 else 400)
    pages: PageStore = request.app.state.pages
    try:
        page = pages.page(f"errors/{name}.html", reader_locale(request))
        return page.fill(nonce=csp_nonce(request.scope))
    except (TemplateError, OSError) as broken:
        # A broken error page must still answer.
        log_failure(broken)
        return LAST_RESORT


EXCEPTION_HANDLERS: dict[int | type[Exception], Any] = {Exception: answer_error, HTTPException: answer_error}
