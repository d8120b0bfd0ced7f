"""One posted form: checked, judged, charged and stored, whole or not at all."""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from survey_service.db.submission import Outcome, Submission
from survey_service.domain.answers import AnswerError, Answers, read_answers
from survey_service.domain.burden import answering_seconds
from survey_service.domain.dispositions import judge_completeness
from survey_service.services.serve_form import FormDesk, Standing, Visit

ACTIVE_SECONDS_FIELD = "active-seconds"
"""Posted by the page's script: how long the person was busy with the form. (No question has a hyphen.)"""

SERVED_AT_FIELD = "served-at"
"""Posted by every form: when it was served, in seconds since 1970. Only read where no script measured."""

Posted = Mapping[str, list[str]]

_encoder = msgspec.json.Encoder()


class Submitted(msgspec.Struct, frozen=True):
    """What became of a post: errors to mend, or where the form stands now."""

    errors: tuple[AnswerError, ...] = ()
    standing: Standing | None = None
    """None with errors; `open` when these answers were stored; else why they were not."""


_STANDING_AFTER: dict[Outcome, Standing] = {
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
) -> Submitted:
    """Store what was posted; return after it is durable."""
    # `at` is in the service's own time zone: its day is what people there call today.
    answers = read_answers(posted, visit.version.questionnaire, visit.form, today=at.date())
    if answers.errors:
        return Submitted(errors=answers.errors)
    submission = _make_submission(visit, posted, answers, language, privacy_notice_version, at, flags)
    outcome = await desk.writer.submit(submission)
    if visit.token_hash is not None:
        desk.forget_link(visit.token_hash)
    return Submitted(standing=_STANDING_AFTER[outcome])


def _make_submission(
    visit: Visit, posted: Posted, answers: Answers, language: str, notice: str, at: datetime, flags: str
) -> Submission:
    active = _read_seconds(posted, ACTIVE_SECONDS_FIELD)
    served = _read_seconds(posted, SERVED_AT_FIELD)
    elapsed = None if served is None else int(at.timestamp()) - served
    planned, questions = visit.form.planned_seconds, len(answers.applicable)
    charged = answering_seconds(active, planned=planned, questions=questions, elapsed=elapsed)
    return Submission(
        token_hash=visit.token_hash,
        submission_hash=visit.submission_hash,
        survey=visit.survey,
        questionnaire_version=visit.version.id,
        form=visit.form_id,
        channel=visit.channel,
        flags=flags,
        language=language,
        disposition=judge_completeness(answered=len(answers.answered), applicable=questions),
        privacy_notice_version=notice,
        active_seconds=None if active is None else charged,
        charged_seconds=charged,
        posted=_encoder.encode(posted).decode(),
        answers=answers.rows,
        submitted_at=at,
    )


def _read_seconds(posted: Posted, field: str) -> int | None:
    """A number of seconds, or None where there is none that makes sense."""
    text = posted.get(field, [""])[0]
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 10 else None
