"""Look through free text that was written or changed, and put before an officer what may tell of danger.

A text waits on a list that a trigger keeps, in the same transaction as the answer; it leaves the list in the
transaction that writes the notice. So nothing is missed and nothing is told twice, whenever this is stopped.
"""

import hashlib
from datetime import datetime

import msgspec

from survey_service.db import danger_notice
from survey_service.db.danger_notice import NewNotice, WaitingText
from survey_service.db.engine import transaction
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
            taken, texts = await danger_notice.take_waiting_texts(BATCH)
            notices = [notice for text in texts if (notice := judge_text(text))]
            await danger_notice.add_notices(notices, rule_version=RULE_VERSION, at=at)
        done.texts += len(texts)
        done.found += len(notices)
        if taken < BATCH:
            return done


def judge_text(waiting: WaitingText) -> NewNotice | None:
    """The notice of a text, or None for nearly all of them."""
    kinds = find_danger(waiting.text)
    if not kinds:
        return None
    return NewNotice(
        response=waiting.response,
        survey=waiting.survey,
        question=waiting.question,
        kinds=" ".join(kinds),
        text_hash=hashlib.sha256(normalise(waiting.text).encode()).digest(),
        answered_at=waiting.answered_at,
    )
