"""Storing answers: many submissions in one statement, so in one transaction and one round trip."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import Enum

import msgspec

from survey_service.db.engine import Connection
from survey_service.domain.answers import Answer
from survey_service.domain.dispositions import Completeness
from survey_service.domain.known_facts import GivenFact
from survey_service.domain.modes import Mode


class Submission(msgspec.Struct, frozen=True, kw_only=True):
    """One posted form, checked and ready to be stored.

    A personal one has a `token_hash`, an open one a `submission_hash`; never both. `submitted_at` is the
    moment it was posted and, with the hash, tells this very post from any other of the same form.
    """

    token_hash: bytes | None = None
    submission_hash: bytes | None = None
    survey: int
    questionnaire_version: int
    form: int
    channel: str | None = None
    flags: str = ""
    """Doubts about an open answer (domain/flood.py), separated by spaces."""
    language: str
    disposition: Completeness
    privacy_notice_version: str
    active_seconds: int | None = None
    charged_seconds: int
    """What the ledger is charged for answering; an open form has no person to charge."""
    posted: str
    """The form as it was posted, as JSON."""
    answers: tuple[Answer, ...]
    submitted_at: datetime
    resume_hash: bytes | None = None
    """Of the key with which the same device may change the answers."""
    facts: tuple[GivenFact, ...] = ()
    """What the person lets us keep and use again."""
    facts_valid_until: date = date.max
    is_settled: bool = False
    """What was left when the time was over: stored although the survey takes no answers any more."""
    mode: Mode = "web"
    entered_by: int | None = None
    """The member of staff who typed it in."""
    tablet: int | None = None
    received_on: date | None = None
    """Of a form that staff typed in: the day it was received."""

    def as_settled(self) -> "Submission":
        """The same, left when the time was over."""
        return msgspec.structs.replace(self, is_settled=True)


class Outcome(Enum):
    """What became of a submission."""

    STORED = "stored"
    ALREADY_ANSWERED = "already_answered"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"
    NOT_KEPT = "not_kept"
    """Too many copies of one form were begun: this one goes on, but is not kept on the way."""
    BUSY = "busy"
    """Another transaction holds the invitation at this moment: try again."""


# An anonymous survey's forms go another way (db/sealed_answer.py): here they would be tied to a person.
# Invitations that another process holds are skipped, not waited for: nobody's answer waits for another's
# lock, and two batches that share tokens cannot lock each other out. `_EXPLAIN` then says what they became.
_STORE = """
WITH incoming AS MATERIALIZED (
    SELECT posted.*, nextval('response_id_seq') AS response
    FROM unnest(
        $1::bytea[], $2::bytea[], $3::bigint[], $4::bigint[], $5::bigint[], $6::text[], $7::text[],
        $8::text[], $9::text[], $10::int[], $11::int[], $12::jsonb[], $13::timestamptz[], $14::text[],
        $15::bytea[], $16::boolean[], $27::text[], $28::bigint[], $29::bigint[], $30::date[]
    ) WITH ORDINALITY AS posted(
        token_hash, submission_hash, survey, questionnaire_version, form, channel, language,
        disposition, privacy_notice_version, active_seconds, charged_seconds, submission, at, flags,
        resume_hash, is_settled, mode, entered_by, tablet, received_on, place
    )
), claimed AS MATERIALIZED (
    SELECT incoming.*, invitation.id AS invitation, invitation.contact, survey.slug
    FROM incoming
    JOIN invitation ON invitation.token_hash = incoming.token_hash
    JOIN survey ON survey.id = incoming.survey
    WHERE invitation.state = 'sent' AND (survey.state = 'open' OR incoming.is_settled)
        AND NOT survey.is_anonymous
    FOR NO KEY UPDATE OF invitation SKIP LOCKED
), marked AS (
    UPDATE invitation SET state = 'answered', answered_at = claimed.at
    FROM claimed WHERE invitation.id = claimed.invitation
), charged AS (
    INSERT INTO ledger_event (pseudonym, kind, seconds, planned_seconds, survey_slug, at)
    SELECT contact.pseudonym, 'answer', claimed.charged_seconds, 0, claimed.slug, claimed.at
    FROM claimed JOIN contact ON contact.id = claimed.contact
), welcome AS (
    SELECT claimed.*, 'sample' AS origin FROM claimed
    UNION ALL
    SELECT incoming.*, NULL, NULL, survey.slug, 'open'
    FROM incoming JOIN survey ON survey.id = incoming.survey
    WHERE incoming.token_hash IS NULL AND (survey.state = 'open' OR incoming.is_settled)
        AND (survey.has_open_link OR incoming.mode <> 'web')
), taken AS (
    INSERT INTO response (
        id, survey, questionnaire_version, form, origin, invitation, submission_hash, channel, language,
        disposition, privacy_notice_version, active_seconds, charged_seconds, submission, submitted_at, flags,
        resume_hash, mode, entered_by, tablet, received_on
    )
    SELECT response, survey, questionnaire_version, form, origin, invitation, submission_hash, channel,
           language, disposition, privacy_notice_version, active_seconds,
           CASE WHEN origin = 'sample' THEN charged_seconds END, submission, at,
           CASE WHEN origin = 'open' THEN flags ELSE '' END, resume_hash, mode,
           entered_by, tablet, received_on
    FROM welcome
    ORDER BY submission_hash
    ON CONFLICT (submission_hash) DO NOTHING
    RETURNING id
), kept AS MATERIALIZED (
    SELECT incoming.place, incoming.response FROM taken JOIN incoming ON incoming.response = taken.id
), answered AS (
    INSERT INTO answer (response, question, option, text_value, number_value)
    SELECT kept.response, given.question, given.option, given.text_value, given.number_value
    FROM unnest($17::int[], $18::text[], $19::text[], $20::text[], $21::float8[])
         AS given(place, question, option, text_value, number_value)
    JOIN kept ON kept.place = given.place
), remembered AS (
    INSERT INTO known_fact (contact, fact, question, answer, survey, given_at, valid_until)
    SELECT DISTINCT ON (claimed.contact, given.fact)
           claimed.contact, given.fact, given.question, given.answer, claimed.survey, claimed.at,
           given.valid_until
    FROM unnest($22::int[], $23::text[], $24::jsonb[], $25::jsonb[], $26::date[])
         AS given(place, fact, question, answer, valid_until)
    JOIN claimed ON claimed.place = given.place JOIN kept ON kept.place = given.place
    ORDER BY claimed.contact, given.fact, claimed.at DESC
    ON CONFLICT (contact, fact) DO UPDATE SET question = EXCLUDED.question, answer = EXCLUDED.answer,
        survey = EXCLUDED.survey, given_at = EXCLUDED.given_at, valid_until = EXCLUDED.valid_until
)
SELECT place FROM kept
"""

# `is_ours`: the very same post was stored before, by a transaction whose answer got lost on the way back.
_EXPLAIN = """
SELECT survey.state = 'open' AS is_open, survey.has_open_link, invitation.state,
       response.id IS NOT NULL AS is_stored, response.submitted_at = asked.at AS is_ours
