"""What was asked of one person, what became of it, and what they wish: never what they answered."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec

from survey_service.db.contact import ContactFacts, find_contact
from survey_service.db.contact_standing import PEOPLE
from survey_service.db.engine import connection


class PastInvitation(msgspec.Struct, frozen=True, kw_only=True):
    """One invitation and how it ended; `disposition` only where a form came back."""

    survey: str
    title: dict[str, str]
    department: str
    wave: int
    state: str
    reserved_at: datetime
    sent_at: datetime | None
    cancelled_at: datetime | None
    expires_at: datetime
    answered_at: datetime | None
    disposition: str | None
    is_anonymous: bool
    """Then nobody can find what was answered, and of when only the day is known."""


class LedgerLine(msgspec.Struct, frozen=True, kw_only=True):
    """One event of the ledger."""

    at: datetime
    kind: str
    survey_slug: str
    seconds: int
    planned_seconds: int


class Wishes(msgspec.Struct, frozen=True, kw_only=True):
    """What a person chose on the own page, and what they were promised."""

    surveys_a_year: int | None
    paused_until: date | None
    topics: list[str]
    is_in_random_arm: bool
    promised_from: date | None
    unit_last_invited_on: date | None


async def find_contact_by_id(contact: int) -> ContactFacts | None:
    """Return the person with this number of the register."""
    async with connection() as lent:
        reference = await lent.fetchval("SELECT reference FROM contact WHERE id = $1", contact)
        return None if reference is None else await find_contact(reference)


async def list_invitations(contact: int) -> list[PastInvitation]:
    """Return a person's invitations, the newest first."""
    async with connection() as lent:
        rows = await lent.fetch(
            """SELECT s.slug AS survey, s.title, d.name AS department, w.number AS wave, i.state,
                   i.reserved_at, i.sent_at, i.cancelled_at, i.expires_at, i.answered_at, r.disposition,
                   s.is_anonymous
               FROM invitation i JOIN wave w ON w.id = i.wave JOIN survey s ON s.id = w.survey
               JOIN department d ON d.id = s.department LEFT JOIN response r ON r.invitation = i.id
               WHERE i.contact = $1 ORDER BY i.id DESC""",
            contact,
        )
    return [PastInvitation(**(dict(row) | {"title": msgspec.json.decode(row["title"])})) for row in rows]


async def list_ledger(pseudonym: UUID, *, limit: int | None) -> list[LedgerLine]:
    """Return the newest events of a person's ledger (None: all)."""
    async with connection() as lent:
        rows = await lent.fetch(
            """SELECT at, kind, survey_slug, seconds, planned_seconds FROM ledger_event
               WHERE pseudonym = $1 ORDER BY at DESC, id DESC LIMIT $2""",
            pseudonym,
            limit,
        )
    return [LedgerLine(**row) for row in rows]


async def get_wishes(contact: int) -> Wishes:
    """Return the wishes of a person who exists."""
    async with connection() as lent:
        row: Any = await lent.fetchrow(
            """SELECT c.surveys_a_year, c.paused_until, c.topics, c.is_in_random_arm, u.promised_from,
                   u.last_invited_on AS unit_last_invited_on
               FROM contact c JOIN unit u ON u.id = c.unit WHERE c.id = $1""",
            contact,
        )
    return Wishes(**(dict(row) | {"topics": msgspec.json.decode(row["topics"], type=list[str])}))


async def find_standing(contact: int) -> tuple[int, date | None]:
    """Return how a person who was not erased stands (`contact_standing`), and when a pause ends."""
    async with connection() as lent:
        row: Any = await lent.fetchrow(
            f"SELECT p.standing, p.paused_until FROM ({PEOPLE}) p WHERE p.id = $1",  # noqa: S608
            contact,
        )
    return row["standing"], row["paused_until"]
