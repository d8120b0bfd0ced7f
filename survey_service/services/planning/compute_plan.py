"""Compute a survey's plan from what is known of its strata: pure, so that a price can be checked by hand.

One variance rule serves price, stopping and results: respondents count as drawn with replacement, so there
is no discount for a small population. Expected response decides how *many* are invited, never who.
"""

from collections.abc import Sequence

import numpy as np

from sampling.allocation import allocate
from sampling.arrays import IntArray
from sampling.expected_yield import Yield, expect_yield
from sampling.invitations import plan_invitations
from sampling.precision import answers_needed, margin_of_error, plan_reporting
from survey_service.db.survey import Survey
from survey_service.domain.burden import invitation_seconds
from survey_service.domain.errors import LimitReached
from survey_service.domain.questionnaire import Form
from survey_service.services.likelihood.advise_launch import plan_replicates
from survey_service.services.planning.plan_ground import Ground
from survey_service.services.planning.plan_request import PlanRequest, ReportingGroup
from survey_service.services.planning.share_invitations import (
    ROUNDING,
    effective_answers,
    share_answers,
)
from survey_service.services.planning.survey_plan import Plan, StratumPlan, Unreachable
from survey_service.services.rotation.select_members import REPLICATE_SHARES


def make_plan(
    found: Survey, ground: Ground, request: PlanRequest, forms: Sequence[Form], stratum_minimum: int
) -> Plan:
    """Compute the plan."""
    groups = request.groups(ground.names)
    answers, invitations, unreachable = _decide_numbers(ground, request, groups, stratum_minimum)
    planned = max(form.planned_seconds for form in forms)
    expected = invitations * ground.response
    worth = effective_answers(expected, ground.population)
    bounds = expect_yield(
        invitations, ground.response, ground.expected.own_spread, ground.expected.wave_spread
    )
    strata = _describe(ground, request, groups, answers, invitations, planned, bounds)
    return Plan(
        survey=found.slug,
        department=found.department,
        method=request.method,
        target_margin=request.margin if request.invitations is None else None,
        confidence=request.confidence,
        least_asked=round(ground.least_asked, 6),
        planned_seconds=planned,
        answers=int(answers.sum()),
        invitations=int(invitations.sum()),
        expected_answers=round(float(expected.sum()), 1),
        expected_low=bounds.total_low,
        expected_high=bounds.total_high,
        model=ground.model,
        replicates=_replicates(ground, int(answers.sum()), bounds),
        expected_margin=_margin(worth * ground.least_asked, request.confidence),
        expected_margin_core=_margin(worth, request.confidence),
        seconds=sum(one.seconds for one in strata.values()),
        by_stratum=strata,
        unreachable=tuple(unreachable),
        exempt=request.exempt,
    )


def _replicates(ground: Ground, needed: int, bounds: Yield) -> tuple[float, ...]:
    return REPLICATE_SHARES if ground.model is None else plan_replicates(needed, bounds.total_high)


def _decide_numbers(
    ground: Ground, request: PlanRequest, groups: Sequence[ReportingGroup], stratum_minimum: int
) -> tuple[IntArray, IntArray, list[Unreachable]]:
    """Return answers and invitations of each stratum, and what cannot be reached."""
    answers, unreachable = _share_groups(ground, groups, request.confidence)
    most = ground.most_answers()
    if request.invitations is not None:
        invitations = _share_given(ground, answers, request.invitations, stratum_minimum)
        answers = np.minimum(most, np.floor(invitations * ground.response).astype(np.int64))
        return answers, invitations, unreachable
    needed = _needed(ground, request.margin, request.confidence)
    if ground.reachable() < ROUNDING * needed:
        unreachable.append(_too_much(ground, needed, request.confidence))
    scored = (most > 0) & (ground.population > 0)
    answers = share_answers(
        ground.answer_scores, min(needed, int(most.sum())), ground.population,
        minimum=np.maximum(answers, scored.astype(np.int64)), maximum=most,
    )  # fmt: skip
    least = np.minimum(ground.available, stratum_minimum)
    return answers, np.maximum(_invite(ground, answers), least), unreachable


def _share_groups(
    ground: Ground, groups: Sequence[ReportingGroup], confidence: float
) -> tuple[IntArray, list[Unreachable]]:
    """Return the answers each stratum owes its group, and the groups that cannot get theirs."""
    owed = np.zeros(len(ground.names), dtype=np.int64)
    most = ground.most_answers()
    short: list[ReportingGroup] = []
    for group in groups:
        places = ground.places(group.strata)
        needed = _needed(ground, group.margin, confidence)
        if ground.reachable(places) < ROUNDING * needed:
            short.append(group)
            owed[places] = most[places]
        else:
            owed[places] = share_answers(
                ground.answer_scores[places], needed, ground.population[places],
                minimum=np.minimum(1, most[places]), maximum=most[places],
            )  # fmt: skip
    return owed, [_explain(ground, group, short, confidence) for group in short]


