"""Look through free text that was written or changed, and put before an officer what may tell of danger.

A text waits on a list that a trigger keeps, in the same transaction as the answer; it leaves the list in the
transaction that writes the notice. So nothing is missed and nothing is told twice, whenever this is stopped.
Pages of a longer form wait there when they are saved, long before they are sent, if ever.
"""

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime

import msgspec

from survey_service.db import danger_notice, text_to_scan
from survey_service.db.danger_notice import NewNotice
from survey_service.db.engine import transaction
from survey_service.db.served_form import ServedVersion, find_served_versions
from survey_service.db.text_to_scan import WaitingPages, WaitingText
from survey_service.domain.answers import FormValues, read_answers
from survey_service.domain.danger import RULE_VERSION, find_danger, normalise

BATCH = 200


class Scan(msgspec.Struct, kw_only=True):
    """What one turn found; `texts` counts what was looked through."""

    texts: int = 0
    found: int = 0


async def scan_danger(at: datetime) -> Scan:
    """Look through everything that waits."""
    done = Scan()
    while True:
        async with transaction():
            waiting = await text_to_scan.take_waiting_texts(BATCH)
            texts = waiting.texts + await _read_pages(waiting.pages)
            notices = [notice for text in texts if (notice := judge_text(text))]
            await danger_notice.add_notices(notices, rule_version=RULE_VERSION, at=at)
        done.texts += len(texts)
        done.found += len(notices)
        if waiting.lines < BATCH:
            return done


async def _read_pages(pages: Sequence[WaitingPages]) -> list[WaitingText]:
    """The free texts on pages that were saved and not sent."""
    versions = await find_served_versions(sorted({one.questionnaire_version for one in pages}))
    return [
        WaitingText(
            begun_form=one.id,
            invitation=one.invitation,
            survey=one.survey,
            question=question,
            text=text,
            answered_at=one.updated_at,
        )
        for one in pages
        for question, text in texts_typed(
            versions[one.questionnaire_version], one.form, one.fields, one.updated_at.date()
        ).items()
    ]


def texts_typed(version: ServedVersion, form: int, fields: FormValues, day: date) -> dict[str, str]:
    """What somebody wrote in their own words, by question, as it will be stored once it is sent."""
    answers = read_answers(fields, version.questionnaire, version.forms[form], today=day)
    found: dict[str, list[str]] = defaultdict(list)
    for row in answers.rows:
        if row.text is not None:
            found[row.question].append(row.text)
    return {question: "\n".join(texts) for question, texts in found.items()}


def hash_text(text: str) -> bytes:
    """What tells one text from another; case and accents do not."""
    return hashlib.sha256(normalise(text).encode()).digest()


def judge_text(waiting: WaitingText) -> NewNotice | None:
    """The notice of a text, or None for nearly all of them."""
    kinds = find_danger(waiting.text)
    if not kinds:
        return None
    return NewNotice(
        response=waiting.response,
        begun_form=waiting.begun_form,
        invitation=waiting.invitation,
        survey=waiting.survey,
        question=waiting.question,
        kinds=" ".join(kinds),
        text_hash=hash_text(waiting.text),
        answered_at=waiting.answered_at,
    )
