"""The calendar of all departments: who asks how many people in which month, and when nothing may be sent."""

from collections.abc import Sequence
from datetime import date
from typing import Literal

import msgspec

from survey_service.db import calendar, newsletter_issue
from survey_service.db.calendar import CalendarFreeze, CalendarSurvey, CalendarWave
from survey_service.db.engine import transaction
from survey_service.db.staff import StaffMember
from survey_service.domain.roles import check_may, sees_every_department
from survey_service.settings import Settings

EntryKind = Literal["freeze", "issue", "opened", "wave", "closed"]
_ORDER: tuple[EntryKind, ...] = ("freeze", "issue", "opened", "wave", "closed")
"""Of one day: what forbids comes before what is done."""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a month."""

    day: date
    kind: EntryKind
    until: date | None = None
    """Of a freeze that has ended."""
    is_lasting: bool = False
    """A freeze that nobody has ended."""
    survey: CalendarSurvey | None = None
    wave: int | None = None
    people: int = 0
    reserved: int = 0
    text: str = ""
    """The reason of a freeze."""
    message_kind: str | None = None
    purpose: str = ""
    """Of the surveys a freeze holds; empty: of any."""


class Month(msgspec.Struct, frozen=True, kw_only=True):
    """A month with everything that begins in it, in order."""

    first: date
    people: int
    entries: list[Entry]


class Calendar(msgspec.Struct, frozen=True, kw_only=True):
    """One year."""

    year: int
    months: list[Month]
    planned: list[CalendarSurvey]
    """Drafts, and open surveys whose approved wave was not drawn yet."""
    own: frozenset[str]
    """Surveys whose pages this person may open."""

    @property
    def people(self) -> int:
        """People asked in the whole year."""
        return sum(month.people for month in self.months)

    @property
    def busiest(self) -> int:
        """People asked in the busiest month."""
        return max(month.people for month in self.months)


async def review_calendar(staff: StaffMember, settings: Settings, *, year: int) -> Calendar:
    """One year, with every department's plans, so that they can keep out of each other's way."""
    check_may(staff.role, "plan")
    first, last = date(year, 1, 1), date(year, 12, 31)
    async with transaction():
        surveys = await calendar.list_calendar_surveys(settings.time_zone)
        waves = await calendar.list_calendar_waves(first, last)
        freezes = await calendar.list_calendar_freezes(first, last, settings.time_zone)
        issues = [day for day in await newsletter_issue.list_issues() if first <= day <= last]
    sees_all = sees_every_department(staff.role)
    return Calendar(
        year=year,
        months=arrange_months(year, surveys, waves, freezes, issues),
        planned=[one for one in surveys if one.state == "draft" or (one.state == "open" and one.approved)],
        own=frozenset(one.slug for one in surveys if sees_all or one.department == staff.department),
    )


def arrange_months(
    year: int,
    surveys: Sequence[CalendarSurvey],
    waves: Sequence[CalendarWave],
    freezes: Sequence[CalendarFreeze],
    issues: Sequence[date],
) -> list[Month]:
    """Sort everything into twelve months. A freeze from before the year stands on its first day."""
    by_slug = {one.slug: one for one in surveys}
    entries = [
        *(
            Entry(
                day=max(one.starts_on, date(year, 1, 1)),
                kind="freeze",
                until=one.ends_on,
                is_lasting=one.ends_on is None,
                text=one.reason,
                message_kind=one.kind,
                purpose=one.purpose,
            )
            for one in freezes
        ),
        *(Entry(day=day, kind="issue") for day in issues),
        *(Entry(day=one.opened_on, kind="opened", survey=one) for one in surveys if one.opened_on),
        *(Entry(day=one.closed_on, kind="closed", survey=one) for one in surveys if one.closed_on),
        *(
            Entry(
                day=one.on_day,
                kind="wave",
                survey=by_slug[one.survey],
                wave=one.number,
                people=one.people,
                reserved=one.reserved,
            )
            for one in waves
        ),
    ]
    months = []
    for number in range(1, 13):
        mine = [one for one in entries if (one.day.year, one.day.month) == (year, number)]
        mine.sort(key=lambda one: (one.day, _ORDER.index(one.kind)))
        months.append(
            Month(first=date(year, number, 1), people=sum(one.people for one in mine), entries=mine)
        )
    return months
