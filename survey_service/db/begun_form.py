"""Begun forms: what was typed so far under a personal link, known by the hash of its resume key."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from survey_service.db.early_answer import RIDES
from survey_service.db.engine import Connection, connection
from survey_service.db.submission import Outcome

MOST_COPIES = 10
"""Copies of one invitation's form. Who was passed the link may begin one, but not fill the house."""

Fields = dict[str, list[str]]


class FormPart(msgspec.Struct, frozen=True, kw_only=True):
    """One more page of a form: everything typed so far, ready to be kept."""

    token_hash: bytes
    key_hash: bytes
    survey: int
    language: str
    page: int
    privacy_notice_version: str
    posted: str
    """Every field so far, as JSON."""
    at: datetime


class BegunForm(msgspec.Struct, frozen=True, kw_only=True):
    """What was typed so far."""

    page: int
    language: str
    fields: Fields


class LeftForm(msgspec.Struct, frozen=True, kw_only=True):
    """The newest copy of an invitation whose time is over."""

    invitation: int
    token_hash: bytes
    survey: int
    form: int
    questionnaire_version: int
    language: str
    privacy_notice_version: str
    fields: Fields
    started_at: datetime
    updated_at: datetime


# An older page that comes late, from a second window, does not undo a newer one.
_STORE = f"""
WITH incoming AS MATERIALIZED (
    SELECT * FROM unnest($1::bytea[], $2::bytea[], $3::bigint[], $4::text[], $5::int2[], $6::text[],
                         $7::jsonb[], $8::timestamptz[])
        AS page(token_hash, key_hash, survey, language, page, notice, submission, at)
), known AS MATERIALIZED (
    SELECT incoming.*, invitation.id AS invitation, invitation.state,
        invitation.state = 'sent' OR (invitation.state = 'reserved'
            AND {RIDES.format(invitation="invitation.id")}) AS takes,
        survey.state = 'open' AND NOT survey.is_anonymous AS is_open,
        (SELECT count(*) FROM begun_form WHERE begun_form.invitation = invitation.id
            AND begun_form.key_hash <> incoming.key_hash) >= {MOST_COPIES} AS is_full
    FROM incoming JOIN invitation ON invitation.token_hash = incoming.token_hash
    JOIN survey ON survey.id = incoming.survey
), stored AS (
    INSERT INTO begun_form (invitation, key_hash, language, page, privacy_notice_version, submission,
                       started_at, updated_at)
    SELECT invitation, key_hash, language, page, notice, submission, at, at FROM known
    WHERE takes AND is_open AND NOT is_full
    ORDER BY key_hash
    ON CONFLICT (key_hash) DO UPDATE SET language = excluded.language, page = excluded.page,
        submission = excluded.submission, updated_at = excluded.updated_at
    WHERE begun_form.invitation = excluded.invitation AND begun_form.updated_at <= excluded.updated_at
    RETURNING key_hash
)
SELECT known.key_hash, known.state, known.takes, known.is_open, known.is_full FROM known
"""  # noqa: S608


async def store_parts(lent: Connection, pages: Sequence[FormPart]) -> list[Outcome]:
    """Keep pages, in one statement; return what became of each, in order. No key may occur twice."""
    rows = await lent.fetch(
        _STORE,
        [one.token_hash for one in pages],
        [one.key_hash for one in pages],
        [one.survey for one in pages],
        [one.language for one in pages],
        [one.page for one in pages],
        [one.privacy_notice_version for one in pages],
        [one.posted for one in pages],
        [one.at for one in pages],
    )
    found = {row["key_hash"]: _judge(row) for row in rows}
    return [found.get(one.key_hash, Outcome.UNKNOWN) for one in pages]


def _judge(row: Any) -> Outcome:
    if row["state"] == "answered":
        return Outcome.ALREADY_ANSWERED
    if not row["takes"]:
        return Outcome.CANCELLED
    if not row["is_open"]:
        return Outcome.CLOSED
    return Outcome.NOT_KEPT if row["is_full"] else Outcome.STORED


async def find_begun_form(token_hash: bytes, key_hash: bytes | None) -> BegunForm | None:
    """Return the form begun under this key, or the newest without one, for whoever proved who they are."""
    async with connection() as lent:
        row = await lent.fetchrow(
            """SELECT d.page, d.language, d.submission
               FROM begun_form d JOIN invitation i ON i.id = d.invitation
               WHERE i.token_hash = $1 AND i.state IN ('sent', 'reserved')
                   AND ($2::bytea IS NULL OR d.key_hash = $2)
               ORDER BY d.updated_at DESC LIMIT 1""",
            token_hash,
            key_hash,
        )
    return None if row is None else BegunForm(
        page=row["page"], language=row["language"], fields=decode_fields(row["submission"])
    )  # fmt: skip


async def list_left_forms(at: datetime, limit: int) -> list[LeftForm]:
    """Return the newest copy of each invitation that cannot be answered any more, some at a time."""
    async with connection() as lent:
        rows = await lent.fetch(
            """SELECT DISTINCT ON (i.id) i.id AS invitation, i.token_hash, w.survey, i.form,
                   f.questionnaire_version, d.language, d.privacy_notice_version, d.submission AS fields,
                   d.started_at, d.updated_at
               FROM begun_form d JOIN invitation i ON i.id = d.invitation JOIN wave w ON w.id = i.wave
               JOIN survey s ON s.id = w.survey JOIN form f ON f.id = i.form
               WHERE i.state = 'sent' AND (s.state = 'closed' OR i.expires_at <= $1)
               ORDER BY i.id, d.updated_at DESC LIMIT $2""",
            at,
            limit,
        )
    return [LeftForm(**(dict(row) | {"fields": decode_fields(row["fields"])})) for row in rows]


async def delete_begun_forms(invitations: Sequence[int] = ()) -> int:
    """Delete the copies of invitations that are answered or cancelled, and of these; return how many."""
    async with connection() as lent:
        rows = await lent.fetch(
            """DELETE FROM begun_form USING invitation i WHERE i.id = begun_form.invitation
               AND (i.state IN ('answered', 'cancelled') OR i.id = ANY ($1::bigint[]))
               RETURNING begun_form.id""",
            list(invitations),
        )
    return len(rows)


def decode_fields(submission: str) -> Fields:
    """What was posted, as it is stored."""
    return msgspec.json.decode(submission, type=Fields)
