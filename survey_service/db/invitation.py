"""Invitations: reserved by a draw, sent under a receipt, or cancelled."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from uuid import UUID

import msgspec

from survey_service.db.contact_standing import PEOPLE
from survey_service.db.engine import connection


class NewInvitation(msgspec.Struct, frozen=True, kw_only=True):
    """One invitation as a draw writes it: sent under its receipt, cancelled for a reason, else reserved."""

    id: int
    contact: int
    draw_member: int
    form: int
    token_hash: bytes
    language: str
    receipt: int | None = None
    cancelled_for: str | None = None

    @property
    def state(self) -> str:
        """What becomes of it."""
        if self.receipt is not None:
            return "sent"
        return "reserved" if self.cancelled_for is None else "cancelled"


class Reserved(msgspec.Struct, frozen=True, kw_only=True):
    """One invitation that waits to be sent, with the places its person and unit hold now."""

    id: int
    contact: int
    pseudonym: UUID
    channel: str
    planned_seconds: int
    unit: int
    unit_prn: float
    unit_ticket: float
    cell: int
    prn: float
    inner_ticket: float


async def copy_invitations(
    invitations: Iterable[NewInvitation], *, wave: int, key_version: int, at: datetime, expires_at: datetime
) -> None:
    """Write the invitations of a wave."""
    async with connection() as lent:
        await lent.copy_records_to_table(
            "invitation",
            records=[
                (
                    one.id, wave, one.contact, one.draw_member, one.form, one.token_hash,
                    key_version, one.language, one.state, at, expires_at, one.receipt,
                    at if one.state == "sent" else None,
                    at if one.state == "cancelled" else None, one.cancelled_for,
                )
                for one in invitations
            ],
            columns=(
                "id", "wave", "contact", "draw_member", "form", "token_hash", "key_version",
                "language", "state", "reserved_at", "expires_at", "receipt", "sent_at", "cancelled_at",
                "cancelled_for",
            ),
        )  # fmt: skip


async def list_reserved(wave: int, replicates: Sequence[int] | None = None) -> list[Reserved]:
    """Return what waits of a wave (of these replicates, by number), in the order of release."""
    async with connection() as lent:
        rows = await lent.fetch(
            """SELECT i.id, i.contact, c.pseudonym, c.channel, f.planned_seconds, c.unit, u.prn AS unit_prn,
                   u.ticket AS unit_ticket, u.cell, c.prn, c.inner_ticket
               FROM invitation i JOIN draw_member m ON m.id = i.draw_member
               JOIN replicate r ON r.id = m.replicate JOIN form f ON f.id = i.form
               JOIN contact c ON c.id = i.contact JOIN unit u ON u.id = c.unit
               WHERE i.wave = $1 AND i.state = 'reserved' AND i.sent_at IS NULL
                   AND ($2::int[] IS NULL OR r.number = ANY ($2))
               ORDER BY r.number, i.token_hash""",
            wave,
            replicates,
        )
    return [Reserved(**row) for row in rows]


async def mark_sent(
    ids: Sequence[int], receipts: Sequence[int], *, at: datetime, expires_at: datetime
) -> None:
    """Turn reserved invitations into sent ones, each with its receipt."""
    async with connection() as lent:
        await lent.execute(
            """UPDATE invitation SET state = 'sent', receipt = new.receipt, sent_at = $3, expires_at = $4
               FROM unnest($1::bigint[], $2::bigint[]) AS new (id, receipt)
               WHERE invitation.id = new.id AND state = 'reserved'""",
            ids, receipts, at, expires_at,
        )  # fmt: skip


async def cancel_each(ids: Sequence[int], reasons: Sequence[str], at: datetime) -> None:
    """Cancel reserved invitations, each for its reason; ticket, rest and ledger never moved."""
    async with connection() as lent:
        await lent.execute(
            """UPDATE invitation SET state = 'cancelled', cancelled_at = $3, cancelled_for = new.reason
               FROM unnest($1::bigint[], $2::text[]) AS new (id, reason)
               WHERE invitation.id = new.id AND state = 'reserved'""",
            ids, reasons, at,
        )  # fmt: skip


async def cancel_reserved(wave: int, at: datetime, replicates: Sequence[int] | None = None) -> int:
    """Cancel what of a wave (of these replicates, by number) still waits; return how many."""
    async with connection() as lent:
        rows = await lent.fetch(
            """UPDATE invitation SET state = 'cancelled', cancelled_at = $2, cancelled_for = 'staff'
               WHERE wave = $1 AND state = 'reserved' AND sent_at IS NULL
                   AND ($3::int[] IS NULL OR draw_member IN (
                   SELECT m.id FROM draw_member m JOIN replicate r ON r.id = m.replicate
                   JOIN draw d ON d.id = r.draw WHERE d.wave = $1 AND r.number = ANY ($3)))
               RETURNING id""",
            wave,
            at,
            replicates,
        )
    return len(rows)


class PersonStanding(msgspec.Struct, frozen=True, kw_only=True):
    """Whether a person is in the frame at all."""

    contact: int
    unit: int
    standing: int
    paused_until: date | None


class PersonFacts(PersonStanding, frozen=True, kw_only=True):
    """What the gate knows of one person before a message that is no invitation."""

    has_address: bool
    wants_newsletter: bool
    last_contact: datetime | None
    invitation: int | None
    invitation_state: str | None
    expires_at: datetime | None
    reminders: int
    service_messages: int
    """Since the moment asked about."""


async def list_person_standings(contacts: Sequence[int]) -> list[PersonStanding]:
    """Return how these people stand, in no order; who was erased or never was is left out."""
    async with connection() as lent:
        rows = await lent.fetch(
            f"""SELECT p.id AS contact, p.unit, p.standing, p.paused_until
                FROM ({PEOPLE}) p WHERE p.id = ANY ($1::bigint[])""",  # noqa: S608
            contacts,
        )
    return [PersonStanding(**row) for row in rows]


async def list_person_facts(
    contacts: Sequence[int], survey: int | None, since: datetime
) -> list[PersonFacts]:
    """Return the facts of these people, in the order given; who was erased or never was is left out.

    The invitation is the newest of the survey, if one is named.
    """
    async with connection() as lent:
        rows = await lent.fetch(
            f"""SELECT p.id AS contact, p.unit, p.standing, p.paused_until,
                   p.has_email OR p.has_mobile AS has_address,
                   coalesce(n.is_granted, false) AS wants_newsletter, r.last_contact,
                   i.id AS invitation, i.state AS invitation_state, i.expires_at,
                   coalesce(m.reminders, 0) AS reminders, r.service_messages
                FROM unnest($1::bigint[]) WITH ORDINALITY AS asked (id, place)
                JOIN ({PEOPLE}) p ON p.id = asked.id
                LEFT JOIN consent n ON n.contact = p.id AND n.purpose = 'newsletter'
                LEFT JOIN LATERAL (SELECT max(at) AS last_contact,
                    count(*) FILTER (WHERE kind = 'service' AND at >= $3)::int AS service_messages
                    FROM receipt WHERE contact = p.id AND kind <> 'newsletter') r ON true
                LEFT JOIN LATERAL (SELECT i.id, i.state, i.expires_at FROM invitation i
                    JOIN wave w ON w.id = i.wave WHERE i.contact = p.id AND w.survey = $2
                    ORDER BY i.id DESC LIMIT 1) i ON true
                LEFT JOIN LATERAL (SELECT count(*)::int AS reminders FROM message
                    WHERE invitation = i.id AND kind = 'reminder') m ON true
                ORDER BY asked.place""",  # noqa: S608
            contacts,
            survey,
            since,
        )
    return [PersonFacts(**row) for row in rows]
