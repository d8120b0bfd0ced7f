"""What stands before every staff page: a session, and for a post the token of its form."""

import hmac
from datetime import UTC, datetime
from typing import Any

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.exceptions import PermissionDeniedException
from litestar.handlers.base import BaseRouteHandler

from survey_service.db.staff import StaffMember
from survey_service.services.administration.sign_in import find_signed_in
from survey_service.web.forgery import SAFE_METHODS
from survey_service.web.staff.kept_post import KeptPost, read_refused
from survey_service.web.staff.session import CSRF_FIELD, caller_of, csrf_token

AnyRequest = Request[Any, Any, Any]


class SignInNeeded(Exception):
    """Nobody is signed in, or not any more; with what was posted all the same."""

    def __init__(self, kept: KeptPost | None = None) -> None:
        super().__init__("Nobody is signed in.")
        self.kept = kept


class FormOfAnotherSession(PermissionDeniedException):
    """Somebody is signed in, and what was posted is of a page from before that."""

    def __init__(self, staff: StaffMember, kept: KeptPost | None) -> None:
        super().__init__("The form is not of this session.")
        self.staff = staff
        self.kept = kept


async def require_session(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """Guard: find out who this is, and refuse a post whose form is not of this session."""
    key = caller_of(connection).session_key
    staff = await find_signed_in(key, datetime.now(UTC)) if key else None
    assert isinstance(connection, Request), "there are no web sockets here"
    if key is None or staff is None:
        raise SignInNeeded(await read_refused(connection))
    if connection.method not in SAFE_METHODS:
        form = await connection.form()
        expected = csrf_token(connection.app.state.secret_key, key)
        if not hmac.compare_digest(str(form.get(CSRF_FIELD, "")).encode(), expected.encode()):
            raise FormOfAnotherSession(staff, await read_refused(connection))
    connection.scope["user"] = staff


def signed_in_staff(request: AnyRequest) -> StaffMember:
    """Who is signed in, behind `require_session`."""
    staff: StaffMember = request.user
    return staff