FROM unnest($1::bytea[], $2::bytea[], $3::bigint[], $4::timestamptz[]) WITH ORDINALITY
     AS asked(token_hash, submission_hash, survey, at, place)
LEFT JOIN survey ON survey.id = asked.survey
LEFT JOIN invitation ON invitation.token_hash = asked.token_hash
LEFT JOIN response ON response.invitation = invitation.id OR response.submission_hash = asked.submission_hash
ORDER BY asked.place
"""


async def store_submissions(connection: Connection, submissions: Sequence[Submission]) -> list[Outcome]:
    """Store what can be stored, in one transaction; return what became of each, in order.

    No token may occur twice. Storing the same submissions again is safe: one that was stored before,
    although its sender never heard of it, is STORED again and nothing is written twice.
    """
    rows = await connection.fetch(_STORE, *_columns(submissions))
    stored = {row["place"] - 1 for row in rows}
    if len(stored) == len(submissions):
        return [Outcome.STORED] * len(submissions)
    outcomes = [Outcome.STORED] * len(submissions)
    refused = [place for place in range(len(submissions)) if place not in stored]
    explained = await _explain(connection, [submissions[place] for place in refused])
    for place, outcome in zip(refused, explained, strict=True):
        outcomes[place] = outcome
    return outcomes


def _columns(submissions: Sequence[Submission]) -> tuple[list[object], ...]:
    answers = [
        (place, answer) for place, submission in enumerate(submissions, 1) for answer in submission.answers
    ]
    facts = [
        (place, fact, submission.facts_valid_until)
        for place, submission in enumerate(submissions, 1)
        for fact in submission.facts
    ]
    return (
        [s.token_hash for s in submissions],
        [s.submission_hash for s in submissions],
        [s.survey for s in submissions],
        [s.questionnaire_version for s in submissions],
        [s.form for s in submissions],
        [s.channel for s in submissions],
        [s.language for s in submissions],
        [s.disposition for s in submissions],
        [s.privacy_notice_version for s in submissions],
        [s.active_seconds for s in submissions],
        [s.charged_seconds for s in submissions],
        [s.posted for s in submissions],
        [s.submitted_at for s in submissions],
        [s.flags for s in submissions],
        [s.resume_hash for s in submissions],
        [s.is_settled for s in submissions],
        [place for place, _ in answers],
        [answer.question for _, answer in answers],
        [answer.option for _, answer in answers],
        [answer.text for _, answer in answers],
        [answer.number for _, answer in answers],
        [place for place, _, _ in facts],
        [fact.question.remember_as for _, fact, _ in facts],
        [_json(fact.question) for _, fact, _ in facts],
        [_json(fact.answer) for _, fact, _ in facts],
        [day for _, _, day in facts],
        [s.mode for s in submissions],
        [s.entered_by for s in submissions],
        [s.tablet for s in submissions],
        [s.received_on for s in submissions],
    )


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


async def _explain(connection: Connection, submissions: Sequence[Submission]) -> list[Outcome]:
    rows = await connection.fetch(
        _EXPLAIN,
        [s.token_hash for s in submissions],
        [s.submission_hash for s in submissions],
        [s.survey for s in submissions],
        [s.submitted_at for s in submissions],
    )
    return [_judge(submission, *row.values()) for submission, row in zip(submissions, rows, strict=True)]


def _judge(
    submission: Submission,
    is_open: bool | None,
    has_open_link: bool | None,
    state: str | None,
    is_stored: bool,
    is_ours: bool | None,
) -> Outcome:
    if is_ours:
        return Outcome.STORED
    if is_stored or state == "answered":
        return Outcome.ALREADY_ANSWERED
    is_personal = submission.token_hash is not None
    if is_open is None or (is_personal and state is None):
        return Outcome.UNKNOWN
    if not is_open or not (is_personal or has_open_link or submission.mode != "web"):
        return Outcome.CLOSED
    # One that rides in an issue is reserved until we hear that the issue is out (`early_answer.py`).
    return Outcome.CANCELLED if state == "cancelled" else Outcome.BUSY
