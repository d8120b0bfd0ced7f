"""The model that counts: the newest one, while it is on and this program can read it."""

import asyncio
from dataclasses import dataclass

from models.errors import ModelError
from models.likelihood import Likelihood
from models.model_file import ModelCard, read_card, read_model
from survey_service.db import likelihood
from survey_service.db.likelihood import ModelFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class CurrentModel:
    """A stored model, read."""

    facts: ModelFacts
    likelihood: Likelihood
    card: ModelCard


async def find_model() -> CurrentModel | None:
    """Return the newest model, on or off; None where there is none. Raises ModelError for another version."""
    newest = await likelihood.list_models(1)
    if not newest:
        return None
    content = await likelihood.get_content(newest[0].id)
    # The first one loads scikit-learn, which must not hold up whoever answers a form meanwhile.
    fitted, card = await asyncio.to_thread(read_model, content)
    return CurrentModel(facts=newest[0], likelihood=fitted, card=card)


async def find_model_in_use() -> CurrentModel | None:
    """Return the model that expectations come from, if there is one.

    One that another version of the program made is no model until it is trained again: strata are then
    expected to answer as they did before, as they are without a model.
    """
    try:
        found = await find_model()
    except ModelError:
        return None
    return found if found is not None and found.facts.is_on else None


def card_of(facts: ModelFacts) -> ModelCard:
    """Return the card of a model without reading the model."""
    return read_card(bytes(facts.card))
