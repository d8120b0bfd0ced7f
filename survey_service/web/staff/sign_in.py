"""`/staff/sign-in` and `/staff/sign-out`."""

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
from survey_service.web.staff.guards import AnyRequest, require_session, signed_in_staff
from survey_service.web.staff.kept_post import KEPT, KeptPost, is_own_path, read_kept
from survey_service.web.staff.page import staff_page
from survey_service.web.staff.session import (
    SIGN_IN_PATH,
    caller_of,
    cookies_for,
    csrf_token,
    ended_session_cookie,
)
from survey_service.web.staff.session_over import go_on_page

HOME_PATH = "/staff/surveys"

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
    next_path, kept = str(form.get("next", "")), read_kept(form)
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
        return _form(request, email=email, next_path=next_path, error=error, status=422, kept=kept)
    except LimitReached as refusal:
        if refusal.code != THROTTLED:
            raise
        return _throttled(request, email, next_path, int(refusal.got or 60), kept)
    if kept is None:
        return Redirect(_safe(next_path), status_code=303, cookies=cookies_for(signed_in, settings))
    token = csrf_token(request.app.state.secret_key, signed_in.session_key)
    page = go_on_page(request, kept, staff=signed_in.staff, token=token)
    page.cookies = cookies_for(signed_in, settings)
    return page


@post("/staff/sign-out", guards=[refuse_cross_site, require_session], status_code=303)
async def do_sign_out(request: AnyRequest) -> Response[Any]:
    """End the session."""
    key = caller_of(request).session_key
    assert key is not None, "require_session found it"
    await sign_out(key, signed_in_staff(request))
    return Redirect(SIGN_IN_PATH, status_code=303, cookies=[ended_session_cookie(request.app.state.settings)])


def _throttled(
    request: AnyRequest, email: str, next_path: str, seconds: int, kept: KeptPost | None
) -> Response[str]:
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
        kept=kept,
    )


def _form(
    request: AnyRequest,
    *,
    email: str = "",
    next_path: str = "",
    error: str = "",
    status: int = 200,
    headers: dict[str, str] | None = None,
    kept: KeptPost | None = None,
) -> Response[str]:
    return staff_page(
        request,
        "staff/sign_in.html",
        email=email[:254],
        next_path=next_path if is_own_path(next_path) else "",
        kept=kept,
        kept_mark=KEPT,
        error=error,
        status=status,
        headers=headers,
    )


def _safe(path: str) -> str:
    """Only pages of ours: whoever made the link must not decide where a sign-in ends."""
    return path if is_own_path(path) else HOME_PATH


ROUTES = [show_sign_in, do_sign_in, do_sign_out]
