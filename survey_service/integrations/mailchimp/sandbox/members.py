"""The members of the list: read, and changed as far as the API lets one."""

import random
from bisect import bisect_left
from datetime import datetime
from typing import Any

from survey_service.integrations.mailchimp.sandbox.answers import Answer, Asked, not_there, pick
from survey_service.integrations.mailchimp.sandbox.state import Sandbox, SandboxMember, new_member, stamp

WRITABLE = ("subscribed", "unsubscribed", "cleaned", "pending")


def show(sandbox: Sandbox, member: SandboxMember) -> dict[str, Any]:
    """Return a member as the API shows one."""
    tags = {str(one["tag"]): one.get("default_value", "") for one in sandbox.merge_fields}
    return {
        "id": member.md5,
        "email_address": member.email,
        "unique_email_id": member.unique_email_id,
        "contact_id": member.contact_id,
        "web_id": member.web_id,
        "status": member.status,
        "unsubscribe_reason": member.reason,
        "language": member.language,
        "merge_fields": tags | member.merge_fields,
        "interests": {one["id"]: member.interests.get(one["id"], False) for one in sandbox.interests},
        "marketing_permissions": [
            {"marketing_permission_id": one, "text": text, "enabled": member.permissions.get(one, False)}
            for one, text in sandbox.permissions.items()
        ],
        "member_rating": member.rating,
        "timestamp_signup": "",
        "timestamp_opt": member.opted_at,
        "last_changed": stamp(member.changed),
        "tags": [],
    }


def list_members(sandbox: Sandbox, asked: Asked) -> dict[str, Any]:
    """GET /lists/{list_id}/members."""
    found = _filtered(sandbox, asked)
    if asked.query.get("sort_dir") == "DESC":
        found = found[::-1]
    if not sandbox.switches.order_kept:
        chance = random.Random()  # noqa: S311 - what is not promised comes by chance
        found = sorted(found, key=lambda one: (one.changed, chance.random()))
    offset, count = int(asked.query.get("offset", 0)), int(asked.query.get("count", 10))
    fields = asked.query.get("fields")
    return {
        "members": [pick(show(sandbox, one), fields, "members.") for one in found[offset : offset + count]],
        "total_items": len(found),
    }


def _filtered(sandbox: Sandbox, asked: Asked) -> list[SandboxMember]:
    query, switches = asked.query, sandbox.switches
    found = sandbox.ordered()
    if "since_last_changed" in query:
        since = datetime.fromisoformat(query["since_last_changed"]).timestamp()
        least = since if switches.since_inclusive else since + 1
        found = found[bisect_left(found, least, key=lambda one: one.changed) :]
    if "unique_email_id" in query:
        found = [one for one in found if one.unique_email_id == query["unique_email_id"]]
    if "status" in query:
        return [one for one in found if one.status == query["status"]]
    if switches.archived_in_default:
        return found
    return [one for one in found if one.status != "archived"]


def find(sandbox: Sandbox, name: str) -> SandboxMember:
    """Return a member by md5 or contact_id."""
    member = sandbox.members.get(name)
    if member is None:
        member = next((one for one in sandbox.members.values() if one.contact_id == name), None)
    if member is None:
        raise not_there()
    return member


def get_member(sandbox: Sandbox, asked: Asked, name: str) -> dict[str, Any]:
    """GET /lists/{list_id}/members/{subscriber_hash}."""
    return pick(show(sandbox, find(sandbox, name)), asked.query.get("fields"))


def change_member(sandbox: Sandbox, asked: Asked, name: str) -> dict[str, Any]:
    """PATCH: an unknown member is 404, an archived one 405, and texts are cut without a word."""
    member = find(sandbox, name)
    if member.status == "archived":
        raise Answer(405, "Method Not Allowed", "The requested method and resource are not compatible.")
    body = asked.body or {}
    status = body.get("status")
    if status == "subscribed" and member.status != "subscribed":
        raise Answer(400, "Member In Compliance State", "… is in a compliance state …")
    known = {str(one["tag"]): one for one in sandbox.merge_fields}
    errors = []
    for tag, value in (body.get("merge_fields") or {}).items():
        if tag not in known:
            continue  # believed to be ignored
        if known[tag]["type"] == "url" and value and not str(value).startswith(("http://", "https://")):
            errors.append({"field": tag, "message": "Please enter a valid URL"})
            continue
        member.merge_fields = member.merge_fields | {tag: _cut(value, sandbox.switches.url_bytes)}
    if errors:
        raise Answer(400, "Invalid Resource", "Your merge fields were invalid.", errors)
    if status in WRITABLE:
        member.status = status
    sandbox.touch(member)
    return show(sandbox, member)


def _cut(value: Any, most: int) -> Any:
    if not isinstance(value, str):
        return value
    return value.encode()[:most].decode(errors="ignore")


def add_member(sandbox: Sandbox, asked: Asked) -> dict[str, Any]:
    """POST members and PUT: the product never does this; the log of the server shows who does."""
    body = asked.body
    member = new_member(body["email_address"], status=body.get("status") or body.get("status_if_new"))
    if member.md5 in sandbox.forgotten:
        raise Answer(400, "Forgotten Email Not Subscribed", "… was permanently deleted …")
    if member.md5 in sandbox.members and asked.method == "POST":
        raise Answer(400, "Member Exists", "… is already a list member.")
    sandbox.touch(member)
    sandbox.put(member)
    return show(sandbox, member)


def archive_member(sandbox: Sandbox, asked: Asked, name: str) -> dict[str, Any]:
    """DELETE: archive."""
    member = find(sandbox, name)
    if member.status in ("archived", "cleaned", "pending"):
        raise Answer(405, "Method Not Allowed", "Allow: GET, PUT")
    member.before_archive, member.status = member.status, "archived"
    sandbox.touch(member)
    raise Answer(204)
