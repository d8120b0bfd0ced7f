"""What every department does in a year, as it stands in a calendar. Days are those of one time zone."""

from datetime import date

import msgspec

from survey_service.db.engine import connection


class CalendarSurvey(msgspec.Struct, frozen=True, kw_only=True):
    """A survey with the days it was opened and closed."""

    slug: str
    title: dict[str, str]
    department: int
    department_name: str
    state: str
    opened_on: date | None
    closed_on: date | None
    approved: int | None
    """Invitations approved and not drawn yet."""


class CalendarWave(msgspec.Struct, frozen=True, kw_only=True):
    """One wave and the people it asks; those cancelled are not asked."""

    survey: str
    number: int
    on_day: date
    people: int
    reserved: int


class CalendarFreeze(msgspec.Struct, frozen=True, kw_only=True):
    """A time in which nothing, or one kind of message, may be sent."""

    kind: str | None
    purpose: str = ""
    reason: str
    starts_on: date
    ends_on: date | None


async def list_calendar_surveys(time_zone: str) -> list[CalendarSurvey]:
    """Return every survey, by slug."""
    async with connection() as lent:
        rows = await lent.fetch(
            """SELECT s.slug, s.title, s.department, d.name AS department_name, s.state,
                   (s.opened_at AT TIME ZONE $1)::date AS opened_on,
                   (s.closed_at AT TIME ZONE $1)::date AS closed_on, a.invitations AS approved
               FROM survey s JOIN department d ON d.id = s.department
               LEFT JOIN approval a ON a.survey = s.id AND a.state = 'approved'
               ORDER BY s.slug""",
            time_zone,
        )
    return [CalendarSurvey(**(dict(row) | {"title": msgspec.json.decode(row["title"])})) for row in rows]


async def list_calendar_waves(first: date, last: date) -> list[CalendarWave]:
    """Return the waves that count for a day from `first` to `last`, in order."""
    async with connection() as lent:
        rows = await lent.fetch(
            """SELECT s.slug AS survey, w.number, d.on_day,
                   count(i.id) FILTER (WHERE i.state <> 'cancelled' OR i.sent_at IS NOT NULL)::int AS people,
                   (count(i.id) FILTER (WHERE i.state = 'reserved'))::int AS reserved
               FROM wave w JOIN draw d ON d.wave = w.id JOIN survey s ON s.id = w.survey
               LEFT JOIN invitation i ON i.wave = w.id
               WHERE d.on_day BETWEEN $1 AND $2 GROUP BY s.slug, w.id, d.id ORDER BY d.on_day, s.slug""",
            first,
            last,
        )
    return [CalendarWave(**row) for row in rows]


async def list_calendar_freezes(first: date, last: date, time_zone: str) -> list[CalendarFreeze]:
    """Return the freezes that touch a day from `first` to `last`, in order."""
    async with connection() as lent:
        rows = await lent.fetch(
            """SELECT kind, purpose, reason, (starts_at AT TIME ZONE $3)::date AS starts_on,
                   (ends_at AT TIME ZONE $3)::date AS ends_on
               FROM contact_freeze
               WHERE (starts_at AT TIME ZONE $3)::date <= $2
                   AND coalesce((ends_at AT TIME ZONE $3)::date, 'infinity') >= $1
               ORDER BY starts_at, id""",
            first,
            last,
            time_zone,
        )
    return [CalendarFreeze(**row) for row in rows]
