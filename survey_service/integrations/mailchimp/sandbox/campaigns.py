"""Campaigns: written by the API, sent by an editor, reported on afterwards."""

from datetime import UTC, datetime
from typing import Any

from survey_service.integrations.mailchimp.sandbox.answers import Answer, Asked, not_there, pick
from survey_service.integrations.mailchimp.sandbox.lists import members_of
from survey_service.integrations.mailchimp.sandbox.render import render
from survey_service.integrations.mailchimp.sandbox.state import (
    LIST_ID,
    Sandbox,
    SandboxCampaign,
    SandboxMember,
    new_id,
    stamp,
)


def _show(campaign: SandboxCampaign) -> dict[str, Any]:
    return {
        "id": campaign.id,
        "type": "regular",
        "status": campaign.status,
        "create_time": campaign.created,
        "send_time": campaign.send_time,
        "archive_url": "",
        "emails_sent": len(campaign.sent),
        "recipients": {
            "list_id": LIST_ID,
            "segment_opts": {"saved_segment_id": campaign.segment} if campaign.segment else {},
        },
        "settings": {"title": campaign.title, "subject_line": campaign.subject},
    }


def show_campaigns(sandbox: Sandbox, asked: Asked) -> dict[str, Any]:
    """GET campaigns."""
    since = asked.query.get("since_create_time", "")
    found = [one for one in sandbox.campaigns.values() if _moment(one.created) >= _moment(since)]
    offset, count = int(asked.query.get("offset", 0)), int(asked.query.get("count", 10))
    page = [pick(_show(one), asked.query.get("fields"), "campaigns.") for one in found[offset:][:count]]
    return {"campaigns": page, "total_items": len(found)}


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text) if text else datetime.min.replace(tzinfo=UTC)


def find(sandbox: Sandbox, name: str) -> SandboxCampaign:
    """Return a campaign."""
    if name not in sandbox.campaigns:
        raise not_there()
    return sandbox.campaigns[name]


def show_campaign(sandbox: Sandbox, asked: Asked, name: str) -> dict[str, Any]:
    """GET one campaign."""
    return pick(_show(find(sandbox, name)), asked.query.get("fields"))


def add_campaign(sandbox: Sandbox, asked: Asked) -> dict[str, Any]:
    """POST campaigns: a draft."""
    body = asked.body
    settings, recipients = body.get("settings") or {}, body.get("recipients") or {}
    campaign = SandboxCampaign(
        id=new_id(),
        title=settings.get("title", ""),
        subject=settings.get("subject_line", ""),
        created=stamp(sandbox.now()),
        segment=(recipients.get("segment_opts") or {}).get("saved_segment_id"),
    )
    sandbox.campaigns[campaign.id] = campaign
    return _show(campaign)


def set_content(sandbox: Sandbox, asked: Asked, name: str) -> dict[str, Any]:
    """PUT the content of a campaign that was not sent."""
    campaign = find(sandbox, name)
    if campaign.status == "sent":
        raise Answer(400, "Bad Request", "A sent campaign cannot be changed.")
    campaign.html = asked.body.get("html", campaign.html)
    campaign.text = asked.body.get("plain_text", campaign.text)
    return {"html": campaign.html, "plain_text": campaign.text}


def show_content(sandbox: Sandbox, asked: Asked, name: str) -> dict[str, Any]:
    """GET the content of a campaign, as its editors wrote it."""
    campaign = find(sandbox, name)
    return pick({"html": campaign.html, "plain_text": campaign.text}, asked.query.get("fields"))


def copy_for(sandbox: Sandbox, campaign: SandboxCampaign, member: SandboxMember) -> tuple[str, str]:
    """Return the HTML and the plain text that one member gets."""
    tags = {str(one["tag"]): one.get("default_value", "") for one in sandbox.merge_fields}
    values = tags | member.merge_fields | {"EMAIL": member.email, "UNSUB": "#unsubscribe"}
    return (
        render(campaign.html, values, is_html=True),
        render(campaign.text, values, is_html=False),
    )


def send(sandbox: Sandbox, campaign: SandboxCampaign, at: str = "") -> None:
    """Send as an editor does: everybody subscribed, or the segment's, each their own copy."""
    if campaign.segment is None:
        to = [one for one in sandbox.members.values() if one.status == "subscribed"]
    else:
        to = members_of(sandbox, sandbox.segments[campaign.segment])
    campaign.sent = {one.md5: copy_for(sandbox, campaign, one) for one in to}
    campaign.status, campaign.send_time = "sent", at or stamp(sandbox.now())


def show_recipients(sandbox: Sandbox, asked: Asked, name: str) -> dict[str, Any]:
    """GET reports/{campaign}/sent-to."""
    campaign = find(sandbox, name)
    offset, count = int(asked.query.get("offset", 0)), int(asked.query.get("count", 10))
    page = [{"email_id": md5, "status": "sent"} for md5 in list(campaign.sent)[offset : offset + count]]
    return {"sent_to": page, "campaign_id": name, "total_items": len(campaign.sent)}


def show_activity(sandbox: Sandbox, asked: Asked, name: str) -> dict[str, Any]:
    """GET reports/{campaign}/email-activity; a thousand at once is a time-out at the real one."""
    campaign = find(sandbox, name)
    offset, count = int(asked.query.get("offset", 0)), int(asked.query.get("count", 10))
    if count > 500:
        raise Answer(504, "Gateway Timeout", "Ask for 500.")
    page = [
        {
            "email_id": md5,
            "activity": [{"action": action, "timestamp": at} for action, at in campaign.events.get(md5, [])],
        }
        for md5 in list(campaign.sent)[offset : offset + count]
    ]
    return {"emails": page, "campaign_id": name, "total_items": len(campaign.sent)}
