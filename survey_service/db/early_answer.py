"""Answers by links in an issue that we have not heard of yet: kept at once, counted once we have.

Readers click within seconds; Mailchimp tells later. Nobody who clicked in the sent mail is told to try again.
"""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from survey_service.db.engine import Connection, connection
from survey_service.db.sealed_answer import SealedSubmission, store_sealed
from survey_service.db.submission import Outcome, Submission, store_submissions

RIDES = """EXISTS (SELECT FROM newsletter_link l WHERE l.invitation = {invitation} AND l.fate = 'open'
    AND l.confirmed_at IS NOT NULL)"""
"""Its link stood in the field for an issue whose fate is open: somebody may hold the mail in hand."""

# The lock makes whoever turns the invitation into a sent one wait, and find this answer afterwards.
_KEEP = f"""
WITH incoming AS MATERIALIZED (
    SELECT * FROM unnest($1::bytea[], $2::bytea[], $3::timestamptz[]) WITH ORDINALITY
        AS early(token_hash, submission, at, place)
), riding AS MATERIALIZED (
    SELECT incoming.*, invitation.id AS invitation, known.submitted_at AS known_at
    FROM incoming JOIN invitation ON invitation.token_hash = incoming.token_hash
    JOIN wave ON wave.id = invitation.wave JOIN survey ON survey.id = wave.survey
    LEFT JOIN early_answer known ON known.invitation = invitation.id
    WHERE invitation.state = 'reserved' AND survey.state = 'open'
        AND {RIDES.format(invitation="invitation.id")}
    FOR NO KEY UPDATE OF invitation SKIP LOCKED
), kept AS (
    INSERT INTO early_answer (invitation, submission, submitted_at)
    SELECT invitation, submission, at FROM riding ON CONFLICT (invitation) DO NOTHING
    RETURNING invitation
)
SELECT riding.place, kept.invitation IS NOT NULL OR riding.known_at = riding.at AS is_ours
FROM riding LEFT JOIN kept ON kept.invitation = riding.invitation
"""  # noqa: S608


async def store_forms(
    lent: Connection, forms: Sequence[Submission] | Sequence[SealedSubmission]
) -> list[Outcome]:
    """Store forms of one kind."""
    if forms and isinstance(forms[0], SealedSubmission):
        return await store_sealed(lent, [one for one in forms if isinstance(one, SealedSubmission)])
    return await store_submissions(lent, [one for one in forms if isinstance(one, Submission)])


async def keep_early(lent: Connection, submissions: Sequence[Submission | SealedSubmission]) -> list[Outcome]:
    """Keep what came early, durably; BUSY for what is not of that kind (any more): try again."""
    rows = await lent.fetch(
        _KEEP,
        [one.token_hash for one in submissions],
        [msgspec.json.encode(one) for one in submissions],
        [one.submitted_at for one in submissions],
    )
    outcomes = [Outcome.BUSY] * len(submissions)
    for row in rows:
        outcomes[row["place"] - 1] = Outcome.STORED if row["is_ours"] else Outcome.ALREADY_ANSWERED
    return outcomes


async def settle_early_answers() -> int:
    """Store what was early and is not any more, in a transaction; return how many became responses."""
    async with connection() as lent:
        rows = await lent.fetch(
            """DELETE FROM early_answer e USING invitation i
               WHERE i.id = e.invitation AND i.state = 'sent' RETURNING e.submission"""
        )
        # They were taken while the survey was open, whatever it is now.
        early = [_decode(row["submission"]).as_settled() for row in rows]
        named = [one for one in early if isinstance(one, Submission)]
        sealed = [one for one in early if isinstance(one, SealedSubmission)]
        outcomes = await store_submissions(lent, named) if named else []
        outcomes += await store_sealed(lent, sealed) if sealed else []
    return outcomes.count(Outcome.STORED)


def _decode(submission: bytes) -> Submission | SealedSubmission:
    """Neither has what the other needs, so each is known by its fields."""
    try:
        return msgspec.json.decode(submission, type=SealedSubmission)
    except msgspec.ValidationError:
        return msgspec.json.decode(submission, type=Submission)


async def drop_early_answers() -> int:
    """Let go of answers by links of issues that never went out: no respondent gave them; return how many."""
    async with connection() as lent:
        rows = await lent.fetch(
            """DELETE FROM early_answer e USING invitation i
               WHERE i.id = e.invitation AND i.state IN ('cancelled', 'answered') RETURNING e.id"""
        )
    return len(rows)


async def mark_answered_early(ride: int, sent_at: datetime) -> dict[int, int]:
    """Mark as sent what was answered after its issue went out, whoever is missing among the recipients."""
    async with connection() as lent:
        rows = await lent.fetch(
            """UPDATE newsletter_link l SET fate = 'sent' FROM early_answer e
               WHERE l.ride = $1 AND l.fate = 'open' AND e.invitation = l.invitation
                   AND l.confirmed_at < $2 AND e.submitted_at >= $2
               RETURNING l.invitation, l.receipt""",
            ride, sent_at,
        )  # fmt: skip
    return {row["invitation"]: row["receipt"] for row in rows}
