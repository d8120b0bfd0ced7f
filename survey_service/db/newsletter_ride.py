"""Rides: a wave's place in one issue of the newsletter, and how far its links are."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import msgspec

from survey_service.db.engine import connection


class Ride(msgspec.Struct, frozen=True, kw_only=True):
    """A wave's place in one issue, with how far its links are."""

    id: int
    connection: int
    wave: int
    wave_number: int
    survey: int
    survey_slug: str
    survey_title: dict[str, str]
    kind: str
    issue_on: date
    state: str
    segment: int | None
    problem: str
    campaign: str | None
    made_at: datetime
    ready_at: datetime | None
    wanted: int
    confirmed: int
    refused: int
    standing: int
    sent: int
    returned: int


_RIDES = """
    SELECT r.id, r.connection, r.wave, w.number AS wave_number, s.id AS survey, s.slug AS survey_slug,
        s.title AS survey_title, r.kind, r.issue_on, r.state, r.segment, r.problem, r.campaign, r.made_at,
        r.ready_at, n.*
    FROM newsletter_ride r JOIN wave w ON w.id = r.wave JOIN survey s ON s.id = w.survey
    CROSS JOIN LATERAL (SELECT count(*) FILTER (WHERE state = 'wanted') AS wanted,
        count(*) FILTER (WHERE state = 'confirmed') AS confirmed,
        count(*) FILTER (WHERE state = 'refused') AS refused,
        count(*) FILTER (WHERE state IN ('wanted', 'confirmed', 'clearing')) AS standing,
        count(*) FILTER (WHERE fate = 'sent') AS sent, count(*) FILTER (WHERE fate = 'returned') AS returned
        FROM newsletter_link l WHERE l.ride = r.id) n
"""


def _read(row: Any) -> Ride:
    return Ride(**(dict(row) | {"survey_title": msgspec.json.decode(row["survey_title"])}))


async def add_ride(found: int, wave: int, kind: str, issue_on: date) -> int:
    """Make a place in an issue, or return the one that is open."""
    async with connection() as lent:
        ride: int = await lent.fetchval(
            """INSERT INTO newsletter_ride (connection, wave, kind, issue_on) VALUES ($1, $2, $3, $4)
               ON CONFLICT (wave, kind, issue_on) WHERE state IN ('writing', 'ready')
               DO UPDATE SET state = 'writing', ready_at = NULL, problem = '' RETURNING id""",
            found, wave, kind, issue_on,
        )  # fmt: skip
    return ride


async def get_ride(ride: int) -> Ride:
    """Return a ride."""
    async with connection() as lent:
        row = await lent.fetchrow(f"{_RIDES} WHERE r.id = $1", ride)
    return _read(row)


async def list_rides(found: int, *, states: Sequence[str] | None = None, limit: int = 100) -> list[Ride]:
    """Return rides, the newest first."""
    async with connection() as lent:
        rows = await lent.fetch(
            f"""{_RIDES} WHERE r.connection = $1 AND ($2::text[] IS NULL OR r.state = ANY ($2))
                ORDER BY r.id DESC LIMIT $3""",
            found, states, limit,
        )  # fmt: skip
    return [_read(row) for row in rows]


async def set_ride(ride: int, state: str, *, problem: str = "", campaign: str | None = None) -> None:
    """Note how far a ride is."""
    async with connection() as lent:
        await lent.execute(
            """UPDATE newsletter_ride SET state = $2::text, problem = $3, campaign = coalesce($4, campaign),
                   ready_at = CASE WHEN $2::text = 'ready' THEN coalesce(ready_at, now()) ELSE ready_at END,
                   ended_at = CASE WHEN $2::text IN ('sent', 'missed', 'stopped') THEN now() END
               WHERE id = $1""",
            ride, state, problem[:300], campaign,
        )  # fmt: skip


async def set_ride_segment(ride: int, segment: int) -> None:
    """Keep which segment holds those who ride."""
    async with connection() as lent:
        await lent.execute("UPDATE newsletter_ride SET segment = $2 WHERE id = $1", ride, segment)
