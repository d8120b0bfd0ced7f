"""A form of an anonymous survey on its way: sealed before it is stored, with nothing in it that tells who.

The database alone opens none of it, and neither does a backup: the key is made of SURVEY_SECRET_KEY.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import msgspec

from survey_service.db.sealed_answer import SealedSubmission
from survey_service.domain.anonymity import Kind, Layer, end_of_day
from survey_service.domain.answers import Answer, Answers
from survey_service.domain.dispositions import Completeness, judge_completeness
from survey_service.domain.errors import SettingsError
from survey_service.domain.form_pages import fields_of
from survey_service.integrations.sealing import seal_padded, unseal_padded
from survey_service.services.answers.serve_form import Visit

BLOCK = 4_096
"""Bytes that nearly every form fits in, so that none is known by its length."""

_PURPOSE = "answers to an anonymous survey"


class SealedForm(msgspec.Struct, frozen=True, kw_only=True):
    """What is in the seal."""

    questionnaire_version: int
    form: int
    language: str
    """For whoever reads a text that tells of danger; it is not kept with the answers."""
    disposition: Completeness
    privacy_notice_version: str
    layer: Layer
    weight: float
    posted: dict[str, list[str]]
    """The fields of the form's questions, and no others: no time, no key."""
    answers: tuple[Answer, ...]

    @property
    def kind(self) -> Kind:
        return Kind(self.questionnaire_version, self.privacy_notice_version, self.layer, self.weight)


def seal_answers(
    secret_key: bytes,
    visit: Visit,
    posted: Mapping[str, list[str]],
    answers: Answers,
    *,
    language: str,
    privacy_notice_version: str,
    at: datetime,
) -> SealedSubmission:
    """A checked form, ready to be put into the box. `at` is in the service's own time zone."""
    assert visit.token_hash is not None
    assert visit.layer is not None
    questions = visit.form.questions_of(visit.version.questionnaire)
    form = SealedForm(
        questionnaire_version=visit.version.id,
        form=visit.form_id,
        language=language,
        disposition=judge_completeness(answered=len(answers.answered), applicable=len(answers.applicable)),
        privacy_notice_version=privacy_notice_version,
        layer=visit.layer,
        weight=visit.weight,
        posted={field: list(texts) for field, texts in fields_of(questions, posted).items()},
        answers=answers.rows,
    )
    return SealedSubmission(
        token_hash=visit.token_hash,
        id=_name_copy(visit.token_hash, visit.copy),
        survey=visit.survey,
        sealed=seal_padded(secret_key, msgspec.json.encode(form), purpose=_PURPOSE, block=BLOCK),
        on_day=end_of_day(at),
        submitted_at=at,
    )


def open_sealed(secret_key: bytes, sealed: bytes) -> SealedForm:
    """What `seal_answers` sealed; raises SettingsError under another key."""
    return msgspec.json.decode(unseal_padded(secret_key, sealed, purpose=_PURPOSE), type=SealedForm)


def try_open(secret_key: bytes, sealed: bytes) -> SealedForm | None:
    """The same; None under another key."""
    try:
        return open_sealed(secret_key, sealed)
    except SettingsError:
        return None


def _name_copy(token_hash: bytes, copy: str) -> UUID:
    """The name in the box of one copy of a page. Whoever has no copy cannot tell whose it is."""
    return UUID(bytes=hashlib.sha256(token_hash + copy.encode()).digest()[:16])
