"""What stands before every staff page: a session, and for a post the token of its form."""

import hmac
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from litestar import Request, Response
from litestar.connection import ASGIConnection
from litestar.exceptions import PermissionDeniedException
from litestar.handlers.base import BaseRouteHandler
from litestar.response import Redirect

from survey_service.db.staff import StaffMember
from survey_service.services.administration.sign_in import find_signed_in
from survey_service.web.forgery import SAFE_METHODS
from survey_service.web.staff.session import CSRF_FIELD, caller_of, csrf_token

AnyRequest = Request[Any, Any, Any]

SIGN_IN_PATH = "/staff/sign-in"


class SignInNeeded(Exception):
    """Nobody is signed in, or not any more."""


async def require_session(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """Guard: find out who this is, and refuse a post whose form is not of this session."""
    key = caller_of(connection).session_key
    staff = await find_signed_in(key, datetime.now(UTC)) if key else None
    if key is None or staff is None:
        raise SignInNeeded
    assert isinstance(connection, Request), "there are no web sockets here"
    if connection.method not in SAFE_METHODS:
        form = await connection.form()
        expected = csrf_token(connection.app.state.secret_key, key)
        if not hmac.compare_digest(str(form.get(CSRF_FIELD, "")).encode(), expected.encode()):
            raise PermissionDeniedException("The form is not of this session.")
    connection.scope["user"] = staff


def signed_in_staff(request: AnyRequest) -> StaffMember:
    """Who is signed in, behind `require_session`."""
    staff: StaffMember = request.user
    return staff


def send_to_sign_in(request: AnyRequest, _: SignInNeeded) -> Response[Any]:
    """Answer `SignInNeeded`: sign in first, then come back here."""
    is_safe = request.method in SAFE_METHODS
    query = f"?{urlencode({'next': request.url.path})}" if is_safe and request.url.path != "/staff" else ""
    return Redirect(f"{SIGN_IN_PATH}{query}", status_code=303)
