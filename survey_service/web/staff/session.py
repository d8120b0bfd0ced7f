"""The two cookies of staff, and the token that every form of a session carries.

Both cookies exist only under /staff and are out of reach of scripts. `__Secure-` (never `__Host-`, which
would send them to every address) is in their names where they are marked Secure.
"""

import hashlib
import hmac
from datetime import timedelta
from typing import Any

from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie

from survey_service.services.administration.sign_in import Caller, SignedIn
from survey_service.settings import Settings
from survey_service.web.limits import client_network

PATH = "/staff"
SIGN_IN_PATH = "/staff/sign-in"
DEVICE_LASTS = timedelta(days=180)
CSRF_FIELD = "csrf_token"


def session_cookie(settings: Settings) -> str:
    """The name of the cookie that holds the session's key."""
    return _name(settings, "staff-session")


def device_cookie(settings: Settings) -> str:
    """The name of the cookie that says somebody signed in here before."""
    return _name(settings, "staff-device")


def caller_of(connection: ASGIConnection[Any, Any, Any, Any]) -> Caller:
    """Where a request comes from."""
    settings = connection.app.state.settings
    return Caller(
        network=client_network(connection),
        device_key=connection.cookies.get(device_cookie(settings)),
        session_key=connection.cookies.get(session_cookie(settings)),
    )


def cookies_for(signed_in: SignedIn, settings: Settings) -> list[Cookie]:
    """What a browser keeps after signing in."""
    return [
        _cookie(settings, session_cookie(settings), signed_in.session_key, signed_in.lasts),
        _cookie(settings, device_cookie(settings), signed_in.device_key, DEVICE_LASTS),
    ]


def ended_session_cookie(settings: Settings) -> Cookie:
    """What makes a browser forget its session. It keeps knowing that somebody signed in here."""
    return _cookie(settings, session_cookie(settings), "", timedelta())


def csrf_token(secret_key: bytes, session_key: str) -> str:
    """The token of a session's forms: another site can neither read nor compute it."""
    return hmac.new(secret_key, f"form of {session_key}".encode(), hashlib.sha256).hexdigest()


def _name(settings: Settings, name: str) -> str:
    return f"__Secure-{name}" if settings.secure_cookies else name


def _cookie(settings: Settings, name: str, value: str, lasts: timedelta) -> Cookie:
    return Cookie(
        key=name,
        value=value,
        path=PATH,
        max_age=int(lasts.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=settings.secure_cookies,
    )
