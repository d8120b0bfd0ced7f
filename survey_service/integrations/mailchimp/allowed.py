"""Which requests may leave this house for Mailchimp. Whatever is not on the list is not sent.

The list is what makes "nobody is ever re-subscribed" a property of the program and not of its good will:
no PUT at all, no POST of members, no POST to a list (which can subscribe), no status in a PATCH, no sending
of a campaign. The operations of a batch pass the same list.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

_MD5 = r"[0-9a-f]{32}"
_ID = r"[A-Za-z0-9_-]+"
_MEMBER = re.compile(rf"/lists/{_ID}/members/{_MD5}")
_ALLOWED = [
    ("GET", re.compile(r"/ping|/lists(?:/.*)?|/campaigns(?:/.*)?|/reports/.*|/batches/.*")),
    ("PATCH", _MEMBER),
    ("PATCH", re.compile(rf"/lists/{_ID}/segments/{_ID}")),
    ("POST", re.compile(rf"/lists/{_ID}/(?:merge-fields|segments|webhooks)")),
    ("POST", re.compile(rf"/lists/{_ID}/segments/{_ID}")),
    ("DELETE", re.compile(rf"/lists/{_ID}/webhooks/{_ID}")),
    ("POST", re.compile(r"/campaigns|/batches")),
    ("PUT", re.compile(rf"/campaigns/{_ID}/content")),
]


class NotOnTheList(Exception):
    """A request this program must never send: a mistake in the program, not a refusal."""


def check_request(method: str, path: str, body: Any) -> None:
    """Raise `NotOnTheList` for what must not be sent."""
    if not any(method == allowed and pattern.fullmatch(path) for allowed, pattern in _ALLOWED):
        raise NotOnTheList(f"{method} {_without_ids(path)}")
    if method == "PATCH" and _MEMBER.fullmatch(path):
        _check_member(body)
    if (method, path) == ("POST", "/batches"):
        for operation in body["operations"]:
            if operation["method"] != "PATCH" or not _MEMBER.fullmatch(operation["path"]):
                raise NotOnTheList("batch operation")
            _check_member(json.loads(operation["body"]))


def _check_member(body: Any) -> None:
    """Of a member only merge fields are written: never the status, never the address."""
    if not isinstance(body, Mapping) or set(body) != {"merge_fields"}:
        raise NotOnTheList("PATCH of more than merge fields")


def _without_ids(path: str) -> str:
    return re.sub(_MD5, "…", path)
