"""One posted form: checked, judged, charged and stored, whole or not at all."""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from survey_service.db.answer_writer import Written
from survey_service.db.submission import Outcome, Submission
from survey_service.domain.answers import AnswerError, Answers, read_answers
from survey_service.domain.burden import answering_seconds
from survey_service.domain.dispositions import judge_completeness
from survey_service.domain.known_facts import GivenFact, facts_given, valid_until
from survey_service.domain.tokens import hash_token
from survey_service.services.answers.seal_answers import seal_answers
from survey_service.services.answers.serve_form import FormDesk, Standing, Visit

ACTIVE_SECONDS_FIELD = "active-seconds"
"""Posted by the page's script: how long the person was busy with the form. (No question has a hyphen.)"""

SERVED_AT_FIELD = "served-at"
"""Posted by every form: when it was served, in seconds since 1970. Only read where no script measured."""

QUESTION_SECONDS_FIELD = "question-seconds"
"""Posted by the page's script: how long the person was busy with each question, as `q1:12 q2:5`."""

RESUME_KEY_FIELD = "resume-key"
"""Posted by every personal form: what lets the same device go on, and change what was sent."""

FORM_PAGE_FIELD = "form-page"
"""Posted by each page of a longer form: its number. A post without it is the whole form."""

GO_FIELD = "form-go"
"""Posted by the buttons that do not send: `back`, or `resume` by the script."""

REMEMBER_FIELD = "remember-answers"
"""Posted by a ticked box: what the form asks about the person may be kept, to be asked only once."""

NOT_KEPT = frozenset({RESUME_KEY_FIELD, FORM_PAGE_FIELD, GO_FIELD})

Posted = Mapping[str, list[str]]

_encoder = msgspec.json.Encoder()


class Submitted(msgspec.Struct, frozen=True):
    """What became of a post: errors to mend, or where the form stands now."""

    errors: tuple[AnswerError, ...] = ()
    standing: Standing | None = None
    """None with errors; `open` when these answers were stored; else why they were not."""


STANDING_AFTER: dict[Outcome, Standing] = {
    Outcome.STORED: "open",
    Outcome.ALREADY_ANSWERED: "answered",
    Outcome.CLOSED: "closed",
    Outcome.CANCELLED: "closed",
    Outcome.UNKNOWN: "closed",
}


async def submit_answers(
    desk: FormDesk,
    visit: Visit,
    posted: Posted,
    *,
    language: str,
    privacy_notice_version: str,
    at: datetime,
    flags: str = "",
    as_is: bool = False,
) -> Submitted:
    """Store what was posted; return after it is durable.

    `as_is` is for answers that nobody can be asked to mend any more, on paper or kept by a tablet: what is
    missing or cannot be read is left out of what is counted. The submission is kept whole all the same.
    """
    # `at` is in the service's own time zone: its day is what people there call today.
    answers = read_answers(posted, visit.version.questionnaire, visit.form, today=at.date())
    if answers.errors and not as_is:
        return Submitted(errors=answers.errors)
    submission: Written
    if visit.is_anonymous:
        submission = seal_answers(
            desk.secret_key, visit, posted, answers,
            language=language, privacy_notice_version=privacy_notice_version, at=at,
        )  # fmt: skip
    else:
        submission = make_submission(visit, posted, answers, language, privacy_notice_version, at, flags)
    outcome = await desk.writer.submit(submission)
    if visit.token_hash is not None:
        desk.forget_link(visit.token_hash)
    return Submitted(standing=STANDING_AFTER[outcome])


def encode_fields(posted: Posted) -> str:
    """What was posted as JSON, without what only says where in the form somebody is, and without the key."""
    return _encoder.encode({name: texts for name, texts in posted.items() if name not in NOT_KEPT}).decode()


def resume_hash(posted: Posted) -> bytes | None:
    """What is kept of the resume key, where there is one."""
    return hash_token(posted.get(RESUME_KEY_FIELD, [""])[0])


def make_submission(
    visit: Visit,
    posted: Posted,
    answers: Answers,
    language: str,
    notice: str,
    at: datetime,
    flags: str = "",
) -> Submission:
    """A checked form, ready to be stored."""
    active = _read_seconds(posted, ACTIVE_SECONDS_FIELD)
    served = _read_seconds(posted, SERVED_AT_FIELD)
    elapsed = None if served is None else int(at.timestamp()) - served
    planned, questions = visit.form.planned_seconds, len(answers.applicable)
    charged = answering_seconds(active, planned=planned, questions=questions, elapsed=elapsed)
    known_rows = tuple(row for known in visit.left_out for row in known.rows)
    return Submission(
        token_hash=visit.token_hash,
        submission_hash=visit.submission_hash,
        survey=visit.survey,
        questionnaire_version=visit.version.id,
        form=visit.form_id,
        channel=visit.channel,
        flags=flags,
        language=language,
        disposition=judge_completeness(
            answered=len(answers.answered) + len(visit.left_out), applicable=questions + len(visit.left_out)
        ),
        privacy_notice_version=notice,
        active_seconds=None if active is None else charged,
        charged_seconds=charged,
        posted=encode_fields(posted),
        answers=answers.rows + known_rows,
        submitted_at=at,
        resume_hash=None if visit.token_hash is None else resume_hash(posted),
        facts=_facts(visit, posted, answers),
        facts_valid_until=valid_until(at.date()),
        is_settled=visit.standing != "open",
        mode=visit.mode,
        entered_by=visit.entered_by,
        tablet=visit.tablet,
        received_on=visit.received_on,
    )


def _facts(visit: Visit, posted: Posted, answers: Answers) -> tuple[GivenFact, ...]:
    """What the person lets us keep: only where they ticked the box, and only behind a personal link."""
    if visit.token_hash is None or not posted.get(REMEMBER_FIELD):
        return ()
    return facts_given(visit.form.questions_of(visit.version.questionnaire), answers.rows)


def _read_seconds(posted: Posted, field: str) -> int | None:
    """A number of seconds, or None where there is none that makes sense."""
    text = posted.get(field, [""])[0]
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 10 else None
