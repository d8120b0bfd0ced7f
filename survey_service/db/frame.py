"""The register as a draw sees it: units with their places, their past invitations, and their people."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

import msgspec

from survey_service.db.columns import Columns, read_columns
from survey_service.db.contact_standing import IN_FRAME, PAUSED, PEOPLE
from survey_service.db.engine import connection

_DAY = "- DATE '0001-01-01' + 1"
"""From a date to Python's ordinal of the day."""

FAR = date.max.toordinal()
"""The end of what has no end yet: a pause without a date, an invitation that is only reserved."""
MOST = 2**15 - 1
"""Surveys a year of people who chose no number."""

_UNITS = f"""
    SELECT u.id, u.cell, u.prn, u.ticket, coalesce((u.last_invited_on {_DAY})::int8, $1::int8), p.standing,
        coalesce((u.promised_from {_DAY})::int8, $1::int8), coalesce((p.resumes_on {_DAY})::int8, {FAR}),
        p.frequency, coalesce(b.until, $1::int8)
    FROM unit u
    JOIN cell k ON k.id = u.cell
    JOIN cell_definition d ON d.id = k.cell_definition AND d.is_current
    JOIN (
        SELECT unit, max(standing) AS standing,
            min(paused_until) FILTER (WHERE standing = {PAUSED}) AS resumes_on,
            coalesce(min(surveys_a_year) FILTER (WHERE standing >= {PAUSED}), {MOST})::int2 AS frequency
        FROM ({PEOPLE}) x WHERE $2::bigint[] IS NULL OR unit = ANY ($2) GROUP BY unit
    ) p ON p.unit = u.id
    LEFT JOIN (
        SELECT c.unit, max(CASE WHEN i.state = 'reserved' THEN {FAR}
            ELSE (i.expires_at AT TIME ZONE $3::text)::date {_DAY} END)::int8 AS until
        FROM invitation i JOIN contact c ON c.id = i.contact
        WHERE i.state = 'reserved' AND i.wave IS DISTINCT FROM $4::bigint
            OR i.state = 'sent' AND i.expires_at > now()
        GROUP BY c.unit
    ) b ON b.unit = u.id
    ORDER BY u.id
"""  # noqa: S608

_HISTORY = f"""
    SELECT c.unit, ((e.at AT TIME ZONE $2::text)::date {_DAY})::int8, e.planned_seconds
    FROM ledger_event e JOIN contact c ON c.pseudonym = e.pseudonym
    WHERE e.kind = 'invitation' AND e.at >= $1::timestamptz
        AND ($3::bigint[] IS NULL OR c.unit = ANY ($3))
"""  # noqa: S608

_PEOPLE_OF = f"""
    SELECT p.id, p.unit, p.prn, p.inner_ticket FROM ({PEOPLE}) p
    WHERE p.standing = {IN_FRAME} AND p.unit = ANY ($1::bigint[]) ORDER BY p.id
"""  # noqa: S608


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """What is needed to invite a person."""

    contact: int
    reference: str
    unit_reference: str
    pseudonym: UUID
    language: str


async def read_units(
    *, never: int, time_zone: str, units: Sequence[int] | None = None, sending_wave: int | None = None
) -> Columns:
    """Return the units (by id; all: None) of the current cells, by id; `never` stands for no such day.

    Columns: id, cell, prn, ticket, last_invited (day), standing (`contact_standing`), promised (first day
    by promise), resumes (day a pause ends), frequency (fewest surveys a year chosen in it) and busy_until
    (last day of a link in its hands; what is reserved for `sending_wave` does not count).
    """
    return await read_columns(
        _UNITS,
        never,
        units,
        time_zone,
        sending_wave,
        columns={
            "id": "int8", "cell": "int8", "prn": "float8", "ticket": "float8",
            "last_invited": "int8", "standing": "int2", "promised": "int8", "resumes": "int8",
            "frequency": "int2", "busy_until": "int8",
        },
    )  # fmt: skip


async def read_history(since: datetime, time_zone: str, units: Sequence[int] | None = None) -> Columns:
    """Return the invitations since a moment to these units (all: None): unit, day and planned seconds."""
    return await read_columns(
        _HISTORY, since, time_zone, units, columns={"unit": "int8", "day": "int8", "planned_seconds": "int4"}
    )


async def read_people(units: Sequence[int]) -> Columns:
    """Return the people of these units who are in the frame: id, unit, prn and inner ticket."""
    return await read_columns(
        _PEOPLE_OF, units, columns={"id": "int8", "unit": "int8", "prn": "float8", "ticket": "float8"}
    )


async def list_members(contacts: Sequence[int]) -> list[Member]:
    """Return these people, in the order given."""
    async with connection() as lent:
        rows = await lent.fetch(
            """SELECT c.id AS contact, c.reference, u.reference AS unit_reference, c.pseudonym, c.language
               FROM unnest($1::bigint[]) WITH ORDINALITY AS asked (id, place)
               JOIN contact c ON c.id = asked.id JOIN unit u ON u.id = c.unit ORDER BY asked.place""",
            contacts,
        )
    return [Member(**row) for row in rows]
