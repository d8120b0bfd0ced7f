"""How many invitations, or answers, each stratum gets."""

from math import ceil
from typing import Literal, get_args

import numpy as np

from sampling.allocation import (
    allocate,
    invitation_scores,
    neyman_scores,
    power_scores,
    proportional_scores,
)
from sampling.arrays import FloatArray, IntArray
from sampling.errors import SamplingError
from sampling.precision import answers_needed
from survey_service.domain.errors import LimitReached

MARGIN = 0.05
RESPONSE = 0.15
"""What the first customer measured: 937 of 6,409."""

Method = Literal["proportional", "neyman", "power", "cost"]
METHODS: tuple[str, ...] = get_args(Method)
ROUNDING = 0.99
"""A hundredth of the precision is left to rounding: whole answers are never shared out exactly."""


def default_invitations(population: int) -> int:
    """Return the invitations for +-5 points at 95 %, or everybody where the register is smaller."""
    return min(ceil(answers_needed(MARGIN) / RESPONSE - 1e-9), population)


def share_invitations(population: IntArray, total: int, minimum: int) -> IntArray:
    """Share a total in proportion to N_h, giving each stratum its minimum as far as it and the total reach.

    A total too small for every minimum lowers them all alike instead of refusing the survey.
    """
    if not population.sum():
        raise LimitReached("Nobody can be asked.", hint="Import contacts who consented to surveys first.")
    filled = int((population > 0).sum())
    least = np.minimum(population, min(minimum, total // max(filled, 1)))
    if not 0 < total <= population.sum():
        raise LimitReached(
            "More people would be invited than there are." if total > 0 else "Nobody would be invited.",
            expected=f"1 to {population.sum()}, everybody who consented and can be reached",
            got=str(total),
            hint="Ask fewer people, or import more contacts.",
        )
    try:
        return allocate(proportional_scores(population), total, minimum=least, maximum=population)
    except SamplingError as error:
        raise LimitReached(str(error)) from error


def score_strata(
    method: Method, population: IntArray, share: FloatArray, response: FloatArray, cost: FloatArray
) -> FloatArray:
    """Return the claim A_h of each stratum on *invitations*, by the method of this name.

    `share` is the expected share of the answer asked for, `cost` the seconds that one invitation costs.
    """
    spread = np.sqrt(share * (1.0 - share))
    if method == "neyman":
        return neyman_scores(population, spread)
    if method == "power":
        return power_scores(population, spread / share)
    if method == "cost":
        return invitation_scores(population, spread, response, cost)
    return proportional_scores(population)


def effective_answers(answers: FloatArray, population: IntArray) -> float:
    """Return how many answers of an even sample are worth as much: 1 / sum W_h^2 / n_h.

    It is less than their sum as soon as some strata get more than their part. Strata without anybody in
    them do not count; one with people and without answers leaves nothing at all.
    """
    filled = population > 0
    if not filled.any() or (answers[filled] <= 0).any():
        return 0.0
    weights = population[filled] / population[filled].sum()
    return float(1.0 / np.sum(weights**2 / answers[filled]))


def share_answers(
    scores: FloatArray, needed: int, population: IntArray, *, minimum: IntArray, maximum: IntArray
) -> IntArray:
    """Share answers among strata until they are worth as many as needed, or until nobody is left.

    What goes to small strata beyond their part does little for the whole: it is made up for by more.
    """
    total = max(needed, int(minimum.sum()))
    while True:
        total = min(total, int(maximum.sum()))
        numbers = allocate(scores, total, minimum=minimum, maximum=maximum)
        worth = effective_answers(numbers.astype(np.float64), population)
        if worth >= ROUNDING * needed or total == maximum.sum():
            return numbers
        total = max(total + 1, ceil(total * needed / worth) if worth else total + 1)


def share_planned(planned: IntArray, total: int, population: IntArray) -> IntArray:
    """Share a total as a plan does, never giving a stratum more than the plan, nor more than it has."""
    most = np.minimum(planned, population)
    total = min(total, int(most.sum()))
    return allocate(planned.astype(np.float64), total, minimum=np.zeros_like(most), maximum=most)
