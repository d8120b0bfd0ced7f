"""The list itself: its fields, interests, segments and webhooks."""

import secrets
from typing import Any

from survey_service.integrations.mailchimp.sandbox.answers import Answer, Asked, not_there, pick
from survey_service.integrations.mailchimp.sandbox.state import (
    LIST_ID,
    Sandbox,
    SandboxHook,
    SandboxMember,
    SandboxSegment,
    md5_of,
    new_id,
)

MOST_IN_A_SEGMENT_CALL = 500
LONGEST_TAG = 10


def show_list(sandbox: Sandbox, asked: Asked) -> dict[str, Any]:
    """GET /lists/{list_id}."""
    count = sum(one.status == "subscribed" for one in sandbox.members.values())
    found = {"id": LIST_ID, "name": "Skyline", "double_optin": True, "stats": {"member_count": count}}
    return pick(found, asked.query.get("fields"))


def show_lists(sandbox: Sandbox, asked: Asked) -> dict[str, Any]:
    """GET /lists."""
    return {"lists": [show_list(sandbox, Asked(method="GET", path="", query={}))], "total_items": 1}


def show_fields(sandbox: Sandbox, asked: Asked) -> dict[str, Any]:
    """GET merge-fields."""
    fields = [{"merge_id": place, **one} for place, one in enumerate(sandbox.merge_fields, 1)]
    return {"merge_fields": fields, "list_id": LIST_ID, "total_items": len(fields)}


def add_field(sandbox: Sandbox, asked: Asked) -> dict[str, Any]:
    """POST merge-fields."""
    body = asked.body
    tag = str(body.get("tag") or f"MMERGE{len(sandbox.merge_fields) + 1}").upper()
    if len(tag) > LONGEST_TAG:
        raise Answer(
            400, "Invalid Resource", "Merge Max Length is 10", [{"field": "tag", "message": "too long"}]
        )
    if any(one["tag"] == tag for one in sandbox.merge_fields):
        raise Answer(400, "Bad Request", f"A Merge Field with the tag {tag} already exists for this list.")
    sandbox.merge_fields.append({"default_value": "", "public": False, **body, "tag": tag})
    return {"merge_id": len(sandbox.merge_fields), **sandbox.merge_fields[-1]}


def show_groups(sandbox: Sandbox, asked: Asked) -> dict[str, Any]:
    """GET interest-categories."""
    groups = sorted({one["group"] for one in sandbox.interests})
    return {
        "categories": [{"id": f"group{place}", "title": name} for place, name in enumerate(groups)],
        "total_items": len(groups),
    }


def show_interests(sandbox: Sandbox, asked: Asked, group: str) -> dict[str, Any]:
    """GET the interests of a group."""
    groups = sorted({one["group"] for one in sandbox.interests})
    title = groups[int(group.removeprefix("group"))]
    found = [{"id": one["id"], "name": one["name"]} for one in sandbox.interests if one["group"] == title]
    return {"interests": found, "total_items": len(found)}


def members_of(sandbox: Sandbox, segment: SandboxSegment) -> list[SandboxMember]:
    """Return who is in a segment and can be mailed."""
    if segment.field:
        found = [one for one in sandbox.members.values() if one.merge_fields.get(segment.field)]
    else:
        found = [sandbox.members[md5] for md5 in segment.members if md5 in sandbox.members]
    return [one for one in found if one.status == "subscribed"]


def _show_segment(sandbox: Sandbox, segment: SandboxSegment) -> dict[str, Any]:
    return {
        "id": segment.id,
        "name": segment.name,
        "type": "saved" if segment.field else "static",
        "member_count": len(members_of(sandbox, segment)),
        "list_id": LIST_ID,
    }


def show_segments(sandbox: Sandbox, asked: Asked) -> dict[str, Any]:
    """GET segments."""
    fields = asked.query.get("fields")
    shown = [pick(_show_segment(sandbox, one), fields, "segments.") for one in sandbox.segments.values()]
    return {"segments": shown, "total_items": len(shown)}


def _segment(sandbox: Sandbox, name: str) -> SandboxSegment:
    if not name.isdigit() or int(name) not in sandbox.segments:
        raise not_there()
    return sandbox.segments[int(name)]


