"""`/staff/sign-in` and `/staff/sign-out`."""

import re
from datetime import UTC, datetime
from math import ceil
from typing import Any

from litestar import Response, get, post
from litestar.response import Redirect

from survey_service.domain.answers import clean_text
from survey_service.domain.errors import LimitReached, NotAllowed
from survey_service.i18n.translate import Translator
from survey_service.services.administration.sign_in import REFUSED, THROTTLED, sign_in, sign_out
from survey_service.web.forgery import refuse_cross_site
from survey_service.web.staff.guards import SIGN_IN_PATH, AnyRequest, require_session, signed_in_staff
from survey_service.web.staff.page import staff_page
from survey_service.web.staff.session import caller_of, cookies_for, ended_session_cookie

HOME_PATH = "/staff/surveys"

_own_path = re.compile(r"/staff(/[a-z0-9-]+)*")
_texts = Translator("staff")


@get(SIGN_IN_PATH)
async def show_sign_in(request: AnyRequest) -> Response[str]:
    """The form."""
    return _form(request, next_path=request.query_params.get("next", ""))


@post(SIGN_IN_PATH, guards=[refuse_cross_site], status_code=303)
async def do_sign_in(request: AnyRequest) -> Response[Any]:
    """Begin a session, or say in the same words for every reason that it was wrong."""
    form = await request.form()
    email, password = clean_text(str(form.get("email", ""))), str(form.get("password", ""))
    next_path = str(form.get("next", ""))
    settings = request.app.state.settings
    try:
        signed_in = await sign_in(
            email=email,
            password=password,
            caller=caller_of(request),
            secret_key=request.app.state.secret_key,
            session_hours=settings.session_hours,
            now=datetime.now(UTC),
        )
    except NotAllowed as refusal:
        if refusal.code != REFUSED:
            raise
        error = _texts.gettext("Enter the email address and the password you sign in with")
        return _form(request, email=email, next_path=next_path, error=error, status=422)
    except LimitReached as refusal:
        if refusal.code != THROTTLED:
            raise
        return _throttled(request, email, next_path, int(refusal.got or 60))
    return Redirect(_safe(next_path), status_code=303, cookies=cookies_for(signed_in, settings))


@post("/staff/sign-out", guards=[refuse_cross_site, require_session], status_code=303)
async def do_sign_out(request: AnyRequest) -> Response[Any]:
    """End the session."""
    key = caller_of(request).session_key
    assert key is not None, "require_session found it"
    await sign_out(key, signed_in_staff(request))
    return Redirect(SIGN_IN_PATH, status_code=303, cookies=[ended_session_cookie(request.app.state.settings)])


def _throttled(request: AnyRequest, email: str, next_path: str, seconds: int) -> Response[str]:
    minutes = ceil(seconds / 60)
    error = _texts.ngettext(
        "There were too many attempts from here. Try again in %(minutes)s minute",
        "There were too many attempts from here. Try again in %(minutes)s minutes",
        minutes,
    ) % {"minutes": minutes}
    return _form(
        request,
        email=email,
        next_path=next_path,
        error=error,
        status=429,
        headers={"Retry-After": str(seconds)},
    )


def _form(
    request: AnyRequest,
    *,
    email: str = "",
    next_path: str = "",
    error: str = "",
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> Response[str]:
    return staff_page(
        request,
        "staff/sign_in.html",
        email=email[:254],
        next_path=next_path if _own_path.fullmatch(next_path) else "",
        error=error,
        status=status,
        headers=headers,
    )


def _safe(path: str) -> str:
    """Only pages of ours: whoever made the link must not decide where a sign-in ends."""
    return path if _own_path.fullmatch(path) and not path.startswith(SIGN_IN_PATH) else HOME_PATH


ROUTES = [show_sign_in, do_sign_in, do_sign_out]
