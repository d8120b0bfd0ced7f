"""Burden over the register: the ledger against the events it was charged for, and its spread."""

from datetime import datetime

import msgspec

from survey_service.db.contact_standing import IN_FRAME, PEOPLE
from survey_service.db.engine import connection
from survey_service.domain.burden import anonymous_kind, answer_kind, message_seconds

_PRICES = ", ".join(f"('{kind}', {seconds})" for kind, seconds in message_seconds.items())


class LedgerDifference(msgspec.Struct, frozen=True, kw_only=True):
    """People whose sum of one kind is not what their events come to."""

    kind: str
    people: int
    ledger_seconds: int
    event_seconds: int


class LedgerCount(msgspec.Struct, frozen=True, kw_only=True):
    """How much of the ledger was compared, and what cannot be."""

    people: int
    events: int
    anonymous: int
    """Events of anonymous surveys, which keep nothing to compare with."""
    of_erased: int
    """Events of people who were erased: their pseudonym leads nowhere any more."""
    of_deleted: int
    """Answers to surveys that were deleted. They stay charged."""


class CellBurden(msgspec.Struct, frozen=True, kw_only=True):
    """The burden of a cell's people in a year; hidden figures are null."""

    cell: str
    people: int
    invitations_mean: float | None
    invitations_p95: float | None
    invitations_max: int | None
    minutes_mean: float | None
    minutes_p95: float | None
    minutes_max: float | None


# Messages are found by their receipts, which outlive everything; answers by the person's invitations.
_DIFFERENCES = f"""
    WITH price(kind, seconds) AS (VALUES {_PRICES}), event AS (
        SELECT c.pseudonym, r.kind, price.seconds
        FROM receipt r JOIN contact c ON c.id = r.contact JOIN price ON price.kind = r.kind
        WHERE c.state <> 'erased'
            -- A link in an issue is allowed when it is written, and asks something when the issue goes out.
            AND NOT EXISTS (SELECT FROM newsletter_link l WHERE l.receipt = r.id AND l.fate <> 'sent')
        UNION ALL
        SELECT c.pseudonym, '{answer_kind}', coalesce(p.charged_seconds, p.active_seconds, f.planned_seconds)
        FROM response p JOIN invitation i ON i.id = p.invitation JOIN contact c ON c.id = i.contact
        JOIN form f ON f.id = p.form WHERE c.state <> 'erased'
    ), charged AS (
        SELECT e.pseudonym, e.kind, e.seconds FROM ledger_event e JOIN contact c ON c.pseudonym = e.pseudonym
        WHERE e.kind <> '{anonymous_kind}'
            AND (e.kind <> '{answer_kind}' OR EXISTS (SELECT FROM survey s WHERE s.slug = e.survey_slug))
    ), owed AS (
        SELECT pseudonym, kind, sum(seconds) AS seconds, count(*) AS n FROM event GROUP BY pseudonym, kind
    ), held AS (
        SELECT pseudonym, kind, sum(seconds) AS seconds, count(*) AS n FROM charged GROUP BY pseudonym, kind
    )
    SELECT coalesce(owed.kind, held.kind) AS kind, count(*) AS people,
        coalesce(sum(held.seconds), 0)::bigint AS ledger_seconds,
        coalesce(sum(owed.seconds), 0)::bigint AS event_seconds
    FROM owed FULL JOIN held ON held.pseudonym = owed.pseudonym AND held.kind = owed.kind
    WHERE (owed.seconds, owed.n) IS DISTINCT FROM (held.seconds, held.n)
    GROUP BY 1 ORDER BY 1
"""  # noqa: S608

_COUNT = f"""
    SELECT count(DISTINCT e.pseudonym) FILTER (WHERE c.id IS NOT NULL) AS people,
        count(*) FILTER (WHERE c.id IS NOT NULL AND e.kind <> '{anonymous_kind}'
            AND (e.kind <> '{answer_kind}' OR s.id IS NOT NULL)) AS events,
        count(*) FILTER (WHERE e.kind = '{anonymous_kind}') AS anonymous,
        count(*) FILTER (WHERE c.id IS NULL AND e.kind <> '{anonymous_kind}') AS of_erased,
        count(*) FILTER (WHERE c.id IS NOT NULL AND e.kind = '{answer_kind}' AND s.id IS NULL) AS of_deleted
    FROM ledger_event e LEFT JOIN contact c ON c.pseudonym = e.pseudonym
    LEFT JOIN survey s ON s.slug = e.survey_slug
"""  # noqa: S608

_SPREAD = f"""
    WITH asked AS (
        SELECT pseudonym, count(*) FILTER (WHERE kind = 'invitation') AS invitations, sum(seconds) AS seconds
        FROM ledger_event WHERE at >= $1 GROUP BY pseudonym
    ), person AS (
        SELECT k.key, coalesce(a.invitations, 0) AS invitations, coalesce(a.seconds, 0) / 60.0 AS minutes
        FROM ({PEOPLE}) p JOIN unit u ON u.id = p.unit JOIN cell k ON k.id = u.cell
        LEFT JOIN asked a ON a.pseudonym = p.pseudonym WHERE p.standing = {IN_FRAME}
    )
    SELECT coalesce(key, '') AS cell, count(*) AS people,
        avg(invitations)::float8 AS invitations_mean,
        percentile_disc(0.95) WITHIN GROUP (ORDER BY invitations)::float8 AS invitations_p95,
        max(invitations) AS invitations_max,
        avg(minutes)::float8 AS minutes_mean,
        percentile_disc(0.95) WITHIN GROUP (ORDER BY minutes)::float8 AS minutes_p95,
        max(minutes)::float8 AS minutes_max
    FROM person GROUP BY GROUPING SETS ((key), ()) ORDER BY key COLLATE "C" NULLS FIRST
"""  # noqa: S608


async def list_differences() -> list[LedgerDifference]:
    """Compare the ledger's sums with the raw events, person by person and kind by kind."""
    async with connection() as lent:
        return [LedgerDifference(**row) for row in await lent.fetch(_DIFFERENCES)]


async def count_ledger() -> LedgerCount:
    """Count what the comparison covers."""
    async with connection() as lent:
        return LedgerCount(**await lent.fetchrow(_COUNT))


async def list_cell_burdens(since: datetime) -> list[CellBurden]:
    """Return the burden of the people in the frame since a moment: first of all (cell ''), then by cell."""
    async with connection() as lent:
        return [CellBurden(**row) for row in await lent.fetch(_SPREAD, since)]
