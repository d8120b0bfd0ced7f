"""Tablets: started for an event, found by their link, ended."""

from datetime import date, datetime
from typing import Any

import msgspec

from survey_service.db.engine import connection

_TABLET = """SELECT tablet.id, survey.slug AS survey, tablet.event, tablet.place, tablet.event_on,
    tablet.started_at, tablet.expires_at, tablet.revoked_at
    FROM tablet JOIN survey ON survey.id = tablet.survey"""


class Tablet(msgspec.Struct, frozen=True, kw_only=True):
    """One tablet; `survey` is its survey's name."""

    id: int
    survey: str
    event: str
    place: str
    event_on: date | None
    started_at: datetime
    expires_at: datetime
    revoked_at: datetime | None


class EventCount(msgspec.Struct, frozen=True, kw_only=True):
    """One event, and the answers people gave there."""

    event: str
    place: str
    event_on: date | None
    tablets: int
    answers: int


async def find_tablet(token_hash: bytes) -> Tablet | None:
    """The tablet this link belongs to."""
    async with connection() as lent:
        row = await lent.fetchrow(f"{_TABLET} WHERE tablet.token_hash = $1", token_hash)
    return None if row is None else _tablet(row)


async def list_tablets(survey: int) -> list[Tablet]:
    """Every tablet of a survey, the newest first."""
    async with connection() as lent:
        rows = await lent.fetch(f"{_TABLET} WHERE tablet.survey = $1 ORDER BY tablet.id DESC", survey)
    return [_tablet(row) for row in rows]


async def count_by_event(survey: int) -> list[EventCount]:
    """Each event of a survey, the newest first; what several tablets brought from one stands together."""
    async with connection() as lent:
        rows = await lent.fetch(
            """SELECT tablet.event, tablet.place, tablet.event_on, count(DISTINCT tablet.id) AS tablets,
                      count(response.id) AS answers
               FROM tablet LEFT JOIN response ON response.tablet = tablet.id
                   AND response.disposition IN ('complete', 'partial')
               WHERE tablet.survey = $1
               GROUP BY tablet.event, tablet.place, tablet.event_on ORDER BY max(tablet.id) DESC""",
            survey,
        )
    return [EventCount(**dict(row)) for row in rows]


async def next_tablet_id() -> int:
    """The number the next tablet gets: its link is made of it."""
    async with connection() as lent:
        number: int = await lent.fetchval("SELECT nextval('tablet_id_seq')")
    return number


async def add_tablet(
    tablet: int,
    *,
    survey: int,
    event: str,
    place: str,
    event_on: date | None,
    token_hash: bytes,
    started_by: int,
    at: datetime,
    expires_at: datetime,
) -> None:
    """Start a tablet."""
    async with connection() as lent:
        await lent.execute(
            """INSERT INTO tablet (id, survey, event, place, event_on, token_hash, started_by, started_at,
                                   expires_at)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)""",
            tablet, survey, event, place, event_on, token_hash, started_by, at, expires_at,
        )  # fmt: skip


async def revoke_tablet(tablet: int, survey: int, at: datetime) -> bool:
    """Take nothing from it any more; False when there is none, or it was revoked before."""
    async with connection() as lent:
        done = await lent.fetchval(
            """UPDATE tablet SET revoked_at = $3
               WHERE id = $1 AND survey = $2 AND revoked_at IS NULL RETURNING id""",
            tablet,
            survey,
            at,
        )
    return done is not None


def _tablet(row: Any) -> Tablet:
    return Tablet(**dict(row))
