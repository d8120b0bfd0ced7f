"""The form on a tablet at an event, and answers it kept while there was no network."""

import hashlib
import re
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs

import msgspec

from survey_service.db.served_form import OpenSurvey, ServedVersion
from survey_service.db.tablet import Tablet, find_tablet
from survey_service.domain.errors import NotFound
from survey_service.domain.modes import CHANNEL_OF
from survey_service.domain.tokens import hash_token
from survey_service.integrations.tablet_box import open_box
from survey_service.services.answers.serve_form import FormDesk, Standing, Visit, choose_open_form
from survey_service.services.answers.submit_answers import submit_answers

LATE_DAYS = 14
"""Answers that a tablet kept are taken so long after its link has ended."""
MOST_FIELDS = 1_000
SUBMISSION_FIELD = "open-submission"

_submission_id = re.compile(r"[0-9a-f]{32}(?:[0-9a-f]{8})?")


class KeptAnswers(msgspec.Struct, frozen=True):
    """One form as the tablet kept it: what would have been posted, and when."""

    language: str
    version: int
    form: int
    body: str
    at: int
    """Seconds since 1970 by the tablet's clock."""


async def get_tablet(token: str) -> Tablet:
    """The tablet of a link, whether or not it still takes answers. Raises NotFound for any other link."""
    token_hash = hash_token(token)
    tablet = None if token_hash is None else await find_tablet(token_hash)
    if tablet is None:
        raise NotFound("There is no such tablet.")
    return tablet


def judge_tablet(tablet: Tablet, survey: OpenSurvey, at: datetime) -> Standing:
    """Whether the form is shown."""
    if tablet.revoked_at is not None or at >= tablet.expires_at:
        return "expired"
    return "open" if survey.is_open else "closed"


def takes_kept(tablet: Tablet, at: datetime) -> bool:
    """Whether what the tablet kept is still taken: also when form or survey have been closed meanwhile."""
    return tablet.revoked_at is None and at < tablet.expires_at + timedelta(days=LATE_DAYS)


async def visit_tablet(
    desk: FormDesk,
    tablet: Tablet,
    submission_id: str,
    at: datetime,
    *,
    version_id: int | None = None,
    form_id: int | None = None,
) -> Visit:
    """The form somebody sees or answers on a tablet; by lot where the address names none."""
    survey, version = await desk.tablet_survey(tablet.survey, version_id)
    if form_id not in version.forms:
        form_id = choose_open_form(version, submission_id)
    return Visit(
        survey.id,
        version,
        form_id,
        judge_tablet(tablet, survey, at),
        submission_hash=hashlib.sha256(f"tablet|{tablet.id}|{submission_id}".encode()).digest(),
        channel=CHANNEL_OF["tablet"],
        mode="tablet",
        tablet=tablet.id,
    )


def is_submission_id(text: str) -> bool:
    """True for the name of one copy of the form, ours or one that the tablet made itself."""
    return _submission_id.fullmatch(text) is not None


async def take_kept_answers(
    desk: FormDesk,
    tablet: Tablet,
    box: bytes,
    *,
    secret_key: bytes,
    privacy_notice_version: str,
    at: datetime,
) -> bool:
    """Store what is in a box, once, however often it comes; False when it cannot be read.

    The person has gone: what is missing or cannot be read is left out, and nobody is asked to mend it.
    """
    kept = _open(secret_key, tablet, box)
    if kept is None:
        return False
    posted = parse_qs(kept.body, keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="replace")
    submission_id = next(iter(posted.get(SUBMISSION_FIELD, ())), "")
    if not is_submission_id(submission_id):
        return False
    visit = await visit_tablet(desk, tablet, submission_id, at, version_id=kept.version, form_id=kept.form)
    if kept.language not in visit.version.questionnaire.languages:
        return False
    await submit_answers(
        desk, visit, posted,
        language=kept.language, privacy_notice_version=privacy_notice_version,
        at=_moment(kept.at, tablet, at), as_is=True,
    )  # fmt: skip
    return True


def _open(secret_key: bytes, tablet: Tablet, box: bytes) -> KeptAnswers | None:
    plain = open_box(secret_key, tablet.id, box)
    if plain is None:
        return None
    try:
        kept = msgspec.json.decode(plain.replace(b"%00", b"%EF%BF%BD"), type=KeptAnswers)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    return kept if kept.body.isascii() else None


def _moment(seconds: int, tablet: Tablet, now: datetime) -> datetime:
    """When the form was sent, as far as the tablet's clock can be believed."""
    earliest, latest = tablet.started_at.timestamp(), now.timestamp()
    return (
        datetime.fromtimestamp(seconds, UTC).astimezone(now.tzinfo) if earliest <= seconds <= latest else now
    )


def tablet_forms(version: ServedVersion) -> list[tuple[int, float]]:
    """Each form with its share, so that the tablet can draw lots itself."""
    return [(form_id, form.share) for form_id, form in version.forms.items()]
