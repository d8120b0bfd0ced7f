"""One community asked from the first survey to the last under one policy."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sampling.arrays import BoolArray, FloatArray, IntArray
from survey_service.domain.scenario import Scenario, planned_seconds
from survey_service.services.simulation.simulation_community import Community, random_stream, to_share
from survey_service.services.simulation.simulation_history import Choice, History, Policy

LEAST_ANSWERS = 5
"""A weighting cell with fewer answers is merged with the other thin ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One survey as it went: counts, participation and estimates. Shares are fractions of 1."""

    invited: int
    missing: int
    completes: int
    participation_mean: float
    participation_spread: float
    raw: float
    """Share of the answers that hold the opinion; nan without an answer."""
    weighted: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Everything that the measures of one policy and community are computed from."""

    surveys: tuple[Asked, ...]
    """Those that are scored."""
    truth: float
    """Share of the whole register that holds the opinion."""
    invitations: IntArray
    """Of each person, over all surveys, shape (n,)."""
    completes: IntArray
    minutes: float
    """Length of the form that each of them filled in."""
    opted_out: float
    """Share of the register that left."""


def run_surveys(
    policy: Policy, community: Community, scenario: Scenario, *, after_each: Callable[[], None]
) -> Run:
    """Ask survey after survey. `after_each` is told of each one; what it raises ends the run."""
    surveys, size = scenario.surveys, community.size
    history = History.of(size)
    tired = np.zeros(size)
    """Recent surveys of each person, each weighing less the longer ago it is."""
    asked = []
    for survey in range(surveys.number):
        day = surveys.day(survey)
        if survey:
            tired *= np.exp(-(day - surveys.day(survey - 1)) / scenario.answering.decay_days)
        choice = policy.choose(survey, day, history)
        would_answer = _chance_to_answer(community, scenario, tired, policy.minutes) * history.active
        # The same luck under every policy: what differs between policies is then the policies' doing.
        numbers = random_stream(community.key, f"answers|{survey}")
        answered = (numbers.random(size) < would_answer)[choice.invited]
        leaves = (numbers.random(size) < scenario.answering.opt_out * tired)[choice.invited] & ~answered
        if survey >= surveys.burn_in:
            asked.append(_score(choice, answered, would_answer, community))
        history.add(day, choice.invited, planned_seconds(policy.minutes), answered)
        history.active[choice.invited[leaves]] = False
        tired[choice.invited] += 1.0
        after_each()
    return Run(
        surveys=tuple(asked),
        truth=float(community.opinion.mean()),
        invitations=np.bincount(history.member, minlength=size),
        completes=np.bincount(history.member[history.answered], minlength=size),
        minutes=policy.minutes,
        opted_out=1.0 - float(history.active.mean()),
    )


def _chance_to_answer(
    community: Community, scenario: Scenario, tired: FloatArray, minutes: float
) -> FloatArray:
    assumed = scenario.answering
    length = assumed.a_minute * (minutes - assumed.usual_minutes)
    return to_share(community.log_odds + length - assumed.fatigue * tired)


def _score(choice: Choice, answered: BoolArray, would_answer: FloatArray, community: Community) -> Asked:
    """Look at one survey as its analyst and as somebody who knows everybody's chance of answering."""
    respondents = choice.invited[answered]
    probability = choice.probability
    # Relative to the mean: asking half of everybody is no more selective than asking everybody.
    participation = would_answer * probability / max(float(probability.mean()), 1e-12)
    opinion = community.opinion[respondents]
    return Asked(
        invited=choice.invited.size,
        missing=choice.missing,
        completes=respondents.size,
        participation_mean=float(participation.mean()),
        participation_spread=float(participation.std()),
        raw=float(opinion.mean()) if respondents.size else float("nan"),
        weighted=poststratify(
            opinion, 1.0 / probability[respondents], community.cell[respondents], community.population()
        ),
    )


def poststratify(values: BoolArray, weights: FloatArray, cell: IntArray, population: IntArray) -> float:
    """Estimate the share of the population for which `values` hold; nan without any value.

    Within each cell the design weights decide, between cells the known population. Cells with fewer than
    `LEAST_ANSWERS` answers form one cell together, with the smallest other one if that is still too small.
    """
    if not values.size:
        return float("nan")
    counts = np.bincount(cell, minlength=population.size)
    by_count = np.argsort(counts, kind="stable")
    thin = int((counts < LEAST_ANSWERS).sum())
    if 0 < counts[by_count[:thin]].sum() < LEAST_ANSWERS or (thin and not counts[by_count[:thin]].sum()):
        thin += 1
    merged = np.arange(population.size)
    merged[by_count[:thin]] = by_count[0]
    code = merged[cell]
    total = np.bincount(code, weights=weights, minlength=population.size)
    held = np.bincount(code, weights=weights * values, minlength=population.size)
    people = np.bincount(merged, weights=population, minlength=population.size)
    there = total > 0
    return float(np.sum(people[there] * held[there] / total[there]) / people[there].sum())
