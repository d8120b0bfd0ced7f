"""Which attributes of people may be features: none, unless an entry of the data-protection record allows it.

A permission names the attribute, the entry and who gave it, and is dated; nothing is ever deleted.
"""

from datetime import UTC, datetime

from survey_service.db import likelihood
from survey_service.db.audit_event import add_audit_event
from survey_service.db.engine import transaction
from survey_service.db.likelihood_history import list_values
from survey_service.domain.errors import Conflict, NotFound
from survey_service.services.likelihood.current_model import card_of
from survey_service.services.likelihood.gather_history import LANGUAGE


async def permit_feature(attribute: str, *, record: str, by: str) -> None:
    """Allow an attribute of people, or their language, as a feature of the next model."""
    now = datetime.now(UTC)
    async with transaction():
        if attribute != LANGUAGE and not await list_values(attribute):
            raise NotFound(
                f"Nobody has an attribute {attribute!r}.", hint="See `survey-service contacts export`."
            )
        if not await likelihood.add_permission(attribute, record=record, permitted_by=by, at=now):
            raise Conflict(f"{attribute} is allowed already.", hint="See `survey-service likelihood status`.")
        await _note("permit", attribute, record, by)


async def forbid_feature(attribute: str, *, by: str) -> bool:
    """Take a permission back, and stop using a model that was taught the attribute; tell whether one was."""
    now = datetime.now(UTC)
    async with transaction():
        if not await likelihood.withdraw_permission(attribute, withdrawn_by=by, at=now):
            raise NotFound(f"{attribute} is not allowed.", hint="See `survey-service likelihood status`.")
        await _note("forbid", attribute, "", by)
        stopped = False
        for one in await likelihood.list_models(1):
            knows = attribute in card_of(one).features
            if one.is_on and knows:
                reason = f"It was taught {attribute}, which {by} no longer allows. Train a new one."
                await likelihood.switch_model(one.id, is_on=False, reason=reason, at=now)
                stopped = True
    return stopped


async def _note(action: str, attribute: str, record: str, by: str) -> None:
    await add_audit_event(
        staff=None, action=f"likelihood.{action}", object_kind="attribute", object_id=attribute,
        detail={"record": record, "by": by},
    )  # fmt: skip
