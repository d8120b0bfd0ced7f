"""Open the box of an anonymous survey: ten or more alike leave it together, and all are dealt anew.

Afterwards no answer has a number, a place, a time or a neighbour that says anything about when it was given.
The chance is the operating system's: nobody can compute afterwards which answer was taken when.
"""

import random
from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta

import msgspec

from survey_service.db import mixed_answer, sealed_answer
from survey_service.db.engine import transaction
from survey_service.db.mixed_answer import MixedAnswer
from survey_service.db.sealed_answer import Box, BoxedAnswer
from survey_service.domain.anonymity import DAYS_KEPT, Batch, Kind, Layer, plan_mix
from survey_service.services.answers.seal_answers import SealedForm, try_open
from survey_service.services.safeguarding.scan_sealed import scan_sealed
from survey_service.settings import Settings, load_secret_key


class Mix(msgspec.Struct, frozen=True, kw_only=True):
    """What one box gave."""

    survey: str
    opened: int
    sealed: int
    """What stays in the box."""
    deleted: int
    """What could not be opened so long after the end, and is gone."""
    unreadable: int = 0
    """Of those that stay: sealed under another key."""


async def mix_answers(
    settings: Settings, *, at: datetime, slug: str | None = None, only_over: bool = False
) -> list[Mix]:
    """Open every box that holds something as far as the rule lets it (domain/anonymity.py)."""
    key = load_secret_key(settings)
    await scan_sealed(key, at)
    return [await _mix(key, box, at=at) for box in await sealed_answer.list_boxes(slug, only_over=only_over)]


async def _mix(key: bytes, box: Box, *, at: datetime) -> Mix:
    async with transaction():
        await sealed_answer.lock_box(box.survey)
        taken = await sealed_answer.take_scanned(box.survey)
        by_kind: dict[Kind, list[tuple[BoxedAnswer, SealedForm]]] = defaultdict(list)
        unreadable: list[BoxedAnswer] = []
        for row in taken:
            if (form := try_open(key, row.sealed)) is not None:
                by_kind[form.kind].append((row, form))
            else:
                unreadable.append(row)
        counts = Counter({kind: len(rows) for kind, rows in by_kind.items()})
        plan = plan_mix(counts, is_over=box.is_over)
        releases = await mixed_answer.find_releases(box.survey) if plan else {}
        opened: list[MixedAnswer] = []
        out: set[BoxedAnswer] = set()
        for batch in plan:
            members = [one for kind in batch.kinds for one in by_kind[kind]]
            chosen = random.SystemRandom().sample(members, batch.take)
            out |= {row for row, _ in chosen}
            opened += _strip(batch, [form for _, form in chosen], releases)
        left = [row for rows in by_kind.values() for row, _ in rows if row not in out]
        is_expired = box.closed_at is not None and box.closed_at + timedelta(days=DAYS_KEPT) < at
        kept = unreadable if box.is_over and is_expired else left + unreadable
        await sealed_answer.put_back(box.survey, kept)
        if opened:
            midnight = at.replace(hour=0, minute=0, second=0, microsecond=0)
            await mixed_answer.add_mixed(box.survey, opened, on_day=midnight)
    return Mix(
        survey=box.slug,
        opened=len(opened),
        sealed=len(kept),
        deleted=len(left) + len(unreadable) - len(kept),
        unreadable=len(unreadable),
    )


def _strip(batch: Batch, forms: list[SealedForm], releases: Mapping[Layer, float]) -> list[MixedAnswer]:
    """The answers of a batch with what is still said of them.

    With its layer an answer keeps the weight of the draw, which results lower by what was not released yet;
    without it nobody could, so it is done here: the survey is over.
    """
    weights = [one.weight * (1.0 if batch.layer else releases[one.layer]) for one in forms]
    mean = sum(weights) / len(weights)
    return [
        MixedAnswer(
            questionnaire_version=one.questionnaire_version,
            form=one.form,
            disposition=one.disposition,
            privacy_notice_version=one.privacy_notice_version,
            layer=batch.layer,
            weight=one.weight if batch.is_exact and batch.layer else mean,
            posted=msgspec.json.encode(one.posted).decode(),
            answers=one.answers,
        )
        for one in forms
    ]
