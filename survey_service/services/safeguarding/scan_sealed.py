"""Look through the texts of anonymous surveys within minutes, too, though they are still sealed.

A text that may tell of danger is put before the officer alone: sealed again, without its answer, its link or
whoever wrote it. Nobody can find those, not even for the officer.
"""

from collections import defaultdict
from datetime import datetime

import msgspec

from survey_service.db import danger_notice, sealed_answer
from survey_service.db.danger_notice import NewNotice
from survey_service.db.engine import transaction
from survey_service.domain.danger import RULE_VERSION, find_danger
from survey_service.integrations.sealing import seal, unseal
from survey_service.services.answers.seal_answers import SealedForm, try_open
from survey_service.services.safeguarding.scan_danger import BATCH, Scan, hash_text

_PURPOSE = "text of a safeguarding notice"


class SealedText(msgspec.Struct, frozen=True, kw_only=True):
    """What the officer of a notice gets to read."""

    text: str
    language: str
    questionnaire_version: int


class SealedScan(Scan, kw_only=True):
    """What one turn found; `texts` counts forms."""

    unreadable: int = 0
    """Sealed under another key: they wait until that is set again, and hold up nothing else."""


async def scan_sealed(secret_key: bytes, at: datetime) -> SealedScan:
    """Look through everything in the boxes that nobody looked through."""
    done, after = SealedScan(), None
    while True:
        async with transaction():
            taken = await sealed_answer.take_unscanned(after, BATCH)
            opened = [(survey, row.id, try_open(secret_key, row.sealed)) for survey, row in taken]
            notices = [
                notice
                for survey, _, form in opened
                if form is not None
                for notice in _judge(secret_key, survey, form, at)
            ]
            await danger_notice.add_notices(notices, rule_version=RULE_VERSION, at=at)
            readable = [number for _, number, form in opened if form is not None]
            await sealed_answer.mark_scanned(readable)
        done.texts += len(readable)
        done.unreadable += len(taken) - len(readable)
        done.found += len(notices)
        if len(taken) < BATCH:
            return done
        after = taken[-1][1].id


def unseal_text(secret_key: bytes, sealed: bytes) -> SealedText:
    """What was written, and in which form."""
    return msgspec.json.decode(unseal(secret_key, sealed, purpose=_PURPOSE), type=SealedText)


def _judge(secret_key: bytes, survey: int, form: SealedForm, at: datetime) -> list[NewNotice]:
    texts: dict[str, list[str]] = defaultdict(list)
    for answer in form.answers:
        if answer.text is not None:
            texts[answer.question].append(answer.text)
    notices = []
    for question, lines in texts.items():
        text = "\n".join(lines)
        if kinds := find_danger(text):
            kept = SealedText(
                text=text, language=form.language, questionnaire_version=form.questionnaire_version
            )
            notices.append(
                NewNotice(
                    response=None,
                    survey=survey,
                    question=question,
                    kinds=" ".join(kinds),
                    text_hash=hash_text(text),
                    # When it was found is all that is known: the moment it was sent is kept nowhere.
                    answered_at=at,
                    sealed_text=seal(secret_key, msgspec.json.encode(kept).decode(), purpose=_PURPOSE),
                )
            )
    return notices
