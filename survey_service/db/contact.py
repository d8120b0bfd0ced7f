"""Contacts: one person shown, erased, or all of them written out."""

from collections.abc import AsyncIterator
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec

from survey_service.db.engine import connection, transaction

_FACTS = """
    SELECT c.id, c.reference, c.pseudonym, c.state, c.language, c.channel, c.attributes, c.joined_at,
        c.last_invited_on, c.unit, u.reference AS unit_reference, k.key AS cell,
        split_part(k.key, '|', 1) AS audience,
        coalesce(d.name, '') AS name, d.email, d.email_key, d.mobile,
        coalesce(d.organisation, '') AS organisation
    FROM contact c JOIN unit u ON u.id = c.unit JOIN cell k ON k.id = u.cell
    LEFT JOIN contact_detail d ON d.contact = c.id
"""


class ContactFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What the register knows of a person."""

    id: int
    reference: str
    pseudonym: UUID
    state: str
    language: str
    channel: str
    attributes: dict[str, str]
    joined_at: datetime
    last_invited_on: date | None
    unit: int
    unit_reference: str
    cell: str
    audience: str
    name: str
    email: str | None
    email_key: str | None
    mobile: str | None
    organisation: str


class ConsentFacts(msgspec.Struct, frozen=True, kw_only=True):
    """One consent, given or withdrawn."""

    purpose: str
    is_granted: bool
    source: str
    at: datetime


class Burden(msgspec.Struct, frozen=True, kw_only=True):
    """What was asked of a person since a moment."""

    invitations: int
    seconds: int
    planned_seconds: int


async def find_contact(reference: str) -> ContactFacts | None:
    """Return the person with this reference."""
    async with transaction() as lent:
        row = await lent.fetchrow(f"{_FACTS} WHERE c.reference = $1", reference)
    return None if row is None else _to_facts(row)


async def list_consents(contact: int) -> list[ConsentFacts]:
    """Return what a person consented to or withdrew."""
    async with transaction() as lent:
        rows = await lent.fetch(
            "SELECT purpose, is_granted, source, at FROM consent WHERE contact = $1 ORDER BY purpose", contact
        )
    return [ConsentFacts(**row) for row in rows]


async def sum_burden(pseudonym: UUID, since: datetime) -> Burden:
    """Sum the ledger of a person."""
    async with transaction() as lent:
        row = await lent.fetchrow(
            """SELECT count(*) FILTER (WHERE kind = 'invitation') AS invitations,
                   coalesce(sum(seconds), 0) AS seconds, coalesce(sum(planned_seconds), 0) AS planned_seconds
               FROM ledger_event WHERE pseudonym = $1 AND at >= $2""",
            pseudonym,
            since,
        )
    return Burden(**row)


async def find_reference(contact: int) -> str:
    """Return the reference of a contact."""
    async with connection() as lent:
        reference: str = await lent.fetchval("SELECT reference FROM contact WHERE id = $1", contact)
    return reference


async def erase_contact(contact: int) -> None:
    """Remove what names a person and unlink the ledger; what was counted stays counted."""
    async with transaction() as lent:
        await lent.execute("DELETE FROM contact_detail WHERE contact = $1", contact)
        await lent.execute("DELETE FROM consent WHERE contact = $1", contact)
        await lent.execute("DELETE FROM known_fact WHERE contact = $1", contact)
        await lent.execute("DELETE FROM contact_attribute_past WHERE contact = $1", contact)
        await lent.execute(
            """UPDATE contact SET state = 'erased', attributes = '{}',
                   reference = 'erased-' || gen_random_uuid(), pseudonym = gen_random_uuid()
               WHERE id = $1""",
            contact,
        )
        # The unit of a person alone was named after the person.
        await lent.execute(
            """UPDATE unit SET reference = 'erased-' || gen_random_uuid() FROM contact c
               WHERE c.id = $1 AND unit.id = c.unit
                   AND NOT EXISTS (SELECT FROM contact other WHERE other.unit = unit.id AND other.id <> $1
                       AND other.state <> 'erased')""",
            contact,
        )
        await lent.execute(
            """UPDATE invitation SET state = 'cancelled', cancelled_at = now(), cancelled_for = 'erased'
               WHERE contact = $1 AND state IN ('reserved', 'sent')""",
            contact,
        )


async def walk_contacts() -> AsyncIterator[tuple[ContactFacts, list[ConsentFacts]]]:
    """Yield everybody who was not erased, by reference, a few at a time."""
    async with transaction() as lent:
        cursor = lent.cursor(
            f"""SELECT f.*, coalesce((SELECT jsonb_agg(jsonb_build_object('purpose', s.purpose,
                    'is_granted', s.is_granted, 'source', s.source, 'at', s.at))
                    FROM consent s WHERE s.contact = f.id), '[]') AS consents
                FROM ({_FACTS}) f WHERE f.state <> 'erased' ORDER BY f.reference COLLATE "C\"""",  # noqa: S608
            prefetch=1_000,
        )
        async for row in cursor:
            values = dict(row)
            consents = msgspec.json.decode(values.pop("consents"), type=list[ConsentFacts])
            yield _to_facts(values), consents


def _to_facts(row: Any) -> ContactFacts:
    values = dict(row)
    values["attributes"] = msgspec.json.decode(values["attributes"], type=dict[str, str])
    return ContactFacts(**values)


async def end_pauses(day: date) -> None:
    """Make those active again whose pause ends on a day or before."""
    async with connection() as lent:
        await lent.execute(
            """UPDATE contact SET state = 'active', paused_until = NULL
               WHERE state = 'paused' AND paused_until <= $1""",
            day,
        )


async def list_past_attributes(contact: int) -> list[tuple[datetime, dict[str, str | None]]]:
    """Return what a person's attributes were, each with the moment until which they were so."""
    async with connection() as lent:
        rows = await lent.fetch(
            "SELECT until, attributes FROM contact_attribute_past WHERE contact = $1 ORDER BY until, id",
            contact,
        )
    decode = msgspec.json.Decoder(dict[str, str | None]).decode
    return [(row["until"], decode(row["attributes"])) for row in rows]


async def forget_past_attributes(before: datetime) -> None:
    """Delete what is too old for anybody to look at."""
    async with connection() as lent:
        await lent.execute("DELETE FROM contact_attribute_past WHERE until < $1", before)
