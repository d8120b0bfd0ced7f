"""Tablets for drop-in surgeries and events: started and ended by staff."""

from datetime import date, datetime, timedelta

import msgspec

from survey_service.db import contact_freeze
from survey_service.db import tablet as tablet_table
from survey_service.db.audit_event import add_audit_event
from survey_service.db.contact_freeze import ActiveFreeze
from survey_service.db.engine import transaction
from survey_service.db.result import ReviewedSurvey
from survey_service.db.staff import StaffMember
from survey_service.db.tablet import EventCount, Tablet
from survey_service.domain.answers import clean_text
from survey_service.domain.disclosure import round_count, suppress_table
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


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """What a tablet is for, in the words of staff."""

    name: str
    place: str = ""
    day: date | None = None


class EventLine(msgspec.Struct, frozen=True, kw_only=True):
    """One event with its answers, rounded to five; None where they are too few to be told."""

    event: EventCount
    answers: int | None


async def list_events_for(staff: StaffMember, survey: ReviewedSurvey, *, small_cell: int) -> list[EventLine]:
    """Answers by event, under the rules of every table: nobody is told of by a count."""
    check_may(staff.role, "plan")
    events = await tablet_table.count_by_event(survey.id)
    answered = [one.answers for one in events if one.answers]
    shown = iter(suppress_table([answered], threshold=small_cell, rows="known").cells[0] if answered else ())
    lines = []
    for one in events:
        is_hidden = bool(one.answers) and next(shown)
        lines.append(EventLine(event=one, answers=None if is_hidden else round_count(one.answers)))
    return lines


async def find_freeze(survey: ReviewedSurvey) -> ActiveFreeze | None:
    """The freeze that holds the survey's fieldwork, if one does."""
    return await contact_freeze.find_active("invitation", survey.id)


async def start_tablet(
    staff: StaffMember, survey: ReviewedSurvey, event: Event, days: int, secret_key: bytes, at: datetime
) -> None:
    """Make a link for one tablet at one event; its token can be made again, and only its hash is stored.

    Asking people at an event is fieldwork: in a freeze none is begun. Tablets that run go on taking answers.
    """
    check_may(staff.role, "plan")
    event = Event(name=clean_text(event.name).strip(), place=clean_text(event.place).strip(), day=event.day)
    if not event.name or max(len(event.name), len(event.place)) > LONGEST_EVENT:
        raise Conflict("The event needs a name.", expected=f"1 to {LONGEST_EVENT} characters, the place too")
    freeze = await find_freeze(survey)
    if freeze is not None:
        raise Conflict(
            f"Fieldwork is frozen ({freeze.reason}), so no tablet is started.",
            hint="Tablets that run go on taking answers. An administrator ends the freeze.",
        )
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
            number, survey=survey.id, event=event.name, place=event.place, event_on=event.day,
            token_hash=token_hash, started_by=staff.id, at=at, expires_at=at + timedelta(days=days),
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
