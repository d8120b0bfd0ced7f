"""What there is to say of response likelihood: the model that counts, how it did, what it may know."""

from datetime import datetime

import msgspec

from models.errors import ModelError
from models.model_file import ModelCard
from survey_service.db import likelihood
from survey_service.db.engine import transaction
from survey_service.db.likelihood import Permission, Verdict
from survey_service.services.likelihood.current_model import card_of, find_model

MOST_VERDICTS = 12


class ModelReview(msgspec.Struct, frozen=True, kw_only=True):
    """One model, as its card describes it."""

    model: int
    trained_at: datetime
    seed: int
    is_on: bool
    reason: str
    decided_at: datetime
    is_readable: bool
    """Whether this version of the program can use it."""
    card: ModelCard


class LikelihoodReview(msgspec.Struct, frozen=True, kw_only=True):
    """The newest model and the one before it, the newest verdicts first, and what may be a feature."""

    newest: ModelReview | None
    before: ModelReview | None
    verdicts: list[Verdict]
    permissions: list[Permission]

    @property
    def is_in_use(self) -> bool:
        """Whether expectations come from the model."""
        return self.newest is not None and self.newest.is_on and self.newest.is_readable


async def review_likelihood() -> LikelihoodReview:
    """Gather it."""
    async with transaction():
        models = await likelihood.list_models(2)
        reviews = [
            ModelReview(
                model=one.id, trained_at=one.trained_at, seed=one.seed, is_on=one.is_on, reason=one.reason,
                decided_at=one.decided_at, is_readable=place > 0 or await _is_readable(), card=card_of(one),
            )
            for place, one in enumerate(models)
        ]  # fmt: skip
        return LikelihoodReview(
            newest=reviews[0] if reviews else None,
            before=reviews[1] if len(reviews) > 1 else None,
            verdicts=await likelihood.list_verdicts(MOST_VERDICTS),
            permissions=await likelihood.list_permissions(),
        )


async def _is_readable() -> bool:
    try:
        await find_model()
    except ModelError:
        return False
    return True
