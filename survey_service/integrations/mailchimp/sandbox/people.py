"""What subscribers and editors do, which no call of the product can: the sandbox's own side of the story."""

from collections.abc import Iterable, Mapping
from typing import Any

from survey_service.integrations.mailchimp.sandbox import campaigns
from survey_service.integrations.mailchimp.sandbox.answers import Answer, Asked, not_there
from survey_service.integrations.mailchimp.sandbox.events import Events, of_member
from survey_service.integrations.mailchimp.sandbox.lists import add_field
from survey_service.integrations.mailchimp.sandbox.state import (
    LIST_ID,
    Sandbox,
    SandboxCampaign,
    SandboxMember,
    md5_of,
    new_id,
    new_member,
    stamp,
    unique_id,
)


class People:
    """Everybody outside: each method is something a person does in Mailchimp."""

    def __init__(self, sandbox: Sandbox, events: Events) -> None:
        self._sandbox = sandbox
        self._events = events

    def member(self, email: str) -> SandboxMember:
        """Return a member by address."""
        found = self._sandbox.members.get(md5_of(email))
        if found is None:
            raise not_there()
        return found

    def seed(self, members: Iterable[Mapping[str, Any]]) -> int:
        """Take members in without telling anybody, as an account that is there already."""
        count = 0
        with self._sandbox.lock:
            for values in members:
                member = new_member(**values)
                member.changed = member.changed or self._sandbox.now()
                self._sandbox.put(member)
                count += 1
        return count

    def make_field(self, tag: str, name: str, kind: str = "text") -> None:
        """Make a merge field in the list's settings, unless it is there."""
        with self._sandbox.lock:
            if all(one["tag"] != tag for one in self._sandbox.merge_fields):
                body = {"tag": tag, "name": name, "type": kind}
                add_field(self._sandbox, Asked(method="POST", path="", query={}, body=body))

    def subscribe(self, email: str, **values: Any) -> SandboxMember:
        """Sign up by the form; who was forgotten can come back this way alone."""
        with self._sandbox.lock:
            member = self._sandbox.members.get(md5_of(email)) or new_member(email, **values)
            self._sandbox.forgotten.discard(member.md5)
            member.status, member.reason = "subscribed", ""
            member.opted_at = stamp(self._sandbox.now())
            self._sandbox.put(member)
            self._sandbox.touch(member)
            self._events.tell("subscribe", of_member(member), "user")
            return member

    def change(self, email: str, *, merge_fields: Mapping[str, Any] = {}, **values: Any) -> None:
        """Change the own profile."""
        with self._sandbox.lock:
            member = self.member(email)
            member.merge_fields = member.merge_fields | dict(merge_fields)
            for name, value in values.items():
                setattr(member, name, value)
            self._sandbox.touch(member)
            self._events.tell("profile", of_member(member), "user")

    def unsubscribe(self, email: str, reason: str = "manual") -> None:
        """Click on the link below an issue; with reason abuse, call it spam."""
        with self._sandbox.lock:
            member = self.member(email)
            member.status, member.reason = "unsubscribed", reason
            self._sandbox.touch(member)
            self._events.tell(
                "unsubscribe", {"action": "unsub", "reason": reason, **of_member(member)}, "user"
            )

    def clean(self, email: str, reason: str = "hard") -> None:
        """Bounce for good."""
        with self._sandbox.lock:
            member = self.member(email)
            member.status = "cleaned"
            self._sandbox.touch(member)
            data = {"list_id": LIST_ID, "campaign_id": "", "reason": reason, "email": member.email}
            self._events.tell("cleaned", data, "admin")

    def archive(self, email: str) -> None:
        """Be archived by an admin."""
        with self._sandbox.lock:
            member = self.member(email)
            member.before_archive, member.status = member.status, "archived"
            self._sandbox.touch(member)
            if self._sandbox.switches.unsub_on_archive:
                data = {"action": "delete", "reason": "manual", **of_member(member)}
                self._events.tell("unsubscribe", data, "admin")

    def forget(self, email: str) -> None:
        """Be deleted for good: the address cannot be added again by anybody else."""
        with self._sandbox.lock:
            member = self.member(email)
            self._sandbox.drop(member)
            self._sandbox.forgotten.add(member.md5)
            data = {"action": "delete", "reason": "manual", **of_member(member)}
            self._events.tell("unsubscribe", data, "admin")

    def change_address(self, old: str, new: str) -> None:
        """Change the address: md5 and unique_email_id change with it, contact_id stays."""
        with self._sandbox.lock:
            member = self.member(old)
            if self._sandbox.members.get(md5_of(new), member) is not member:
                raise Answer(400, "Member Exists", "Somebody else has this address.")
            inside = [one for one in self._sandbox.segments.values() if member.md5 in one.members]
            self._sandbox.drop(member)
            member.email, member.md5, member.unique_email_id = new, md5_of(new), unique_id(new)
            for segment in inside:
                segment.members.add(member.md5)
            self._sandbox.put(member)
            self._sandbox.touch(member)
            data = {
                "new_id": member.unique_email_id,
                "new_email": new,
                "old_email": old,
                "list_id": LIST_ID,
            }
            self._events.tell("upemail", data, "user")
            self._events.tell("profile", of_member(member), "user")

    def write_campaign(
        self, title: str, *, subject: str = "", html: str = "", text: str = "", schedule: str = ""
    ) -> SandboxCampaign:
        """Write an issue for the whole list, as an editor; with a time, schedule it."""
        with self._sandbox.lock:
            campaign = SandboxCampaign(
                id=new_id(),
                title=title,
                subject=subject or title,
                html=html,
                text=text,
                created=stamp(self._sandbox.now()),
                status="schedule" if schedule else "save",
                send_time=schedule,
            )
            self._sandbox.campaigns[campaign.id] = campaign
            return campaign

    def send(self, campaign: str, at: str = "") -> None:
        """Press send."""
        with self._sandbox.lock:
            found = campaigns.find(self._sandbox, campaign)
            campaigns.send(self._sandbox, found, at)
            data = {
                "id": found.id,
                "subject": found.subject,
                "status": "sent",
                "reason": "",
                "list_id": LIST_ID,
            }
            self._events.tell("campaign", data, "admin")

    def act(self, campaign: str, email: str, action: str, at: str) -> None:
        """Open or click."""
        with self._sandbox.lock:
            found = campaigns.find(self._sandbox, campaign)
            found.events.setdefault(md5_of(email), []).append((action, at))
