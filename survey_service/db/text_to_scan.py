"""Texts that wait to be looked through: of answers, and of pages that were saved."""

from datetime import datetime

import msgspec

from survey_service.db.begun_form import Fields, decode_fields
from survey_service.db.engine import connection


class WaitingText(msgspec.Struct, frozen=True, kw_only=True):
    """One free text of a response, or of a copy of a form that was begun and not sent."""

    response: int | None = None
    begun_form: int | None = None
    invitation: int | None = None
    """Of the copy."""
    survey: int
    question: str
    text: str
    answered_at: datetime


class WaitingPages(msgspec.Struct, frozen=True, kw_only=True):
    """What was typed so far in a copy that was begun."""

    id: int
    invitation: int
    survey: int
    form: int
    questionnaire_version: int
    fields: Fields
    updated_at: datetime


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """What was taken off the list; several lines may be of one answer."""

    lines: int
    texts: list[WaitingText]
    pages: list[WaitingPages]


class UnsentText(msgspec.Struct, frozen=True, kw_only=True):
    """What was typed so far in the copy a notice is about."""

    fields: Fields
    language: str
    form: int
    questionnaire_version: int
    updated_at: datetime
    text_hash: bytes
    """Of the text the notice is about, which may have been changed since."""
    contact: int


async def take_waiting_texts(most: int) -> Waiting:
    """Take lines off the waiting list; return what is written there now.

    In the transaction that also writes the notices. Two workers never take the same line.
    """
    async with connection() as lent:
        taken = await lent.fetch(
            """DELETE FROM text_to_scan WHERE id IN (
                   SELECT id FROM text_to_scan ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED)
               RETURNING response, begun_form""",
            most,
        )
        texts = await lent.fetch(
            """SELECT a.response, r.survey, a.question, r.submitted_at AS answered_at,
                   string_agg(a.text_value, E'\\n' ORDER BY a.id) AS text
               FROM answer a JOIN response r ON r.id = a.response
               WHERE a.response = ANY ($1) AND a.text_value IS NOT NULL
               GROUP BY a.response, r.survey, a.question, r.submitted_at""",
            list({row["response"] for row in taken if row["response"] is not None}),
        )
        pages = await lent.fetch(
            """SELECT b.id, b.invitation, w.survey, i.form, f.questionnaire_version,
                   b.submission AS fields, b.updated_at
               FROM begun_form b JOIN invitation i ON i.id = b.invitation
               JOIN wave w ON w.id = i.wave JOIN form f ON f.id = i.form WHERE b.id = ANY ($1)""",
            list({row["begun_form"] for row in taken if row["begun_form"] is not None}),
        )
    return Waiting(
        lines=len(taken),
        texts=[WaitingText(**row) for row in texts],
        pages=[WaitingPages(**{**row, "fields": decode_fields(row["fields"])}) for row in pages],
    )


async def find_unsent_text(notice: int) -> UnsentText | None:
    """Return what stands in the copy that was begun; None once it was sent, or is gone."""
    async with connection() as lent:
        row = await lent.fetchrow(
            """SELECT b.submission AS fields, b.language, i.form, f.questionnaire_version, b.updated_at,
                   n.text_hash, i.contact
               FROM danger_notice n JOIN begun_form b ON b.id = n.begun_form
               JOIN invitation i ON i.id = b.invitation JOIN form f ON f.id = i.form
               WHERE n.id = $1 AND n.response IS NULL""",
            notice,
        )
    return None if row is None else UnsentText(**{**row, "fields": decode_fields(row["fields"])})
