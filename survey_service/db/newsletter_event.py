"""Events of the webhook: stored at once, worked on later, their text gone after thirty days."""

from datetime import datetime, timedelta

import msgspec

from survey_service.db.engine import connection

KEPT = timedelta(days=30)
MOST_TRIES = 8


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """An event that is to be worked on."""

    id: int
    kind: str
    body: bytes
    tries: int


class Health(msgspec.Struct, frozen=True, kw_only=True):
    """What the staff page says of the webhook."""

    last_at: datetime | None
    today: int
    waiting: int
    failed: int


async def store_event(
    found: int, *, key: bytes, kind: str, body: bytes, fired_at: datetime | None, is_known: bool
) -> bool:
    """Store an event; False when it came before. An unknown kind is kept and ignored."""
    async with connection() as lent:
        made = await lent.fetchval(
            """INSERT INTO newsletter_event (connection, key, kind, body, fired_at, state)
               VALUES ($1, $2, $3, $4, $5, CASE WHEN $6 THEN 'new' ELSE 'ignored' END)
               ON CONFLICT (key) DO NOTHING RETURNING id""",
            found, key, kind, body, fired_at, is_known,
        )  # fmt: skip
    return made is not None


async def list_waiting(found: int, at: datetime, limit: int) -> list[Waiting]:
    """Return what is due, the oldest first."""
    async with connection() as lent:
        rows = await lent.fetch(
            """SELECT id, kind, body, tries FROM newsletter_event
               WHERE connection = $1 AND state = 'new' AND next_try_at <= $2 AND body IS NOT NULL
               ORDER BY id LIMIT $3""",
            found, at, limit,
        )  # fmt: skip
    return [Waiting(**row) for row in rows]


async def finish_event(event: int, state: str = "done") -> None:
    """Note that an event was worked on."""
    async with connection() as lent:
        await lent.execute("UPDATE newsletter_event SET state = $2 WHERE id = $1", event, state)


async def postpone_event(event: int, at: datetime, error: str) -> bool:
    """Try an event again later; False when it was tried often enough: the next pull brings what it said."""
    async with connection() as lent:
        tries = await lent.fetchval(
            """UPDATE newsletter_event SET tries = tries + 1, error = $3,
                   next_try_at = $2::timestamptz + interval '10 seconds' * power(2, least(tries, 8)),
                   state = CASE WHEN tries + 1 >= $4 THEN 'failed' ELSE 'new' END
               WHERE id = $1 RETURNING tries""",
            event, at, error[:200], MOST_TRIES,
        )  # fmt: skip
    return bool(tries < MOST_TRIES)


async def forget_bodies(at: datetime) -> None:
    """Let go of what events said, once it is old; that they came is kept."""
    async with connection() as lent:
        await lent.execute(
            "UPDATE newsletter_event SET body = NULL WHERE body IS NOT NULL AND received_at < $1", at - KEPT
        )


async def get_health(found: int, at: datetime) -> Health:
    """Return when the last event came and what waits."""
    async with connection() as lent:
        row = await lent.fetchrow(
            """SELECT max(received_at) AS last_at,
                   count(*) FILTER (WHERE received_at > $2) AS today,
                   count(*) FILTER (WHERE state = 'new') AS waiting,
                   count(*) FILTER (WHERE state = 'failed' AND received_at > $2) AS failed
               FROM newsletter_event WHERE connection = $1""",
            found, at - timedelta(days=1),
        )  # fmt: skip
    return Health(**row)
