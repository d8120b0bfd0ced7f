"""The calls about campaigns: read the calendar and the reports, write a draft. None sends anything."""

from functools import partial
from typing import Any

from mailchimp_marketing.api.campaigns_api import CampaignsApi
from mailchimp_marketing.api.reports_api import ReportsApi

from survey_service.integrations.mailchimp.calling import Caller, read
from survey_service.integrations.mailchimp.port import ACTIVITY_PAGE, PAGE, Activity, CampaignFacts
from survey_service.integrations.mailchimp.transport import CheckedApiClient

_FIELDS = (
    "id", "status", "send_time", "emails_sent", "archive_url", "settings.title", "settings.subject_line",
    "recipients.list_id", "recipients.segment_opts.saved_segment_id",
)  # fmt: skip


class CampaignCalls:
    """The half of the client that is about campaigns."""

    def __init__(self, api: CheckedApiClient, list_id: str, caller: Caller) -> None:
        self._list = list_id
        self._caller = caller
        self._campaigns, self._reports = CampaignsApi(api), ReportsApi(api)

    async def list_campaigns(self, *, since: str | None = None) -> list[CampaignFacts]:
        """Return the campaigns of the list made since a moment, drafts and scheduled ones, too."""
        query: dict[str, Any] = {"since_create_time": since} if since else {}
        found: list[CampaignFacts] = []
        while True:
            call = partial(
                self._campaigns.list,
                list_id=self._list,
                count=PAGE,
                offset=len(found),
                fields=["total_items", *(f"campaigns.{name}" for name in _FIELDS)],
                **query,
            )
            answer = await self._caller.call(call)
            page = [_campaign(one) for one in answer.get("campaigns", [])]
            found += page
            if not page or len(found) >= answer.get("total_items", 0):
                return found

    async def carries_tag(self, campaign: str, tag: str) -> bool:
        """Tell whether a campaign shows a merge field: whose block was left out showed nobody a link."""
        call = partial(self._campaigns.get_content, campaign, fields=["html", "plain_text"])
        answer = await self._caller.call(call)
        written = f"{answer.get('html') or ''}{answer.get('plain_text') or ''}"
        return f"*|{tag}|*" in written

    async def list_recipients(self, campaign: str) -> list[str]:
        """Return the md5 of everybody a campaign was sent to."""
        found: list[str] = []
        while True:
            call = partial(
                self._reports.get_campaign_recipients,
                campaign,
                count=PAGE,
                offset=len(found),
                fields=["total_items", "sent_to.email_id"],
            )
            answer = await self._caller.call(call)
            page = [one["email_id"] for one in answer.get("sent_to", [])]
            found += page
            if not page or len(found) >= answer.get("total_items", 0):
                return found

    async def list_activity(self, campaign: str) -> list[Activity]:
        """Return opens and clicks, always from the first on: nothing says that the order stays."""
        found: dict[str, Activity] = {}
        offset = 0
        while True:
            call = partial(
                self._reports.get_email_activity_for_campaign,
                campaign,
                count=ACTIVITY_PAGE,
                offset=offset,
                fields=["total_items", "emails.email_id", "emails.activity"],
            )
            answer = await self._caller.call(call)
            page = answer.get("emails", [])
            for one in page:
                acts = one.get("activity", [])
                events = [(act.get("action", ""), act.get("timestamp", "")) for act in acts]
                found[one["email_id"]] = Activity(email_id=one["email_id"], events=events)
            offset += len(page)
            if not page or offset >= answer.get("total_items", 0):
                return list(found.values())

    async def draft_campaign(
        self, *, title: str, subject: str, segment: int, html: str, text: str
    ) -> CampaignFacts:
        """Return the draft of this title, made when missing; an editor looks at it and sends it."""
        body = {
            "type": "regular",
            "recipients": {"list_id": self._list, "segment_opts": {"saved_segment_id": segment}},
            "settings": {"title": title, "subject_line": subject},
        }

        async def find() -> CampaignFacts | None:
            return next((one for one in await self.list_campaigns() if one.title == title), None)

        found = await find()
        if found is None:
            made = await self._caller.make(partial(self._campaigns.create, body), find)
            found = made if isinstance(made, CampaignFacts) else _campaign(made)
        content = {"html": html, "plain_text": text}
        await self._caller.call(partial(self._campaigns.set_content, found.id, content))
        return found


def _campaign(answer: dict[str, Any]) -> CampaignFacts:
    settings = answer.get("settings") or {}
    recipients = answer.get("recipients") or {}
    facts = answer | {
        "title": settings.get("title", ""),
        "subject": settings.get("subject_line", ""),
        "list_id": recipients.get("list_id", ""),
        "segment": (recipients.get("segment_opts") or {}).get("saved_segment_id"),
    }
    return read(facts, CampaignFacts)
