"""The register as a draw sees it: units with their places, their past invitations, and their people."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from survey_service.db.columns import Columns, read_columns
from survey_service.db.contact_standing import IN_FRAME, PEOPLE
from survey_service.db.engine import connection

_DAY = "- DATE '0001-01-01' + 1"
"""From a date to Python's ordinal of the day."""

_UNITS = f"""
    SELECT u.id, u.cell, u.prn, u.ticket, coalesce((u.last_invited_on {_DAY})::int8, $1::int8), p.standing
    FROM unit u
    JOIN cell k ON k.id = u.cell
    JOIN cell_definition d ON d.id = k.cell_definition AND d.is_current
    JOIN (SELECT unit, max(standing) AS standing FROM ({PEOPLE}) x GROUP BY unit) p ON p.unit = u.id
    ORDER BY u.id
"""  # noqa: S608

_HISTORY = f"""
    SELECT c.unit, ((e.at AT TIME ZONE $2::text)::date {_DAY})::int8, e.planned_seconds
    FROM ledger_event e JOIN contact c ON c.pseudonym = e.pseudonym
    WHERE e.kind = 'invitation' AND e.at >= $1::timestamptz
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


async def read_units(*, never: int) -> Columns:
    """Return every unit of the current cells, by id; `never` stands for the day of no invitation.

    Columns: id, cell, prn, ticket, last_invited (day), standing (`contact_standing`).
    """
    return await read_columns(
        _UNITS,
        never,
        columns={
            "id": "int8", "cell": "int8", "prn": "float8", "ticket": "float8",
            "last_invited": "int8", "standing": "int2",
        },
    )  # fmt: skip


async def read_history(since: datetime, time_zone: str) -> Columns:
    """Return the invitations since a moment: unit, day and planned seconds."""
    return await read_columns(
        _HISTORY, since, time_zone, columns={"unit": "int8", "day": "int8", "planned_seconds": "int4"}
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
