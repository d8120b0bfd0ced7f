"""The respondent's own page: who it belongs to, what it says, and what the person changes there."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec

from survey_service.db.engine import connection
from survey_service.domain.wishes import Wishes


class OwnPage(msgspec.Struct, frozen=True, kw_only=True):
    """The person a page belongs to, as far as the page needs to know."""

    contact: int
    unit: int
    pseudonym: UUID
    state: str
    is_consenting: bool
    """Whether consent to surveys stands."""
    wishes: Wishes
    has_email: bool
    has_mobile: bool
    paused_until: date | None
    promised_from: date | None
    objects_to_likelihood: bool
    """Whether their past is left out of every estimate of who answers."""
    last_invited_on: date | None
    """Day of the unit's last invitation: the rest is the whole household's."""


class Ask(msgspec.Struct, frozen=True, kw_only=True):
    """One event of the ledger; `title` is empty when the survey is not there any more."""

    on_day: date
    kind: str
    seconds: int
    title: dict[str, str]


class OpenInvitation(msgspec.Struct, frozen=True, kw_only=True):
    """An invitation that was sent and still waits for an answer."""

    id: int
    title: dict[str, str]
    last_day: date


async def find_own_page(token_hash: bytes) -> OwnPage | None:
    """Return whose page this is; an erased person has none."""
    async with connection() as lent:
        row: Any = await lent.fetchrow(
            """SELECT c.id AS contact, c.unit, c.pseudonym, c.state, c.surveys_a_year, c.topics, c.language,
                   c.channel, c.paused_until, u.promised_from, u.last_invited_on,
                   d.email IS NOT NULL AS has_email, d.mobile IS NOT NULL AS has_mobile,
                   coalesce(s.is_granted, false) AS is_consenting,
                   EXISTS (SELECT FROM likelihood_objection o WHERE o.contact = c.id) AS objects_to_likelihood
               FROM contact c JOIN unit u ON u.id = c.unit
               LEFT JOIN contact_detail d ON d.contact = c.id
               LEFT JOIN consent s ON s.contact = c.id AND s.purpose = 'survey'
               WHERE c.own_page_hash = $1 AND c.state <> 'erased'""",
            token_hash,
        )
    if row is None:
        return None
    values = dict(row)
    wishes = Wishes(
        surveys_a_year=values.pop("surveys_a_year"),
        topics=msgspec.json.decode(values.pop("topics"), type=list[str]),
        language=values.pop("language"),
        channel=values.pop("channel"),
    )
    return OwnPage(wishes=wishes, **values)


async def list_asks(pseudonym: UUID, *, since: datetime, time_zone: str) -> list[Ask]:
    """Return what was asked of a person since a moment, the newest first, by days of the time zone."""
    async with connection() as lent:
        rows = await lent.fetch(
            """SELECT (e.at AT TIME ZONE $3::text)::date AS on_day, e.kind, e.seconds,
                   coalesce(s.title, '{}') AS title
               FROM ledger_event e LEFT JOIN survey s ON s.slug = e.survey_slug
               WHERE e.pseudonym = $1 AND e.at >= $2 ORDER BY e.at DESC, e.id DESC""",
            pseudonym,
            since,
            time_zone,
        )
    return [Ask(**_with_title(row)) for row in rows]


async def list_open_invitations(contact: int, *, at: datetime, time_zone: str) -> list[OpenInvitation]:
    """Return the invitations a person can still answer."""
    async with connection() as lent:
        rows = await lent.fetch(
            """SELECT i.id, s.title, (i.expires_at AT TIME ZONE $3::text)::date AS last_day
               FROM invitation i JOIN wave w ON w.id = i.wave JOIN survey s ON s.id = w.survey
               WHERE i.contact = $1 AND i.state = 'sent' AND i.expires_at > $2 AND s.state = 'open'
               ORDER BY i.expires_at, i.id""",
            contact,
            at,
            time_zone,
        )
    return [OpenInvitation(**_with_title(row)) for row in rows]


async def set_hashes(hashes: Mapping[int, bytes]) -> set[int]:
    """Store what is kept of the pages' tokens, by contact; return the contacts that can have a page."""
    async with connection() as lent:
        rows = await lent.fetch(
            """WITH new AS (SELECT * FROM unnest($1::bigint[], $2::bytea[]) AS n (id, hash)),
                   changed AS (
                       UPDATE contact SET own_page_hash = new.hash FROM new WHERE contact.id = new.id
                           AND contact.state <> 'erased' AND contact.own_page_hash IS DISTINCT FROM new.hash)
               SELECT c.id FROM contact c JOIN new ON new.id = c.id WHERE c.state <> 'erased'""",
            list(hashes),
            list(hashes.values()),
        )
    return {row["id"] for row in rows}


async def set_wishes(contact: int, wishes: Wishes) -> None:
    """Write the wishes of a person; a language or channel changed here is one that no import changes back."""
    async with connection() as lent:
        await lent.execute(
            """UPDATE contact SET surveys_a_year = $2, topics = $3, language = $4::text, channel = $5::text,
                   chose_language = chose_language OR language <> $4::text,
                   chose_channel = chose_channel OR channel <> $5::text
               WHERE id = $1""",
            contact,
            wishes.surveys_a_year,
            msgspec.json.encode(wishes.topics).decode(),
            wishes.language,
            wishes.channel,
        )


async def set_pause(contact: int, until: date | None) -> None:
    """Pause a person until a day, or end the pause; who has left stays so."""
    async with connection() as lent:
        await lent.execute(
            """UPDATE contact SET paused_until = $2,
                   state = CASE WHEN $2::date IS NULL THEN 'active' ELSE 'paused' END
               WHERE id = $1 AND state IN ('active', 'paused')""",
            contact,
            until,
        )


async def set_consent(contact: int, *, is_granted: bool, source: str, at: datetime) -> None:
    """Write consent to surveys, given or withdrawn by the person; who had left and consents is back."""
    async with connection() as lent:
        await lent.execute(
            """INSERT INTO consent (contact, purpose, is_granted, source, at)
               VALUES ($1, 'survey', $2, $3, $4)
               ON CONFLICT (contact, purpose) DO UPDATE
               SET is_granted = excluded.is_granted, source = excluded.source, at = excluded.at""",
            contact,
            is_granted,
            source,
            at,
        )
        if is_granted:
            await lent.execute(
                "UPDATE contact SET state = 'active' WHERE id = $1 AND state = 'left'", contact
            )


async def cancel_invitations(contact: int, *, at: datetime, invitation: int | None = None) -> int:
    """Cancel what was sent to a person and is not answered (one, or all), and what waits to remind of it.

    The link takes no answer any more. Rest and ledger stay, and it counts as sent and refused: it did arrive.
    """
    async with connection() as lent:
        rows = await lent.fetch(
            """UPDATE invitation SET state = 'cancelled', cancelled_at = $2, cancelled_for = 'person'
               WHERE contact = $1 AND state = 'sent' AND expires_at > $2
                   AND ($3::bigint IS NULL OR id = $3) RETURNING id""",
            contact,
            at,
            invitation,
        )
        await lent.execute(
            "UPDATE message SET state = 'cancelled' WHERE invitation = ANY ($1) AND state = 'queued'",
            [row["id"] for row in rows],
        )
    return len(rows)


def _with_title(row: Any) -> dict[str, Any]:
    return dict(row) | {"title": msgspec.json.decode(row["title"], type=dict[str, str])}
