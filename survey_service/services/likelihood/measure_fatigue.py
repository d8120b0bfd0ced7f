"""What one more ask costs in answers, refusals and forms left half-way, and what each department's asks cost.

Only the randomised arm can tell: its rests are drawn by lot. What is found there is then applied to all
invitations of a year: each lowers the chance of an answer to those that follow, the less the later they come.
"""

from datetime import datetime, timedelta

import msgspec
import numpy as np

from models.fatigue import FADES_DAYS, FatigueEffect, estimate_fatigue, recent_load
from sampling.arrays import BoolArray, IntArray
from sampling.random_rests import rest_lots
from survey_service.db import fatigue
from survey_service.db.audit_event import add_audit_event
from survey_service.db.columns import Columns
from survey_service.db.experience import ExperienceMean, list_means
from survey_service.db.staff import StaffMember
from survey_service.domain.roles import check_may
from survey_service.settings import Settings

YEAR = timedelta(days=365)
OUTCOMES = ("answered", "refused", "broke_off")


class DepartmentCost(msgspec.Struct, frozen=True, kw_only=True):
    """What a department's invitations of a year took from whoever asked after it."""

    department: str
    invitations: int
    answers_lost: float
    low: float
    high: float


class FatigueMeasured(msgspec.Struct, frozen=True, kw_only=True):
    """The effects by outcome, and the costs where the effect on answers is known."""

    effects: dict[str, FatigueEffect]
    costs: list[DepartmentCost]
    experiences: list[ExperienceMean]
    """How people found the surveys of each department; never of fewer people than a small cell."""
    fades_days: float = FADES_DAYS


async def measure_fatigue(settings: Settings, *, at: datetime) -> FatigueMeasured:
    """Measure from everything whose time to answer is over at a moment."""
    arm = await fatigue.read_arm(at, settings.time_zone)
    load = recent_load(person=arm["unit"], day=arm["day"])
    lot = _lots(arm, settings)
    over: BoolArray = arm["is_over"]
    effects = {
        name: estimate_fatigue(
            outcome=arm[name][over],
            load=load[over],
            wave=arm["wave"][over],
            person=arm["unit"][over],
            day=arm["day"][over],
            lot=lot[over],
        )
        for name in OUTCOMES
    }
    answered = effects["answered"]
    costs = await _share_cost(answered, settings, at) if answered.verdict == "measured" else []
    return FatigueMeasured(effects=effects, costs=costs, experiences=await list_means(settings.small_cell))


async def review_fatigue(staff: StaffMember, settings: Settings, *, at: datetime) -> FatigueMeasured:
    """Show it to those who plan: every department sees what its asks cost, and what those of others do."""
    check_may(staff.role, "plan")
    found = await measure_fatigue(settings, at=at)
    await add_audit_event(staff=staff.id, action="fatigue_viewed", object_kind="fatigue", object_id="")
    return found


def _lots(arm: Columns, settings: Settings) -> IntArray:
    """The rest that was drawn after the invitation before each one, in any order of the columns."""
    order = np.lexsort((arm["day"], arm["unit"]))
    before = np.zeros(order.size, dtype=np.int64)
    before[order[1:]] = arm["day"][order[:-1]]
    shortest = max(settings.rest_days, settings.random_rest_from)
    return rest_lots(
        ids=arm["unit"],
        last_invited=before,
        shortest=shortest,
        longest=max(shortest, settings.random_rest_until),
    )


async def _share_cost(effect: FatigueEffect, settings: Settings, at: datetime) -> list[DepartmentCost]:
    """Attribute to each invitation of the year the answers it takes from the later ones of the same unit."""
    sent = await fatigue.read_all(at - YEAR, at, settings.time_zone)
    names = await fatigue.list_departments()
    weight = following_weight(sent["unit"], sent["day"])
    costs = []
    for department in np.unique(sent["department"]).tolist():
        own = sent["department"] == department
        asked = float(weight[own].sum())
        lost = sorted((-effect.low * asked, -effect.high * asked))
        costs.append(
            DepartmentCost(
                department=names[department],
                invitations=int(own.sum()),
                answers_lost=-effect.effect * asked,
                low=lost[0],
                high=lost[1],
            )
        )
    return sorted(costs, key=lambda one: -one.invitations)


def following_weight(unit: IntArray, day: IntArray) -> np.ndarray:
    """Sum for each invitation the later ones of the same unit, each weighing exp(-days between / FADES_DAYS).

    It is the load of time turned round: what an invitation adds to all that follow.
    """
    return recent_load(person=unit, day=-day)
