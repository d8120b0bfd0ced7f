"""What one more ask costs, from people whose rests were drawn by lot; or that it cannot be told yet.

The outcome of an invitation (answered, refused) is regressed on the recent load of the person, within
waves: waves differ in subject and season, and everybody in one wave shares those. The load counts earlier
invitations, each fading with its age. Where rests are drawn by lot the load is independent of how willing
somebody is, so the slope is causal. Standard errors are clustered by person (CR1: Cameron and Miller 2015,
"A practitioner's guide to cluster-robust inference", Journal of Human Resources 50), the interval uses
Student's t with clusters - 1 degrees of freedom.

It refuses where the design does not identify the effect. When the load hardly varies, as under pure
rotation, nothing can be seen. When waits do not follow the lots, something else decided whom to ask: under
targeting the slope has the wrong sign, because the willing get more mail. As a placebo, the wait until the
next invitation may not go with what became of this one.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import scipy  # its parts are loaded when they are first named

from models.arrays import BoolArray, FloatArray, IntArray

Verdict = Literal["measured", "cannot_tell"]
Reason = Literal["", "too_few", "load_hardly_varies", "not_by_lot", "load_goes_with_willingness"]

FADES_DAYS = 60.0
"""An invitation counts 1 on its day, 1/e this many days later."""
LEAST_PEOPLE = 50
LEAST_INVITATIONS = 200
LEAST_SPREAD = 0.07
"""Standard deviation of the load within waves below which nothing can be seen: 0.06 was measured under pure
rotation, 0.08 to 0.09 follow from rests drawn evenly from 60 to 300 days."""
LEAST_OBEDIENCE = 0.5
"""Correlation of the waits with the lots below which it was something else that decided them."""
MOST_T = 3.0
"""Of the test whether the next wait goes with the answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FatigueEffect:
    """Change of the outcome's probability for one whole unit of recent load."""

    verdict: Verdict
    reason: Reason
    effect: float
    standard_error: float
    low: float
    high: float
    invitations: int
    people: int
    spread: float
    """Standard deviation of the load within waves."""
    obedience: float
    """Correlation, within waves, of how long people waited with the rests that were drawn for them."""
    balance_t: float
    """How strongly the next wait goes with the answer, in standard errors."""


def recent_load(*, person: IntArray, day: IntArray, fades_days: float = FADES_DAYS) -> FloatArray:
    """Sum for each invitation the earlier ones of the same person, each weighing exp(-age / fades_days).

    Parameters
    ----------
    person, day : ndarray of int64, shape (n,)
        In any order; invitations of one person on one day do not count for each other.
    fades_days : float

    Returns
    -------
    ndarray of float64, shape (n,)

    Examples
    --------
    >>> recent_load(person=np.array([1, 1, 2]), day=np.array([0, 60, 60])).round(3).tolist()
    [0.0, 0.368, 0.0]
    """
    order = np.lexsort((day, person))
    who, when = person[order], day[order].astype(np.float64)
    size = who.size
    place = np.arange(size)
    is_first = np.ones(size, dtype=np.bool_)
    is_first[1:] = who[1:] != who[:-1]
    # By rank: as many steps as the busiest person has invitations.
    rank = place - np.maximum.accumulate(np.where(is_first, place, 0))
    load, with_own = np.zeros(size), np.ones(size)
    for step in range(1, int(rank.max(initial=0)) + 1):
        now = np.flatnonzero(rank == step)
        before = now - 1
        gap = when[now] - when[before]
        faded = with_own[before] * np.exp(-gap / fades_days)
        load[now] = np.where(gap == 0, load[before], faded)
        with_own[now] = faded + 1
    result = np.empty(size)
    result[order] = load
    return result


