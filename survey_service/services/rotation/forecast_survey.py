"""What a draw would find: who is eligible, who is not and why, and from when there are enough again."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from itertools import islice

import msgspec
import numpy as np

from sampling.arrays import IntArray
from sampling.strata import Stratum, split_over_cells
from survey_service.db import newsletter_issue, register
from survey_service.db.engine import transaction, undone
from survey_service.db.survey import Survey
from survey_service.domain.contact_gate import is_near_issue
from survey_service.services.gate.unit_standing import ELIGIBLE, REASONS, ContactRules, load_rules
from survey_service.services.planning.contact_capacity import count_invitations
from survey_service.services.planning.spend_approval import is_approval_missing, share_wave
from survey_service.services.questionnaires.manage_survey import get_newest_version, get_survey
from survey_service.services.rotation.drawing import find_next_wave, seed_of_wave
from survey_service.services.rotation.survey_frame import (
    SurveyFrame,
    check_day,
    hash_of,
    look_at_frame,
    prepare_frame,
    today,
)
from survey_service.settings import Settings, load_secret_key


class StratumForecast(msgspec.Struct, frozen=True, kw_only=True):
    """One stratum. N = eligible + those excluded who are in the frame; `register` adds those outside it.

    The shortfall can be more than what is needed beyond the eligible: each cell gives its own part.
    """

    N: int
    register: int
    needed: int
    eligible: int
    shortfall: int
    excluded: dict[str, int]
    """Units by the one reason each; every reason is there, 0 where it excludes nobody."""
    next_feasible: str | None
    """First day with enough eligible, nothing else being sent; null where the stratum never has enough."""


class Budget(msgspec.Struct, frozen=True, kw_only=True):
    """Invitations of the rolling year: what the survey's strata can bear, what counts now and after."""

    capacity: int
    used: int
    after: int


class Forecast(msgspec.Struct, frozen=True, kw_only=True):
    """The keys are those other programs rely on."""

    survey: str
    at: str
    by_stratum: dict[str, StratumForecast]
    invitations_needed: int
    budget: Budget
    frame_hash: str
    """Of the frame it looked at; `draw --expect` draws only from this one."""
    needs_approval: bool
    """True where the draw would be refused until a plan is approved."""
    dates: list[str]
    """The three nearest days, from the asked one on, that are not too near to an issue of the newsletter."""


async def forecast_survey(
    slug: str, settings: Settings, *, at: date | None = None, n: int | None = None, seed: str | None = None
) -> Forecast:
    """Return what `draw_wave` at the same instant, with the same seed, would find. Nothing is changed."""
    day = at or today(settings)
    async with transaction():
        found = await get_survey(slug)
        await check_day(day, settings)
        issues = await newsletter_issue.list_issues()
        version = await get_newest_version(found)
        longest = max(form.planned_seconds for form in version.forms.values())
        rules = await load_rules(settings, survey=found.id, form_seconds=longest)
        look = await look_at_frame(found, rules, day, settings)
        if not np.array_equal(look.units.is_in_frame(look.day), look.units.is_active):
            look = await _look_ahead(found, rules, day, settings)
        needed = await share_wave(found, look, settings, n)
        total = int(needed.sum())
        is_missing = await is_approval_missing(found, settings, day, total)
        _, label = await find_next_wave(found)
    seed = seed or seed_of_wave(load_secret_key(settings), label)
    capacity, used = (int(one.sum()) for one in count_invitations(look.units, look.day))
    return Forecast(
        survey=slug,
        at=day.isoformat(),
        by_stratum=_describe_strata(look, needed, _share_over_cells(look, needed, seed, label)),
        invitations_needed=total,
        budget=Budget(capacity=capacity, used=used, after=used + total),
        frame_hash=hash_of(look),
        needs_approval=is_missing,
        dates=[one.isoformat() for one in nearest_days(day, issues, settings.issue_distance_days)],
    )


def _share_over_cells(look: SurveyFrame, needed: IntArray, seed: str, label: str) -> IntArray:
    """Return what the draw will ask of each cell, by the lot of its own seed, shape (C,).

    A cell that cannot give its part leaves a shortfall however many others of the stratum could be asked.
    """
    asked, counts = np.zeros(look.cell_ids.size, dtype=np.int64), look.frame.population()
    for place, one in enumerate(look.strata):
        cells = tuple(np.flatnonzero(look.stratum_of_cell == place).tolist())
        if needed[place]:
            stratum = Stratum(name=one.name, cells=cells, asked=int(needed[place]))
            parts = split_over_cells(stratum, look.frame.cells, counts, seed=seed, survey=label)
            asked[list(parts)] = list(parts.values())
    return asked


def _describe_strata(look: SurveyFrame, needed: IntArray, asked: IntArray) -> dict[str, StratumForecast]:
    population = look.population()
    reasons = look.reasons(look.day)
    counted = {name: look.count_by_stratum(reasons == code) for code, name in enumerate(REASONS)}
    days = look.units.days_of_change(look.day)
    # One look at a day serves every stratum: the reasons of a million units take a while.
    eligible_on = cache(lambda day: look.count_by_cell(look.reasons(day) == ELIGIBLE))
    eligible = _sum_cells(look, eligible_on(look.day))

    def missing_on(day: int) -> IntArray:
        return _sum_cells(look, np.maximum(asked - eligible_on(day), 0))

    missing = missing_on(look.day)
    everybody = look.count_by_stratum(np.ones_like(reasons, dtype=np.bool_))
    return {
        stratum.name: StratumForecast(
            N=int(population[place]),
            register=int(everybody[place]),
            needed=int(needed[place]),
            eligible=int(eligible[place]),
            shortfall=int(missing[place]),
            excluded={name: int(count[place]) for name, count in counted.items()},
            next_feasible=_next_feasible(days, missing_on, place),
        )
        for place, stratum in enumerate(look.strata)
    }


def _sum_cells(look: SurveyFrame, by_cell: IntArray) -> IntArray:
    return np.bincount(look.stratum_of_cell, weights=by_cell, minlength=len(look.strata)).astype(np.int64)


async def _look_ahead(found: Survey, rules: ContactRules, day: date, settings: Settings) -> SurveyFrame:
    """Look at the frame as the draw would make it ready, and leave everything as it was."""
    async with undone():
        await register.lock_register()
        look = await prepare_frame(found, rules, day, settings)
    return look


def nearest_days(day: date, issues: list[date], distance: int, count: int = 3) -> list[date]:
    """Return the next days on which an invitation would not come with an issue of the newsletter."""
    later = (day + timedelta(days=ahead) for ahead in range(366 * 2))
    return list(islice((one for one in later if not is_near_issue(one, issues, distance)), count))


def _next_feasible(days: IntArray, missing_on: Callable[[int], IntArray], stratum: int) -> str | None:
    """Find the first day on which nobody is missing.

    With nothing else sent, people only ever become eligible: fewer are missing with the day, and that changes
    only when a rest, promise or pause ends, a link expires or a past form leaves the window. So those days
    are searched by halving.
    """
    low, high = 0, days.size
    if not missing_on(int(days[0]))[stratum]:
        high = 0
    while low < high:
        middle = (low + high) // 2
        if not missing_on(int(days[middle]))[stratum]:
            high = middle
        else:
            low = middle + 1
    return None if low == days.size else date.fromordinal(int(days[low])).isoformat()
