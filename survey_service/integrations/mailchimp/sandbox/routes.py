"""From a request to the handler that answers it."""

import re
from collections.abc import Callable
from typing import Any

from survey_service.integrations.mailchimp.sandbox import batches, campaigns, lists, members
from survey_service.integrations.mailchimp.sandbox.answers import Answer, Asked, not_there
from survey_service.integrations.mailchimp.sandbox.state import LIST_ID, Sandbox

_LIST = f"/lists/{LIST_ID}"
_ROUTES: list[tuple[str, str, Callable[..., Any]]] = [
    ("GET", r"/ping", lambda sandbox, asked: {"health_status": "Everything's Chimpy!"}),
    ("GET", r"/lists", lists.show_lists),
    ("GET", _LIST, lists.show_list),
    ("GET", rf"{_LIST}/members", members.list_members),
    ("POST", rf"{_LIST}/members", members.add_member),
    ("GET", rf"{_LIST}/members/([^/]+)", members.get_member),
    ("PATCH", rf"{_LIST}/members/([^/]+)", members.change_member),
    ("PUT", rf"{_LIST}/members/[^/]+", members.add_member),
    ("DELETE", rf"{_LIST}/members/([^/]+)", members.archive_member),
    ("GET", rf"{_LIST}/merge-fields", lists.show_fields),
    ("POST", rf"{_LIST}/merge-fields", lists.add_field),
    ("GET", rf"{_LIST}/interest-categories", lists.show_groups),
    ("GET", rf"{_LIST}/interest-categories/([^/]+)/interests", lists.show_interests),
    ("GET", rf"{_LIST}/segments", lists.show_segments),
    ("POST", rf"{_LIST}/segments", lists.add_segment),
    ("GET", rf"{_LIST}/segments/([^/]+)", lists.show_segment),
    ("PATCH", rf"{_LIST}/segments/([^/]+)", lists.change_segment),
    ("POST", rf"{_LIST}/segments/([^/]+)", lists.fill_segment),
    ("GET", rf"{_LIST}/webhooks", lists.show_hooks),
    ("POST", rf"{_LIST}/webhooks", lists.add_hook),
    ("DELETE", rf"{_LIST}/webhooks/([^/]+)", lists.remove_hook),
    ("GET", r"/campaigns", campaigns.show_campaigns),
    ("POST", r"/campaigns", campaigns.add_campaign),
    ("GET", r"/campaigns/([^/]+)", campaigns.show_campaign),
    ("GET", r"/campaigns/([^/]+)/content", campaigns.show_content),
    ("PUT", r"/campaigns/([^/]+)/content", campaigns.set_content),
    ("GET", r"/reports/([^/]+)/sent-to", campaigns.show_recipients),
    ("GET", r"/reports/([^/]+)/email-activity", campaigns.show_activity),
    ("POST", r"/batches", batches.start),
]
_COMPILED = [(method, re.compile(pattern), handler) for method, pattern, handler in _ROUTES]
_BATCH = re.compile(r"/batches/([^/]+)")


def answer(sandbox: Sandbox, asked: Asked, base: str = "") -> tuple[int, Any]:
    """Return status and body for one request; needs the lock."""
    try:
        found = _BATCH.fullmatch(asked.path)
        if asked.method == "GET" and found:
            return 200, batches.show(sandbox, asked, found[1], answer, base)
        if asked.path.startswith(_LIST) and not sandbox.switches.list_is_there:
            raise not_there()
        for method, pattern, handler in _COMPILED:
            matched = pattern.fullmatch(asked.path)
            if method == asked.method and matched:
                return 200, handler(sandbox, asked, *matched.groups())
        raise not_there()
    except Answer as other:
        return other.status, other.body()