def _explain(
    ground: Ground, group: ReportingGroup, short: Sequence[ReportingGroup], confidence: float
) -> Unreachable:
    """Say how far a group gets, and with whom it would get there: others that are short come first."""
    most = ground.most_answers()
    needed = _needed(ground, group.margin, confidence)
    reachable = {one.strata: ground.reachable(ground.places(one.strata)) for one in short}
    labels = {"|".join(strata): answers for strata, answers in reachable.items()}
    merged = next((one for one in plan_reporting(labels, needed).groups if "|".join(group.strata) in one), ())
    # Those that are short do not get there together: one of the others has to help all of them.
    together = {name for label in merged or labels for name in label.split("|")}
    missing = needed - sum(reachable.values())
    helpers = [
        (int(most[place]), name)
        for place, name in enumerate(ground.names)
        if name not in together and most[place] >= missing
    ]
    if not merged:
        together = {*together, min(helpers)[1]} if helpers else set()
    return Unreachable(
        strata=group.strata,
        needed=needed,
        reachable=reachable[group.strata],
        margin=_margin(reachable[group.strata] * ground.least_asked, confidence),
        merge_with=tuple(sorted(together - set(group.strata))),
    )


def _too_much(ground: Ground, needed: int, confidence: float) -> Unreachable:
    reachable = ground.reachable()
    margin = _margin(reachable * ground.least_asked, confidence)
    return Unreachable(strata=ground.names, needed=needed, reachable=reachable, margin=margin, merge_with=())


def _needed(ground: Ground, margin: float, confidence: float) -> int:
    return answers_needed(margin, confidence=confidence, least_asked=ground.least_asked)


def _invite(ground: Ground, answers: IntArray) -> IntArray:
    return plan_invitations(answers, ground.response, available=ground.available).invitations


def _share_given(ground: Ground, answers: IntArray, total: int, stratum_minimum: int) -> IntArray:
    """Share a given number of invitations; what groups owe comes first, then every stratum's minimum."""
    if not 0 < total <= ground.available.sum():
        raise LimitReached(
            "More people would be invited than there are." if total > 0 else "Nobody would be invited.",
            expected=f"1 to {ground.available.sum()}, everybody who may be asked this year",
            got=str(total),
            hint="Ask fewer people, or import more contacts.",
        )
    filled = max(1, int((ground.available > 0).sum()))
    least = np.minimum(ground.available, min(stratum_minimum, total // filled))
    owed = np.maximum(_invite(ground, answers), least)
    if owed.sum() > total:
        raise LimitReached(
            "What is to be reported by stratum needs more invitations.",
            expected=f"{owed.sum()} or more",
            got=str(total),
            hint="Raise --n, or report fewer strata, or those with more points.",
        )
    return allocate(ground.scores, total, minimum=owed, maximum=ground.available)


def _describe(
    ground: Ground,
    request: PlanRequest,
    groups: Sequence[ReportingGroup],
    answers: IntArray,
    invitations: IntArray,
    planned: int,
    bounds: Yield,
) -> dict[str, StratumPlan]:
    plans: dict[str, StratumPlan] = {}
    for place, name in enumerate(ground.names):
        expected = float(invitations[place] * ground.response[place])
        seconds = invitations[place] * invitation_seconds + expected * planned
        plans[name] = StratumPlan(
            N=int(ground.population[place]),
            available=int(ground.available[place]),
            response=round(float(ground.response[place]), 6),
            answers=int(answers[place]),
            invitations=int(invitations[place]),
            expected_answers=round(expected, 1),
            expected_low=int(bounds.low[place]),
            expected_high=int(bounds.high[place]),
            response_from="likelihood" if ground.expected.is_modelled[place] else "past",
            margin=_margin(expected * ground.least_asked, request.confidence),
            seconds=round(float(seconds)),
            reported=_reported(name, groups, request.exempt),
        )
    return plans


def _reported(name: str, groups: Sequence[ReportingGroup], exempt: Sequence[str]) -> str:
    if name in exempt:
        return "exempt"
    for group in groups:
        if name in group.strata:
            others = [one for one in group.strata if one != name]
            return f"with {', '.join(others)}" if others else "alone"
    return "whole"


def _margin(answers: float, confidence: float) -> float | None:
    """Of so many answers, rounded to whole ones."""
    return round(margin_of_error(round(answers), confidence=confidence), 4) if answers >= 1 else None
