"""The box of an anonymous survey: a link is spent and its form sealed in one statement that ties no two rows.

The box has neither invitation nor time. What stands beside each other in one transaction is a spent link and
bytes that open with a key which is not in the database; they leave the box unsealed only when they are mixed.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from survey_service.db.engine import Connection, connection
from survey_service.db.submission import Outcome
from survey_service.domain.burden import anonymous_kind


class SealedSubmission(msgspec.Struct, frozen=True, kw_only=True):
    """One form of an anonymous survey, ready to be put into the box."""

    token_hash: bytes
    id: UUID
    """Of this copy of the page: tells this very post from another of the same link."""
    survey: int
    sealed: bytes
    on_day: datetime
    """The end of the day it was sent on (domain/anonymity.py)."""
    submitted_at: datetime
    """The moment; kept for the minutes in which nobody knows whether an issue is out (db/early_answer.py)."""
    is_settled: bool = False

    def as_settled(self) -> "SealedSubmission":
        """The same, taken while the survey was open."""
        return msgspec.structs.replace(self, is_settled=True)


class BoxedAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the box."""

    id: UUID
    sealed: bytes


class Box(msgspec.Struct, frozen=True, kw_only=True):
    """The box of a survey that may hold something."""

    survey: int
    slug: str
    is_over: bool
    closed_at: datetime | None


# Charged is what was planned, whatever was answered and however long that took. As in db/submission.py,
# invitations that another process holds are skipped.
_STORE = f"""
WITH incoming AS MATERIALIZED (
    SELECT * FROM unnest($1::bytea[], $2::uuid[], $3::bigint[], $4::bytea[], $5::timestamptz[], $6::boolean[])
        AS posted(token_hash, id, survey, sealed, on_day, is_settled)
), claimed AS MATERIALIZED (
    SELECT incoming.*, invitation.id AS invitation, invitation.contact, invitation.form, survey.slug
    FROM incoming
    JOIN invitation ON invitation.token_hash = incoming.token_hash
    JOIN survey ON survey.id = incoming.survey
    WHERE invitation.state = 'sent' AND (survey.state = 'open' OR incoming.is_settled)
        AND survey.is_anonymous
    FOR NO KEY UPDATE OF invitation SKIP LOCKED
), marked AS (
    UPDATE invitation SET state = 'answered', answered_at = claimed.on_day
    FROM claimed WHERE invitation.id = claimed.invitation
), charged AS (
    INSERT INTO ledger_event (pseudonym, kind, seconds, planned_seconds, survey_slug, at)
    SELECT contact.pseudonym, '{anonymous_kind}', form.planned_seconds, 0, claimed.slug, claimed.on_day
    FROM claimed JOIN contact ON contact.id = claimed.contact JOIN form ON form.id = claimed.form
    ORDER BY contact.pseudonym
), boxed AS (
    INSERT INTO sealed_answer (id, survey, sealed, is_scanned)
    SELECT id, survey, sealed, false FROM claimed ORDER BY id
)
SELECT token_hash FROM claimed
"""  # noqa: S608

_EXPLAIN = """
SELECT survey.state = 'open' AS is_open, invitation.state, sealed_answer.id IS NOT NULL AS is_ours
FROM unnest($1::bytea[], $2::uuid[], $3::bigint[]) WITH ORDINALITY AS asked(token_hash, id, survey, place)
LEFT JOIN survey ON survey.id = asked.survey
LEFT JOIN invitation ON invitation.token_hash = asked.token_hash
LEFT JOIN sealed_answer ON sealed_answer.id = asked.id
ORDER BY asked.place
"""


async def store_sealed(lent: Connection, forms: Sequence[SealedSubmission]) -> list[Outcome]:
    """Store what can be stored, in one transaction; return what became of each, in order.

    No token may occur twice. Who sends the same copy again, or never heard that it was stored, is told so
    until it is mixed.
    """
    rows = await lent.fetch(
        _STORE,
        [one.token_hash for one in forms],
        [one.id for one in forms],
        [one.survey for one in forms],
        [one.sealed for one in forms],
        [one.on_day for one in forms],
        [one.is_settled for one in forms],
    )
    stored = {row["token_hash"] for row in rows}
    refused = [one for one in forms if one.token_hash not in stored]
    if not refused:
        return [Outcome.STORED] * len(forms)
    explained = await lent.fetch(
        _EXPLAIN,
        [one.token_hash for one in refused],
        [one.id for one in refused],
        [one.survey for one in refused],
    )
    reasons = {one.token_hash: _judge(*row.values()) for one, row in zip(refused, explained, strict=True)}
    return [reasons.get(one.token_hash, Outcome.STORED) for one in forms]


def _judge(is_open: bool | None, state: str | None, is_ours: bool) -> Outcome:
    if is_ours:
        return Outcome.STORED
    if state == "answered":
        return Outcome.ALREADY_ANSWERED
    if is_open is None or state is None:
        return Outcome.UNKNOWN
    if not is_open:
        return Outcome.CLOSED
    return Outcome.CANCELLED if state == "cancelled" else Outcome.BUSY


async def list_boxes(slug: str | None = None, *, only_over: bool = False) -> list[Box]:
    """Return the boxes that hold something: of all surveys, or of one, or only of those that are closed."""
    async with connection() as lent:
        rows = await lent.fetch(
            """SELECT s.id AS survey, s.slug, s.state = 'closed' AS is_over, s.closed_at FROM survey s
               WHERE EXISTS (SELECT FROM sealed_answer a WHERE a.survey = s.id)
                   AND ($1::text IS NULL OR s.slug = $1) AND (s.state = 'closed' OR NOT $2) ORDER BY s.id""",
            slug,
            only_over,
        )
    return [Box(**row) for row in rows]


async def lock_box(survey: int) -> None:
    """Let nobody else mix this survey's answers until the transaction ends; answering goes on."""
    async with connection() as lent:
        await lent.execute("SELECT FROM survey WHERE id = $1 FOR NO KEY UPDATE", survey)


async def take_scanned(survey: int) -> list[BoxedAnswer]:
    """Take out everything that was looked through for danger."""
    async with connection() as lent:
        rows = await lent.fetch(
            "DELETE FROM sealed_answer WHERE survey = $1 AND is_scanned RETURNING id, sealed", survey
        )
    return [BoxedAnswer(**row) for row in rows]


async def put_back(survey: int, rows: Sequence[BoxedAnswer]) -> None:
    """Put rows back, in an order that says nothing: that of their ids."""
    async with connection() as lent:
        await lent.copy_records_to_table(
            "sealed_answer",
            records=[(one.id, survey, one.sealed, True) for one in sorted(rows, key=lambda one: one.id)],
            columns=("id", "survey", "sealed", "is_scanned"),
        )


async def take_unscanned(after: UUID | None, most: int) -> list[tuple[int, BoxedAnswer]]:
    """Return some that nobody looked through, with their surveys, by id; no two workers get the same."""
    async with connection() as lent:
        rows = await lent.fetch(
            """SELECT id, survey, sealed FROM sealed_answer
               WHERE NOT is_scanned AND ($1::uuid IS NULL OR id > $1) ORDER BY id LIMIT $2
               FOR UPDATE SKIP LOCKED""",
            after,
            most,
        )
    return [(row["survey"], BoxedAnswer(id=row["id"], sealed=row["sealed"])) for row in rows]


async def mark_scanned(ids: Sequence[UUID]) -> None:
    """Note that somebody looked through these."""
    async with connection() as lent:
        await lent.execute("UPDATE sealed_answer SET is_scanned = true WHERE id = ANY ($1::uuid[])", ids)
