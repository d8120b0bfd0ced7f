"""Judge the newest model on every wave that it was not taught, and switch it off where it is of no use.

On the next wave it has to beat "the stratum's last response rate" on the Brier score. What was compared is
recorded, and so is what followed.
"""

from datetime import UTC, datetime

import numpy as np

from models.arrays import BoolArray, FloatArray
from models.features import align
from survey_service.db import likelihood
from survey_service.db.audit_event import add_audit_event
from survey_service.db.engine import transaction
from survey_service.services.likelihood.current_model import CurrentModel, find_model
from survey_service.services.likelihood.fit_model import brier, expect_as_last_time, wave_order
from survey_service.services.likelihood.gather_history import Gathered, gather_history, seconds_since_2000

LEAST_JUDGED = 30
"""Invitations of a wave below which nothing is judged: a handful says nothing of either."""


async def judge_likelihood(*, at: datetime | None = None) -> int:
    """Judge the newest model on the waves that ended since it was trained; return how many those were."""
    now = at or datetime.now(UTC)
    async with transaction():
        model = await find_model()
        if model is None:
            return 0
        judged = await likelihood.list_judged(model.facts.id)
        gathered = await gather_history(now)
        past = gathered.take(gathered.is_over)
        waves = _waves_to_judge(gathered, model) - judged
        if not waves:
            return 0
        expected = model.likelihood.predict(align(past.features, model.card.features, model.card.categories))
        base = expect_as_last_time(past, wave_order(past))
        worse = []
        for wave in sorted(waves):
            rows = past.wave == wave
            if not await _judge_wave(model, wave, rows, expected, base, past, now):
                worse.append(wave)
        if worse and model.facts.is_on:
            await _switch_off(model, now)
    return len(waves)


async def switch_likelihood(
    *, is_on: bool, reason: str, at: datetime | None = None, staff: int | None = None
) -> None:
    """Use the newest model or leave it, by a decision of staff."""
    now = at or datetime.now(UTC)
    async with transaction():
        newest = await likelihood.list_models(1)
        for one in newest:
            await likelihood.switch_model(one.id, is_on=is_on, reason=reason, at=now)
            await add_audit_event(
                staff=staff, action="likelihood.switch", object_kind="likelihood_model",
                object_id=str(one.id), detail={"is_on": is_on, "reason": reason},
            )  # fmt: skip


def _waves_to_judge(gathered: Gathered, model: CurrentModel) -> set[int]:
    """Return the waves sent after the model was trained whose every invitation is over."""
    waves, code = np.unique(gathered.wave, return_inverse=True)
    first = np.full(waves.size, np.iinfo(np.int64).max)
    np.minimum.at(first, code, gathered.sent)
    is_ended = np.bincount(code, weights=~gathered.is_over) == 0
    is_large = np.bincount(code) >= LEAST_JUDGED
    is_new = first >= seconds_since_2000(model.facts.trained_at)
    return set(waves[is_ended & is_large & is_new].tolist())


async def _judge_wave(
    model: CurrentModel,
    wave: int,
    rows: BoolArray,
    expected: FloatArray,
    base: FloatArray,
    past: Gathered,
    at: datetime,
) -> bool:
    """Record how the model did on a wave; tell whether it was better than no model."""
    overall = past.answered[~rows].mean() if (~rows).any() else past.answered.mean()
    ours = brier(expected, past.answered, rows)
    theirs = brier(np.where(np.isnan(base), overall, base), past.answered, rows)
    await likelihood.add_verdict(
        model=model.facts.id, wave=wave, invitations=int(rows.sum()), answered=int(past.answered[rows].sum()),
        expected=float(expected[rows].sum()), brier=ours, base_brier=theirs, at=at,
    )  # fmt: skip
    return ours < theirs


async def _switch_off(model: CurrentModel, at: datetime) -> None:
    verdict = (await likelihood.list_verdicts(1))[0]
    reason = (
        f"Switched itself off: on wave {verdict.wave} of {verdict.survey} it did not beat the stratum's last "
        f"response rate: Brier {verdict.brier:.4f} against {verdict.base_brier:.4f}."
    )
    await likelihood.switch_model(model.facts.id, is_on=False, reason=reason, at=at)
    await add_audit_event(
        staff=None, action="likelihood.switched_itself_off", object_kind="likelihood_model",
        object_id=str(model.facts.id), detail={"reason": reason},
    )  # fmt: skip
