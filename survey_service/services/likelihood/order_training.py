"""Staff order a training; the worker does it, and the page says what came of it."""

from datetime import UTC, datetime

import msgspec

from survey_service.db import likelihood_history
from survey_service.db.audit_event import add_audit_event, find_last_event
from survey_service.db.engine import transaction
from survey_service.db.job import defer_job
from survey_service.db.staff import StaffMember
from survey_service.domain.errors import Conflict, SurveyServiceError
from survey_service.domain.roles import check_may
from survey_service.services.likelihood.judge_likelihood import judge_likelihood
from survey_service.services.likelihood.train_likelihood import train_likelihood

JOB = "likelihood:train_ordered"
ORDERED, TRAINED, REFUSED = "likelihood.order", "likelihood.train", "likelihood.train_refused"


class OrderedTraining(msgspec.Struct, frozen=True, kw_only=True):
    """The last order that no model came of so far, and why not, once that is known."""

    at: datetime
    refusal: str = ""


async def order_training(staff: StaffMember) -> None:
    """Order a training, unless there is nothing to learn from."""
    check_may(staff.role, "govern")
    async with transaction():
        if not await likelihood_history.has_wave_ended(None, datetime.now(UTC)):
            raise Conflict(
                "There is nothing to learn from yet.",
                expected="a wave whose time to answer is over",
                hint="Close the survey, or wait until its links have run out.",
            )
        await add_audit_event(staff=staff.id, action=ORDERED, object_kind="likelihood_model", object_id="")
        await defer_job(JOB)


async def train_as_ordered(*, zone: str) -> None:
    """Judge and train, as `survey-service likelihood train` does; what stands in the way is noted."""
    await judge_likelihood()
    try:
        await train_likelihood(zone=zone)
    except SurveyServiceError as refusal:
        await add_audit_event(
            staff=None, action=REFUSED, object_kind="likelihood_model", object_id="",
            detail={"reason": refusal.message, "expected": refusal.expected, "got": refusal.got},
        )  # fmt: skip


async def find_ordered_training() -> OrderedTraining | None:
    """Return the order that is under way or came to nothing; None when a model is newer."""
    last = await find_last_event((ORDERED, TRAINED, REFUSED))
    if last is None or last.action == TRAINED:
        return None
    reasons = [str(last.detail[name]) for name in ("reason", "expected", "got") if last.detail.get(name)]
    return OrderedTraining(at=last.at, refusal=" · ".join(reasons))
