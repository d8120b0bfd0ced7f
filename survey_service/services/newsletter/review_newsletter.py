"""How the newsletter's connection is: for the staff page and the command line."""

from datetime import UTC, date, datetime, timedelta

import msgspec

from survey_service.db import (
    newsletter_connection,
    newsletter_event,
    newsletter_issue,
    newsletter_ride,
    newsletter_run,
    newsletter_standing,
)
from survey_service.db.audit_event import add_audit_event
from survey_service.db.engine import transaction
from survey_service.db.newsletter_connection import Connection
from survey_service.db.newsletter_event import Health
from survey_service.db.newsletter_issue import Campaign
from survey_service.db.newsletter_ride import Ride
from survey_service.db.newsletter_run import Alarm, EndedAlarm, Run
from survey_service.db.newsletter_standing import Differences, RefusedMember, WaitingLinks
from survey_service.db.staff import StaffMember
from survey_service.domain.roles import check_may

SHOWN = 50
ENDED_SHOWN = timedelta(days=7)


class ConnectionShown(msgspec.Struct, frozen=True, kw_only=True):
    """The connection without its secrets."""

    list_id: str
    list_name: str
    merge_tag: str
    has_double_optin: bool
    hook_state: str
    hook_checked_at: datetime | None
    is_signed: bool
    state: str
    state_reason: str
    synced_at: datetime | None
    compared_at: datetime | None


class Review(msgspec.Struct, frozen=True, kw_only=True):
    """Everything the page says."""

    connection: ConnectionShown | None
    health: Health
    by_status: dict[str, int]
    linked: int = 0
    """Members who are contacts of the register."""
    alarms: list[Alarm] = []
    runs: list[Run] = []
    rides: list[Ride] = []
    campaigns: list[Campaign] = []
    ended_alarms: list[EndedAlarm] = []
    differences: Differences | None = None
    late_links: list[WaitingLinks] = []
    refused_links: list[tuple[str, str, str]] = []
    refused_members: list[RefusedMember] = []
    next_issue: date | None = None


async def review_newsletter_for(staff: StaffMember) -> Review:
    """Look at the connection; that people's references were seen is noted."""
    check_may(staff.role, "plan")
    async with transaction():
        review = await review_newsletter()
        if review.refused_links:
            await add_audit_event(
                staff=staff.id, action="newsletter.refused_viewed", object_kind="register", object_id="1",
                detail={"shown": len(review.refused_links)},
            )  # fmt: skip
    return review


async def review_newsletter() -> Review:
    """Look at the connection in use."""
    found = await newsletter_connection.find_connection()
    if found is None:
        nothing = Health(last_at=None, today=0, waiting=0, failed=0)
        return Review(connection=None, health=nothing, by_status={})
    now = datetime.now(UTC)
    by_status, linked = await newsletter_standing.count_members(found.id)
    return Review(
        connection=_show(found),
        health=await newsletter_event.get_health(found.id, now),
        by_status=by_status,
        linked=linked,
        alarms=await newsletter_run.list_alarms(found.id),
        ended_alarms=await newsletter_run.list_ended_alarms(found.id, now - ENDED_SHOWN),
        differences=await newsletter_standing.count_differences(found.id),
        late_links=await newsletter_standing.list_late(found.id),
        runs=await newsletter_run.list_runs(found.id, 10),
        rides=await newsletter_ride.list_rides(found.id, limit=20),
        campaigns=await newsletter_issue.list_campaigns(found.id, limit=10),
        refused_links=await newsletter_standing.list_refused(found.id, SHOWN),
        refused_members=await newsletter_standing.list_refused_members(found.id, SHOWN),
        next_issue=await newsletter_issue.find_next_issue(now.date()),
    )


def _show(found: Connection) -> ConnectionShown:
    return ConnectionShown(
        is_signed=found.sealed_signing is not None,
        **{name: getattr(found, name) for name in ConnectionShown.__struct_fields__ if name != "is_signed"},
    )
