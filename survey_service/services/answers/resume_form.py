"""Back to a form: to what was typed so far, or to what was sent, by key or after a proof of who it is."""

import secrets
from datetime import datetime

import msgspec

from survey_service.db import begun_form, sent_answers
from survey_service.domain.answers import read_answers
from survey_service.domain.form_pages import split_pages
from survey_service.domain.tokens import hash_token
from survey_service.services.answers.serve_form import FormDesk, Visit
from survey_service.services.answers.submit_answers import (
    RESUME_KEY_FIELD,
    Posted,
    Submitted,
    make_submission,
    resume_hash,
)


class Resumed(msgspec.Struct, frozen=True, kw_only=True):
    """Where somebody goes on, with everything typed; the fields hold the key."""

    page: int
    fields: dict[str, list[str]]


def make_resume_key() -> str:
    """Return a new key: 128 bits, of which only a hash is stored."""
    return secrets.token_urlsafe(16)


async def resume_by_key(visit: Visit, posted: Posted) -> Resumed | None:
    """Return what belongs to the key that was posted; None for any other."""
    key_hash = resume_hash(posted)
    if visit.token_hash is None or key_hash is None:
        return None
    return await _find(visit, key_hash, posted[RESUME_KEY_FIELD][0])


async def resume_after_proof(visit: Visit) -> Resumed:
    """Return what there is under a link for its owner, with a key of its own; an empty form if nothing."""
    key = make_resume_key()
    key_hash = hash_token(key)
    assert visit.token_hash is not None
    assert key_hash is not None
    found = await _find(visit, None, key)
    if found is not None and visit.standing == "answered":
        await sent_answers.give_key(visit.token_hash, key_hash)
    return found or Resumed(page=1, fields={RESUME_KEY_FIELD: [key]})


async def _find(visit: Visit, key_hash: bytes | None, key: str) -> Resumed | None:
    assert visit.token_hash is not None
    pages = len(split_pages(visit.version.questionnaire, visit.form))
    if visit.standing == "answered":
        sent = await sent_answers.find_sent(visit.token_hash, key_hash) if visit.may_change else None
        return None if sent is None else Resumed(page=1, fields=sent | {RESUME_KEY_FIELD: [key]})
    begun = await begun_form.find_begun_form(visit.token_hash, key_hash)
    if begun is None:
        return None
    return Resumed(page=max(1, min(begun.page, pages)), fields=begun.fields | {RESUME_KEY_FIELD: [key]})


async def change_answers(
    desk: FormDesk, visit: Visit, posted: Posted, *, language: str, privacy_notice_version: str, at: datetime
) -> Submitted:
    """Store a changed form in the place of the one sent before with the same key, or say it was answered."""
    if visit.token_hash is None or resume_hash(posted) is None or not visit.may_change:
        return Submitted(standing="answered")
    answers = read_answers(posted, visit.version.questionnaire, visit.form, today=at.date())
    if answers.errors:
        return Submitted(errors=answers.errors)
    changed = make_submission(visit, posted, answers, language, privacy_notice_version, at)
    is_changed = await sent_answers.replace_sent(changed)
    desk.forget_link(visit.token_hash)
    return Submitted(standing="open" if is_changed else "answered")
