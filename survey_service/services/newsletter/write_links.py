"""Survey links for one issue: wanted under a receipt, written into our merge field, verified, told ready.

Nobody gets a link without the gate's word for that issue, and nobody who does not take the newsletter. A
link stands in a field only until the issue is out (`follow_issues.py`).
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import msgspec

from survey_service.db import (
    audit_event,
    draw,
    newsletter_issue,
    newsletter_link,
    newsletter_ride,
    newsletter_run,
    register,
)
from survey_service.db.engine import transaction
from survey_service.domain.contact_gate import Allow, Deny, Kind
from survey_service.domain.errors import Conflict
from survey_service.services.gate.contact_gate import Purpose, may_contact, refuse_frozen
from survey_service.services.messages.send_invitations import choose_wave
from survey_service.services.newsletter.follow_issues import follow_issues
from survey_service.services.newsletter.newsletter_client import CONNECT, Newsletter, open_newsletter
from survey_service.services.newsletter.sync_newsletter import pull_members
from survey_service.services.newsletter.verify_links import verify_ride
from survey_service.services.newsletter.work_links import BATCH_FROM, work_links
from survey_service.services.questionnaires.manage_survey import get_newest_version, get_survey
from survey_service.services.rotation.survey_frame import today
from survey_service.settings import Settings

ISSUE_HOUR = time(12)
"""The gate judges an issue's day, not its minute."""


class LinksWritten(msgspec.Struct, frozen=True, kw_only=True):
    """How far the links of a wave are."""

    survey: str
    wave: int
    kind: str
    issue: date
    added: int
    denied: dict[str, int]
    ready: bool
    confirmed: int
    refused: int
    problem: str


async def write_links(
    slug: str,
    settings: Settings,
    *,
    wave: int | None = None,
    kind: Kind = "invitation",
    issue: date | None = None,
    replicates: Sequence[int] | None = None,
    batch_from: int = BATCH_FROM,
    staff: int | None = None,
) -> LinksWritten:
    """Write links for a wave's reserved invitations, or again for reminders. Again, it goes on."""
    async with open_newsletter(settings) as newsletter:
        await need_field(newsletter)
        await pull_members(newsletter, settings)
        await follow_issues(newsletter, settings)
        day = issue or await _next_issue(settings)
        ride, added, denied = await _want(newsletter, slug, settings, wave, kind, day, replicates, staff)
        await work_links(newsletter, settings, batch_from=batch_from)
        found = await verify_ride(newsletter, ride, settings)
    return LinksWritten(
        survey=slug, wave=found.wave_number, kind=kind, issue=day, added=added, denied=denied,
        ready=found.state == "ready", confirmed=found.confirmed, refused=found.refused,
        problem=found.problem,
    )  # fmt: skip


async def need_field(newsletter: Newsletter) -> None:
    """Look that our merge field is still there: what is written into a missing one is lost without a word."""
    tag = newsletter.connection.merge_tag
    if all(one.tag != tag for one in await newsletter.client.list_merge_fields()):
        message = f"The list has no merge field {tag} any more."
        await newsletter_run.raise_alarm(newsletter.connection.id, "merge_field", message)
        raise Conflict(message, hint=f"It is made again by connecting. {CONNECT}")
    await newsletter_run.end_alarm(newsletter.connection.id, "merge_field")


async def _next_issue(settings: Settings) -> date:
    found = await newsletter_issue.find_next_issue(today(settings))
    if found is None:
        raise Conflict(
            "No issue of the newsletter is planned.",
            hint="Schedule it in Mailchimp, or note its day: survey-service skyline add DATE",
        )
    return found


async def _want(
    newsletter: Newsletter,
    slug: str,
    settings: Settings,
    wave: int | None,
    kind: Kind,
    day: date,
    replicates: Sequence[int] | None,
    staff: int | None,
) -> tuple[int, int, dict[str, int]]:
    """Ask the gate for the day of the issue, and want a link for everybody it allows."""
    async with transaction():
        await register.lock_register()
        found = await get_survey(slug)
        if found.state != "open":
            raise Conflict(f"The survey {slug} is not open, so its links would lead nowhere.")
        await refuse_frozen(kind, found.id)
        await _need_issue(day, settings)
        chosen = choose_wave(await draw.list_waves(found.id), slug, wave)
        candidates = await newsletter_link.list_candidates(
            newsletter.connection.id, chosen.id, kind=kind, replicates=replicates
        )
        version = await get_newest_version(found)
        longest = max(form.planned_seconds for form in version.forms.values())
        purpose = Purpose(survey=found.id, wave=chosen.id, form_seconds=longest, issue=day)
        at = datetime.combine(day, ISSUE_HOUR, ZoneInfo(settings.time_zone))
        decisions = await may_contact([one.contact for one in candidates], kind, at, settings, purpose)
        pairs = list(zip(candidates, decisions, strict=True))
        rows = [(one, given.receipt) for one, given in pairs if isinstance(given, Allow)]
        ride = await newsletter_ride.add_ride(newsletter.connection.id, chosen.id, kind, day)
        await newsletter_link.add_links(ride, rows)
        await audit_event.add_audit_event(
            staff=staff, action="newsletter.links", object_kind="wave", object_id=str(chosen.id),
            detail={"survey": slug, "issue": day.isoformat(), "kind": kind, "added": len(rows)},
        )  # fmt: skip
    return ride, len(rows), dict(Counter(one.reason for one in decisions if isinstance(one, Deny)))


async def _need_issue(day: date, settings: Settings) -> None:
    issues = await newsletter_issue.list_issues()
    if day not in issues:
        planned = ", ".join(one.isoformat() for one in issues if one >= today(settings))
        raise Conflict(
            f"There is no issue of the newsletter on {day}.",
            expected=planned or "an issue to be planned first",
        )
    if day < today(settings):
        raise Conflict(f"The issue of {day} is out already.", hint="Choose a later one.")