def estimate_fatigue(
    *,
    outcome: BoolArray,
    load: FloatArray,
    wave: IntArray,
    person: IntArray,
    day: IntArray,
    lot: IntArray,
    confidence: float = 0.95,
) -> FatigueEffect:
    """Estimate the effect of recent load on an outcome, or say why it cannot be told.

    Parameters
    ----------
    outcome : ndarray of bool, shape (n,)
        What became of each invitation of people whose rests were drawn by lot.
    load : ndarray of float64, shape (n,)
        From `recent_load`, over all invitations these people got.
    wave, person, day : ndarray of int64, shape (n,)
    lot : ndarray of int64, shape (n,)
        Days of rest that were drawn for the person after the invitation *before* this one; any number for
        the first of each person.
    confidence : float

    Returns
    -------
    FatigueEffect
        Its numbers are not a number where there are too few invitations to work them out.
    """
    used = load > 0  # newcomers have no rest that was drawn
    people = np.unique(person[used])
    if used.sum() < LEAST_INVITATIONS or people.size < LEAST_PEOPLE:
        return _cannot_tell("too_few", int(used.sum()), people.size)
    y, x = _within(outcome[used].astype(np.float64), wave[used]), _within(load[used], wave[used])
    cluster = np.unique(person[used], return_inverse=True)[1]
    spread = float(x.std())
    if spread < LEAST_SPREAD:
        return _cannot_tell("load_hardly_varies", int(used.sum()), people.size, spread=spread)
    obedience = _obedience(wave, person, day, lot)
    if obedience < LEAST_OBEDIENCE:
        return _cannot_tell("not_by_lot", int(used.sum()), people.size, spread=spread, obedience=obedience)
    slope, error = _slope(y, x, cluster)
    balance = _balance(outcome, load, wave, person, day)
    half = float(scipy.stats.t.ppf((1 + confidence) / 2, people.size - 1)) * error
    is_targeted = abs(balance) > MOST_T
    return FatigueEffect(
        verdict="cannot_tell" if is_targeted else "measured",
        reason="load_goes_with_willingness" if is_targeted else "",
        effect=slope,
        standard_error=error,
        low=slope - half,
        high=slope + half,
        invitations=int(used.sum()),
        people=people.size,
        spread=spread,
        obedience=obedience,
        balance_t=balance,
    )


def _obedience(wave: IntArray, person: IntArray, day: IntArray, lot: IntArray) -> float:
    """Correlate, within waves, the waits since the invitation before with the lots."""
    order = np.lexsort((day, person))
    follows = np.zeros(order.size, dtype=np.bool_)
    follows[1:] = person[order][1:] == person[order][:-1]
    now = order[follows]
    before = order[np.flatnonzero(follows) - 1]
    waits = _within((day[now] - day[before]).astype(np.float64), wave[now])
    lots = _within(lot[now].astype(np.float64), wave[now])
    size = float(np.sqrt((waits @ waits) * (lots @ lots)))
    return float(waits @ lots) / size if size > 0 else 0.0


def _balance(outcome: BoolArray, load: FloatArray, wave: IntArray, person: IntArray, day: IntArray) -> float:
    """Return Student's t of the wait until the next invitation on what became of this one.

    A placebo: a rest drawn by lot knows neither the answer before it nor who gave it. Where the willing are
    asked sooner again, the wait is shorter after an answer. What load does to both is taken out first.
    """
    order = np.lexsort((day, person))
    is_followed = np.zeros(order.size, dtype=np.bool_)
    is_followed[:-1] = person[order][1:] == person[order][:-1]
    now = order[is_followed]
    after = order[np.flatnonzero(is_followed) + 1]
    wait = (day[after] - day[now]).astype(np.float64)
    if now.size < LEAST_INVITATIONS:
        return 0.0
    waits, outcomes = _within(wait, wave[now]), _within(outcome[now].astype(np.float64), wave[now])
    loads = _within(load[now], wave[now])
    if loads @ loads > 0:
        waits -= loads * (loads @ waits) / (loads @ loads)
        outcomes -= loads * (loads @ outcomes) / (loads @ loads)
    if not (waits @ waits > 0 and outcomes @ outcomes > 0):
        return 0.0
    slope, error = _slope(waits, outcomes, np.unique(person[now], return_inverse=True)[1])
    return slope / error if error > 0 else 0.0


def _within(values: FloatArray, wave: IntArray) -> FloatArray:
    """Take the mean of its wave from each value."""
    code = np.unique(wave, return_inverse=True)[1]
    mean = np.bincount(code, weights=values) / np.bincount(code)
    centred: FloatArray = values - mean[code]
    return centred


def _slope(y: FloatArray, x: FloatArray, cluster: IntArray) -> tuple[float, float]:
    """Least squares of y on x through nought, with the cluster-robust standard error CR1."""
    squares = float(x @ x)
    slope = float(x @ y) / squares
    scores = np.bincount(cluster, weights=x * (y - slope * x))
    groups, size = scores.size, y.size
    correction = groups / (groups - 1) * (size - 1) / (size - 2)
    return slope, float(np.sqrt(correction * (scores @ scores))) / squares


def _cannot_tell(
    reason: Reason, invitations: int, people: int, *, spread: float = 0.0, obedience: float = 0.0
) -> FatigueEffect:
    nothing = float("nan")
    return FatigueEffect(
        verdict="cannot_tell",
        reason=reason,
        effect=nothing,
        standard_error=nothing,
        low=nothing,
        high=nothing,
        invitations=invitations,
        people=people,
        spread=spread,
        obedience=obedience,
        balance_t=0.0,
    )
