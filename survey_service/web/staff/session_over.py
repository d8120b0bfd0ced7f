"""What somebody sees who posts or opens a page without a session that holds."""

from typing import Any
from urllib.parse import urlencode

from litestar import Response
from litestar.response import Redirect

from survey_service.db.staff import StaffMember
from survey_service.web.errors import answer_error
from survey_service.web.forgery import SAFE_METHODS
from survey_service.web.staff.guards import AnyRequest, FormOfAnotherSession, SignInNeeded
from survey_service.web.staff.kept_post import KEPT, KeptPost
from survey_service.web.staff.page import staff_page
from survey_service.web.staff.session import CSRF_FIELD, SIGN_IN_PATH, caller_of, csrf_token

PREVIEW = "/preview"
_FORM = {"WWW-Authenticate": "Form"}
"""A 401 names a way to sign in; browsers leave to the page what they do not know."""


def answer_without_session(request: AnyRequest, needed: SignInNeeded) -> Response[Any]:
    """Answer `SignInNeeded`: sign in first, then come back here, with what was typed."""
    if request.url.path.endswith(PREVIEW):
        return _preview_over(request, 401)
    if needed.kept is not None:
        return staff_page(
            request,
            "staff/sign_in.html",
            status=401,
            headers=_FORM,
            kept=needed.kept,
            kept_mark=KEPT,
            email="",
            next_path="",
            error="",
        )
    is_safe = request.method in SAFE_METHODS
    query = f"?{urlencode({'next': request.url.path})}" if is_safe and request.url.path != "/staff" else ""
    return Redirect(f"{SIGN_IN_PATH}{query}", status_code=303)


def answer_other_session(request: AnyRequest, refusal: FormOfAnotherSession) -> Response[Any]:
    """Answer `FormOfAnotherSession`: what was typed, to be sent on with the token that holds now."""
    if request.url.path.endswith(PREVIEW):
        return _preview_over(request, 403)
    key = caller_of(request).session_key
    if refusal.kept is None or key is None:
        return answer_error(request, refusal)
    token = csrf_token(request.app.state.secret_key, key)
    return go_on_page(request, refusal.kept, staff=refusal.staff, token=token, status=403)


def go_on_page(
    request: AnyRequest, kept: KeptPost, *, staff: StaffMember, token: str, status: int = 200
) -> Response[str]:
    """For somebody signed in: what was typed, ready to be sent on."""
    return staff_page(
        request,
        "staff/go_on.html",
        status=status,
        kept=kept,
        who=staff.name or staff.email,
        csrf_name=CSRF_FIELD,
        new_token=token,
    )


def _preview_over(request: AnyRequest, status: int) -> Response[str]:
    """In the frame beside a question: nothing is shown there until somebody signs in again."""
    headers = _FORM if status == 401 else None
    return staff_page(request, "staff/preview_over.html", status=status, headers=headers)
