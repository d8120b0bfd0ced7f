"""Refuse posts that another site sent.

Respondents have no cookie, so there is nothing to forge with but the link itself, which is the
capability; this check is what stops another page from posting into an open form. For staff it
stands in front of the session's own token. The order of the checks is the one browsers make
possible since `Sec-Fetch-Site` exists: trust it when it is there, else compare `Origin` with the
host; a request with neither comes from no browser we need to defend against.
"""

from typing import Any
from urllib.parse import urlsplit

from litestar.connection import ASGIConnection
from litestar.exceptions import PermissionDeniedException
from litestar.handlers.base import BaseRouteHandler

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


async def refuse_cross_site(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """Guard for `check_same_site`; a coroutine, as Litestar sends a plain function to a thread."""
    check_same_site(connection)


def check_same_site(connection: ASGIConnection[Any, Any, Any, Any]) -> None:
    """Raise 403 for a state-changing request that comes from another site."""
    if connection.scope.get("method") in SAFE_METHODS:
        return
    headers = connection.headers
    site = headers.get("sec-fetch-site")
    if site is not None:
        if site in {"same-origin", "none"}:
            return
        raise PermissionDeniedException("cross-site post")
    origin = headers.get("origin")
    if origin is None:
        return
    allowed = {headers.get("host", ""), urlsplit(connection.app.state.settings.public_url).netloc}
    if urlsplit(origin).netloc not in allowed - {""}:
        raise PermissionDeniedException("cross-site post")
