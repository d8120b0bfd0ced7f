"""Tablets for drop-in surgeries and events: started and ended by staff."""

from datetime import datetime, timedelta

import msgspec

from survey_service.db import tablet as tablet_table
from survey_service.db.audit_event import add_audit_event
from survey_service.db.engine import transaction
from survey_service.db.result import ReviewedSurvey
from survey_service.db.staff import StaffMember
from survey_service.db.tablet import Tablet
from survey_service.domain.answers import clean_text
from survey_service.domain.errors import Conflict, NotFound
from survey_service.domain.roles import check_may
from survey_service.domain.tokens import hash_token, make_purpose_token
from survey_service.settings import Settings

LONGEST_EVENT = 80
LASTS_DAYS = (1, 3, 7, 30)
"""How long a link may last; a tablet left behind somewhere is no door for ever."""


class TabletLine(msgspec.Struct, frozen=True, kw_only=True):
    """One tablet as staff see it; `link` is empty once it takes no answers any more."""

    tablet: Tablet
    is_running: bool
    link: str


async def list_tablets_for(
    staff: StaffMember, survey: ReviewedSurvey, settings: Settings, secret_key: bytes, at: datetime
) -> list[TabletLine]:
    """The tablets of a survey from `get_survey_for`, the newest first; the look is noted: it shows links."""
    check_may(staff.role, "plan")
    await add_audit_event(staff=staff.id, action="tablets.view", object_kind="survey", object_id=survey.slug)
    lines = []
    for one in await tablet_table.list_tablets(survey.id):
        is_running = one.revoked_at is None and at < one.expires_at
        link = f"{settings.public_url}/tablet/{tablet_token(secret_key, one.id)}"
        lines.append(TabletLine(tablet=one, is_running=is_running, link=link if is_running else ""))
    return lines


async def start_tablet(
    staff: StaffMember, survey: ReviewedSurvey, event: str, days: int, secret_key: bytes, at: datetime
) -> None:
    """Make a link for one tablet at one event; its token can be made again, and only its hash is stored."""
    check_may(staff.role, "plan")
    event = clean_text(event).strip()
    if not event or len(event) > LONGEST_EVENT:
        raise Conflict("The event needs a name.", expected=f"1 to {LONGEST_EVENT} characters")
    if days not in LASTS_DAYS:
        raise Conflict(
            "A tablet cannot run for so long.", expected=f"one of {LASTS_DAYS} days", got=str(days)
        )
    if survey.state != "open":
        raise Conflict("The survey takes no answers now.", expected="an open survey", got=survey.state)
    async with transaction():
        number = await tablet_table.next_tablet_id()
        token_hash = hash_token(tablet_token(secret_key, number))
        assert token_hash is not None, "we made the token"
        await tablet_table.add_tablet(
            number, survey=survey.id, event=event, token_hash=token_hash, started_by=staff.id, at=at,
            expires_at=at + timedelta(days=days),
        )  # fmt: skip
        await _note(staff, survey, "tablet.start", number)


async def end_tablet(staff: StaffMember, survey: ReviewedSurvey, tablet: int, at: datetime) -> None:
    """Take nothing from a tablet any more, not even what it still keeps: for one that was lost."""
    check_may(staff.role, "plan")
    async with transaction():
        if not await tablet_table.revoke_tablet(tablet, survey.id, at):
            raise NotFound("There is no such tablet, or it was ended before.")
        await _note(staff, survey, "tablet.end", tablet)


def tablet_token(secret_key: bytes, tablet: int) -> str:
    """The token of a tablet's link: 128 bits."""
    return make_purpose_token(secret_key, "tablet", tablet)


async def _note(staff: StaffMember, survey: ReviewedSurvey, action: str, tablet: int) -> None:
    await add_audit_event(
        staff=staff.id, action=action, object_kind="survey", object_id=survey.slug, detail={"tablet": tablet}
    )
