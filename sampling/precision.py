"""Precision and numbers, by one variance rule for price, stopping and results.

Respondents choose themselves, so they are treated as drawn with replacement from those like them: the
variance of a share is deff p(1 - p)/n, with no discount for a finite population. Hence 385 answers for
+-5 points at 95 %, in a borough as in a street.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, sqrt
from statistics import NormalDist

from sampling.errors import SamplingError


def answers_needed(
    margin: float,
    *,
    confidence: float = 0.95,
    share: float = 0.5,
    design_effect: float = 1.0,
    least_asked: float = 1.0,
) -> int:
    """Return the answers needed for a margin of error.

    Parameters
    ----------
    margin : float
        Half the width of the interval, as a share (0.05 for 5 points).
    confidence : float
    share : float
        The share to estimate; 0.5 is the hardest.
    design_effect : float
        How much weighting inflates the variance, 1 or more as a rule.
    least_asked : float
        Share of respondents who get the least-asked block of a split questionnaire.

    Returns
    -------
    int

    Raises
    ------
    SamplingError
        If a number lies outside its range.

    Examples
    --------
    >>> answers_needed(0.05)
    385
    >>> answers_needed(0.05, least_asked=0.4)
    961
    """
    if not 0.0 < margin < 1.0 or not 0.0 < least_asked <= 1.0 or design_effect <= 0.0:
        raise SamplingError(
            "No number of answers gives that precision.",
            expected="0 < margin < 1, 0 < least_asked <= 1, design_effect > 0",
            got=f"margin {margin}, least_asked {least_asked}, design_effect {design_effect}",
        )
    z = _normal_quantile(confidence)
    # 1e-9 forgives a quotient that rounding lifted just over a whole number.
    return ceil(z * z * design_effect * _variance(share) / (margin * margin * least_asked) - 1e-9)


def margin_of_error(
    answers: int, *, confidence: float = 0.95, share: float = 0.5, design_effect: float = 1.0
) -> float:
    """Return the margin of error, as a share, that a number of answers gives.

    Parameters
    ----------
    answers : int
        Answers to the question itself (those of its block).
    confidence, share, design_effect : float

    Returns
    -------
    float

    Raises
    ------
    SamplingError
        If there is no answer.

    Examples
    --------
    >>> round(margin_of_error(385), 4)
    0.0499
    """
    if answers < 1:
        raise SamplingError("There is no margin without answers.", expected="1 or more", got=str(answers))
    return _normal_quantile(confidence) * sqrt(design_effect * _variance(share) / answers)


@dataclass(frozen=True, slots=True)
class ReportingPlan:
    """Which strata will be reported, alone or together, and which cannot be.

    Attributes
    ----------
    groups : tuple of tuple of str
        Each inner tuple is one reported group.
    exempt : tuple of str
        Strata that get no figure of their own; they are asked, and chased for no target.
    """

    groups: tuple[tuple[str, ...], ...]
    exempt: tuple[str, ...]


def plan_reporting(
    reachable: Mapping[str, float], needed: int, *, families: Mapping[str, str] | None = None
) -> ReportingPlan:
    """Merge or exempt, before approval, the strata that cannot reach their precision.

    Strata that reach it stand alone. The others are merged within their family, smallest first, until
    each group reaches it; what is left over joins the family's last group, and where a family's small
    strata do not reach it together, they are exempt.

    Parameters
    ----------
    reachable : mapping of str to float
        Answers each stratum can give: members that can be invited times expected response.
    needed : int
        Answers a group needs, from `answers_needed`.
    families : mapping of str to str, optional
        Which strata may be merged, by a common name. Without it all may.

    Returns
    -------
    ReportingPlan

    Examples
    --------
    >>> plan_reporting({"business": 546.0, "resident": 45.0, "visitor": 14.0, "worker": 360.0}, 385)
    ReportingPlan(groups=(('business',), ('visitor', 'resident', 'worker')), exempt=())
    >>> plan_reporting({"business": 546.0, "resident": 45.0, "visitor": 14.0}, 385)
    ReportingPlan(groups=(('business',),), exempt=('visitor', 'resident'))
    """
    groups: list[tuple[str, ...]] = [(name,) for name, answers in reachable.items() if answers >= needed]
    small: dict[str, list[str]] = {}
    for name in sorted(reachable, key=lambda name: (reachable[name], name)):
        if reachable[name] < needed:
            small.setdefault(families[name] if families else "", []).append(name)
    exempt: list[str] = []
    for names in small.values():
        merged = _merge(names, reachable, needed)
        groups += merged
        if not merged:
            exempt += names
    return ReportingPlan(groups=tuple(groups), exempt=tuple(exempt))


def _merge(names: Sequence[str], reachable: Mapping[str, float], needed: int) -> list[tuple[str, ...]]:
    groups: list[tuple[str, ...]] = []
    waiting: tuple[str, ...] = ()
    for name in names:
        waiting += (name,)
        if sum(reachable[one] for one in waiting) >= needed:
            groups.append(waiting)
            waiting = ()
    if groups:
        groups[-1] += waiting
    return groups


def _normal_quantile(confidence: float) -> float:
    if not 0.0 < confidence < 1.0:
        raise SamplingError("A confidence lies between 0 and 1.", expected="0.95, say", got=str(confidence))
    return NormalDist().inv_cdf(0.5 + confidence / 2.0)


def _variance(share: float) -> float:
    if not 0.0 <= share <= 1.0:
        raise SamplingError("A share lies between 0 and 1.", got=str(share))
    return share * (1.0 - share)
