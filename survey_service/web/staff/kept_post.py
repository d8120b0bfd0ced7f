"""What was typed when a session was over: back to its reader in hidden fields, and on after signing in.

Nothing is stored. Only a page of ours can have posted it (`refuse_cross_site` stands first), and it is sent
on by hand, with the token of the session that holds then.
"""

import re
from typing import Any

import msgspec
from litestar import Request

from survey_service.web.forgery import SAFE_METHODS
from survey_service.web.staff.session import CSRF_FIELD, SIGN_IN_PATH

KEPT = "kept:"
"""Begins the name of a field that waits for its reader to sign in."""
PATH_FIELD = "kept-path"
MOST_FIELDS = 2_000
MOST_BYTES = 500_000
URL_ENCODED = "application/x-www-form-urlencoded"
SIGN_OUT_PATH = "/staff/sign-out"

_own_path = re.compile(r"/staff(/[A-Za-z0-9_-]+)*")


class KeptPost(msgspec.Struct, frozen=True, kw_only=True):
    """A form that was posted without a session: its address and its fields, without the old token."""

    path: str
    fields: tuple[tuple[str, str], ...]


def is_own_path(path: str) -> bool:
    """Only pages of ours: whoever made a link must not decide where a sign-in ends."""
    return _own_path.fullmatch(path) is not None and not path.startswith(SIGN_IN_PATH)


async def read_refused(request: Request[Any, Any, Any]) -> KeptPost | None:
    """What is worth keeping of a post that was refused; None for a file, a button alone, or too much."""
    kind = request.headers.get("content-type", "").partition(";")[0]
    size = request.headers.get("content-length", "")
    is_small = size.isascii() and size.isdigit() and int(size) <= MOST_BYTES
    path = request.url.path
    if request.method in SAFE_METHODS or kind != URL_ENCODED or not is_small or path == SIGN_OUT_PATH:
        return None
    fields = _fields(await request.form())
    return KeptPost(path=path, fields=fields) if fields and is_own_path(path) else None


def read_kept(posted: Any) -> KeptPost | None:
    """What the page of the sign-in carries."""
    path = str(posted.get(PATH_FIELD, ""))
    fields = tuple((name.removeprefix(KEPT), text) for name, text in _fields(posted) if name.startswith(KEPT))
    return KeptPost(path=path, fields=fields) if fields and is_own_path(path) else None


def _fields(posted: Any) -> tuple[tuple[str, str], ...]:
    found = [(str(name), str(text)) for name, text in posted.multi_items() if name != CSRF_FIELD]
    return tuple(found[:MOST_FIELDS])