def show_segment(sandbox: Sandbox, asked: Asked, name: str) -> dict[str, Any]:
    """GET one segment."""
    return _show_segment(sandbox, _segment(sandbox, name))


def add_segment(sandbox: Sandbox, asked: Asked) -> dict[str, Any]:
    """POST segments."""
    body, number = asked.body, max(sandbox.segments, default=100) + 1
    if any(one.name == body["name"] for one in sandbox.segments.values()):
        raise Answer(400, "Bad Request", "Sorry, that tag already exists.")
    segment = SandboxSegment(id=number, name=body["name"], members=set())
    for condition in (body.get("options") or {}).get("conditions", []):
        segment.field = condition["field"]
    sandbox.segments[number] = segment
    return _show_segment(sandbox, segment)


def change_segment(sandbox: Sandbox, asked: Asked, name: str) -> dict[str, Any]:
    """PATCH a segment: `static_segment` is everybody in it from now on."""
    segment = _segment(sandbox, name)
    segment.name = asked.body.get("name", segment.name)
    if "static_segment" in asked.body:
        segment.members = {md5_of(address) for address in asked.body["static_segment"]}
    return _show_segment(sandbox, segment)


def fill_segment(sandbox: Sandbox, asked: Asked, name: str) -> dict[str, Any]:
    """POST a segment: add and remove, 500 addresses at most; what is not in the list is told in `errors`."""
    segment = _segment(sandbox, name)
    if segment.field:
        raise not_there()  # as the real one: misleading, but so it is
    adds, removes = asked.body.get("members_to_add") or [], asked.body.get("members_to_remove") or []
    if max(len(adds), len(removes)) > MOST_IN_A_SEGMENT_CALL:
        raise Answer(400, "Bad Request", "Maximum allowed member items exceeded. Maximum of 500 allowed")
    taken: list[str] = []
    refused: list[str] = []
    for address in adds:
        member = sandbox.members.get(md5_of(address))
        (taken if member is not None and member.status == "subscribed" else refused).append(address)
    segment.members |= {md5_of(address) for address in taken}
    segment.members -= {md5_of(address) for address in removes}
    if sandbox.switches.tag_moves_last_changed:
        for address in taken:
            sandbox.touch(sandbox.members[md5_of(address)])
    error = {"email_addresses": refused, "error": "Email addresses are not subscribed to this list."}
    return {
        "members_added": [],
        "errors": [error] if refused else [],
        "total_added": len(taken),
        "total_removed": len(removes),
        "error_count": len(refused),
    }


def _show_hook(hook: SandboxHook) -> dict[str, Any]:
    return {
        "id": hook.id,
        "url": hook.url,
        "events": hook.events,
        "sources": hook.sources,
        "list_id": LIST_ID,
    }


def show_hooks(sandbox: Sandbox, asked: Asked) -> dict[str, Any]:
    """GET webhooks; one that was disabled is not there any more."""
    hooks = [_show_hook(one) for one in sandbox.hooks.values() if not one.is_disabled]
    return {"webhooks": hooks, "list_id": LIST_ID, "total_items": len(hooks)}


def add_hook(sandbox: Sandbox, asked: Asked) -> dict[str, Any]:
    """POST webhooks, after the server asked the address with a GET; the secret is told this once."""
    body = asked.body
    address = str(body["url"]).split("?")[0]
    if any(one.url.split("?")[0] == address for one in sandbox.hooks.values() if not one.is_disabled):
        raise Answer(400, "Invalid Resource", "Sorry, you can't set up multiple WebHooks for one URL")
    signing = sandbox.switches.signing and body.get("signing_enabled", False)
    hook = SandboxHook(
        id=new_id(),
        url=body["url"],
        events=body.get("events") or {},
        sources=body.get("sources") or {},
        secret=secrets.token_urlsafe(24) if signing else "",
    )
    sandbox.hooks[hook.id] = hook
    return _show_hook(hook) | ({"signing_secret": hook.secret} if signing else {})


def remove_hook(sandbox: Sandbox, asked: Asked, name: str) -> dict[str, Any]:
    """DELETE a webhook."""
    if sandbox.hooks.pop(name, None) is None:
        raise not_there()
    raise Answer(204)
