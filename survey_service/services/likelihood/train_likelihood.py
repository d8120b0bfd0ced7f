"""Train response likelihood on everything whose time to answer is over, and decide whether it is used."""

import asyncio
from datetime import UTC, datetime

import msgspec

from models.errors import ModelError
from models.model_file import ModelCard, dump_model
from survey_service.db import likelihood
from survey_service.db.audit_event import add_audit_event
from survey_service.db.engine import transaction
from survey_service.domain.errors import SurveyServiceError
from survey_service.services.likelihood.fit_model import Fitted, fit_model
from survey_service.services.likelihood.gather_history import gather_history


class Trained(msgspec.Struct, frozen=True, kw_only=True):
    """A model that was stored."""

    model: int
    chosen: str
    rows: int
    answered: int
    features: tuple[str, ...]
    scores: dict[str, float]
    is_on: bool
    reason: str


async def train_likelihood(
    *,
    at: datetime | None = None,
    seed: int = 0,
    staff: int | None = None,
    zone: str = "Europe/London",
) -> Trained:
    """Fit a model to what was sent before a moment (now), and store it with its card.

    It is used if it beat the stratum's last response rate on the newest waves, which it was not taught. Hours
    of the day are those of the zone.
    """
    until = at or datetime.now(UTC)
    async with transaction():
        gathered = await gather_history(until)
        permitted = {one.attribute: one.record for one in await likelihood.list_permissions()}
    try:
        # Minutes of arithmetic: what is to be served meanwhile is not held up, and no transaction is open.
        fitted = await asyncio.to_thread(fit_model, gathered, seed=seed, permitted=permitted, zone=zone)
    except ModelError as error:
        raise SurveyServiceError(
            error.message, expected=error.expected, got=error.got,
            hint="Until then strata are expected to answer as they did before.",
        ) from error  # fmt: skip
    return await _store(fitted, until, seed, staff)


def explain_choice(card: ModelCard, *, is_better: bool) -> str:
    """Say why a model is on or off."""
    ours, base = card.scores["newest_brier"], card.scores["newest_base_brier"]
    verb = "beat" if is_better else "did not beat"
    return (
        f"On the newest wave it {verb} the stratum's last response rate: Brier {ours:.4f} against {base:.4f}."
    )


async def _store(fitted: Fitted, at: datetime, seed: int, staff: int | None) -> Trained:
    card, model = fitted.card, fitted.likelihood
    reason = explain_choice(card, is_better=fitted.is_better)
    async with transaction():
        number = await likelihood.add_model(
            at=at, seed=seed, card=card.to_json().encode(), content=dump_model(model, card),
            is_on=fitted.is_better, reason=reason, staff=staff,
        )  # fmt: skip
        await add_audit_event(
            staff=staff, action="likelihood.train", object_kind="likelihood_model", object_id=str(number),
            detail={"chosen": model.chosen, "rows": card.rows, "is_on": fitted.is_better, "reason": reason},
        )  # fmt: skip
    return Trained(
        model=number, chosen=model.chosen, rows=card.rows, answered=card.answered, features=card.features,
        scores=card.scores, is_on=fitted.is_better, reason=reason,
    )  # fmt: skip
