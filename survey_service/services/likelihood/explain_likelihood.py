"""What response likelihood says of one person: for that person's own request to see what is held, only.

Nothing of it is kept: it is computed for the answer. No page and no endpoint calls this; a test holds that.
"""

from datetime import datetime
from math import isnan

import msgspec

from models.features import align
from survey_service.db import likelihood
from survey_service.db.contact import ContactFacts
from survey_service.db.likelihood_history import find_cell
from survey_service.domain.length import target_seconds
from survey_service.services.likelihood.current_model import find_model_in_use
from survey_service.services.likelihood.gather_history import look_at_people


class OwnLikelihood(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to somebody who asks what is held about them."""

    objects: bool
    """They object: nothing is computed."""
    is_kept: bool = False
    likelihood: float | None = None
    """That an invitation sent today to a form of the usual length would be answered; null without a model."""
    model: int | None = None
    looked_at: dict[str, float | str | None] = {}
    """What the model looked at, as it is known today."""


async def explain_likelihood(contact: ContactFacts, *, at: datetime) -> OwnLikelihood:
    """Compute it for a person of the register."""
    if await likelihood.is_objecting(contact.id):
        return OwnLikelihood(objects=True)
    model = await find_model_in_use()
    if model is None:
        return OwnLikelihood(objects=False)
    cell = await find_cell(contact.id)
    own = await look_at_people(
        [cell], at, planned_seconds=target_seconds, each=1_000_000_000, contact=contact.id
    )
    if not own.contact.size:
        return OwnLikelihood(objects=False)  # outside the frame: nobody expects anything of them
    row = align(own.features, model.card.features, model.card.categories)
    looked_at: dict[str, float | str | None] = {}
    for name, value in zip(model.card.features, row[0].tolist(), strict=True):
        known: float | str | None = None if isnan(value) else round(value, 4)
        if known is not None and name in model.card.categories:
            known = model.card.categories[name][int(value)]
        looked_at[name] = known
    return OwnLikelihood(
        objects=False,
        likelihood=round(float(model.likelihood.predict(row)[0]), 4),
        model=model.facts.id,
        looked_at=looked_at,
    )
