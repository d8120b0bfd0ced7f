"""The price of a survey before its launch: what it takes of everybody's budget, and what it rules out."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import msgspec
import numpy as np

from sampling.arrays import IntArray
from survey_service.db.engine import transaction
from survey_service.domain.budget import find_obstacle, needs_approval, surveys_left
from survey_service.services.gate.unit_standing import ELIGIBLE, load_rules
from survey_service.services.planning.contact_capacity import NOTHING, add_up, read_register
from survey_service.services.planning.plan_request import PlanRequest
from survey_service.services.planning.plan_strata import plan_survey
from survey_service.services.planning.review_budget import (
    Budget,
    DepartmentLine,
    describe_department,
    read_budget,
)
from survey_service.services.planning.survey_plan import Plan, StratumPlan
from survey_service.services.questionnaires.manage_survey import get_survey
from survey_service.services.rotation.survey_frame import SurveyFrame, look_at_frame, today
from survey_service.settings import Settings


class StratumPrice(msgspec.Struct, frozen=True, kw_only=True):
    """What the survey takes of one stratum."""

    invitations: int
    seconds: int
    capacity: int
    used: int
    share_of_stratum: float
    """Of the stratum's capacity of the year."""
    share_of_total: float
    """Of the whole capacity."""
    surveys_left: int
    """How many more surveys of this size the stratum's free invitations of this year allow."""
    again_from: str | None
    """First day on which as many can be asked again; null where that is not within the year ahead."""


class Price(msgspec.Struct, frozen=True, kw_only=True):
    """A plan with its price."""

    plan: Plan
    by_stratum: dict[str, StratumPrice]
    capacity: int
    used: int
    kept: int
    free: int
    free_after: int
    share_of_total: float
    surveys_left: int
    department: DepartmentLine
    department_surveys_left: int
    obstacle: str | None
    """capacity or share where the plan does not fit; null where it does."""
    needs_approval: bool


async def price_survey(
    slug: str, settings: Settings, request: PlanRequest, *, day: date | None = None
) -> Price:
    """Price a survey as if it were launched on a day (today). Nothing is changed."""
    on = day or today(settings)
    async with transaction():
        units = await read_register(settings, on)
        plan = await plan_survey(slug, settings, request, day=on, units=units)
        found = await get_survey(slug)
        state = await read_budget(settings, on, units=units)
        rules = await load_rules(settings, survey=found.id, form_seconds=plan.planned_seconds)
        look = await look_at_frame(found, rules, on, settings)
    again = days_again(look, plan, settings.link_days)
    own = state.departments[plan.department]
    account, n = state.account, plan.invitations
    return Price(
        plan=plan,
        by_stratum={
            stratum.name: _price_stratum(plan.by_stratum[stratum.name], stratum.cells, state, again[place])
            for place, stratum in enumerate(look.strata)
        },
        capacity=account.capacity,
        used=account.used,
        kept=account.kept,
        free=account.free,
        free_after=account.free - n,
        share_of_total=_part(n, account.capacity),
        surveys_left=surveys_left(account.free - n, n),
        department=describe_department(own),
        department_surveys_left=surveys_left(min(own.free, account.free) - n, n),
        obstacle=find_obstacle(n, account, own),
        needs_approval=needs_approval(
            n, recent=state.recent[plan.department], threshold=settings.approval_threshold
        ),
    )


def days_again(look: SurveyFrame, plan: Plan, link_days: int) -> list[str | None]:
    """Return for each stratum the first day on which as many can be asked again, after this launch.

    Launched as if every stratum gave the next in its queues; in a stratum of several cells the draw's lot
    decides between the cells, which moves a few people and hardly ever the day.
    """
    numbers = [plan.by_stratum[one.name].invitations for one in look.strata]
    after = launch(look, numbers, plan.planned_seconds, link_days)
    days = after.units.days_of_change(look.day)
    last = look.day + look.rules.window_days
    found: list[str | None] = []
    for place, number in enumerate(numbers):
        first = _first_enough(after, days, place, number)
        found.append(None if first is None or first > last else date.fromordinal(first).isoformat())
    return found


def launch(look: SurveyFrame, numbers: Sequence[int], planned_seconds: int, link_days: int) -> SurveyFrame:
    """Return the frame as it would be after so many of each stratum were invited today."""
    units = look.units
    eligible = np.flatnonzero(look.reasons(look.day) == ELIGIBLE)
    stratum = look.stratum_of_cell[look.cell[eligible]]
    in_turn = np.lexsort((units.ids[eligible], units.ticket[eligible]))
    drawn = np.concatenate(
        [eligible[in_turn[stratum[in_turn] == place][:number]] for place, number in enumerate(numbers)]
    )
    last_invited, busy_until = units.last_invited.copy(), units.busy_until.copy()
    last_invited[drawn] = look.day
    busy_until[drawn] = look.day + link_days
    asked = replace(
        units,
        last_invited=last_invited,
        busy_until=busy_until,
        past_unit=np.concatenate([units.past_unit, drawn]),
        past_day=np.concatenate([units.past_day, np.full_like(drawn, look.day)]),
        past_seconds=np.concatenate([units.past_seconds, np.full_like(drawn, planned_seconds)]),
        limits=tuple(one.invite(drawn, look.day) for one in units.limits),
    )
    return replace(look, units=asked)


def _first_enough(look: SurveyFrame, days: IntArray, place: int, number: int) -> int | None:
    """Search by halving: with nothing else sent, people only ever become eligible again."""

    def is_enough(day: int) -> bool:
        return int(look.count_by_stratum(look.reasons(day) == ELIGIBLE)[place]) >= number

    first = bisect_left(days, True, key=lambda day: is_enough(int(day)))
    return None if first == days.size else int(days[first])


def _price_stratum(
    plan: StratumPlan, cells: tuple[int, ...], state: Budget, again: str | None
) -> StratumPrice:
    whole = add_up(state.cells.get(cell, NOTHING) for cell in cells)
    return StratumPrice(
        invitations=plan.invitations,
        seconds=plan.seconds,
        capacity=whole.capacity,
        used=whole.used,
        share_of_stratum=_part(plan.invitations, whole.capacity),
        share_of_total=_part(plan.invitations, state.account.capacity),
        surveys_left=surveys_left(whole.capacity - whole.used - plan.invitations, plan.invitations),
        again_from=again,
    )


def _part(number: int, whole: int) -> float:
    return round(number / whole, 6) if whole else 0.0
