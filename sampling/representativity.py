"""How evenly those who were asked have answered: R-indicator, coefficient of variation, and who is missing.

With the propensities of categories of known variables: rho of a person is the answering share of everybody
like them, by logistic regression on the variables, without penalty (Schouten, Cobben and Bethlehem 2009,
Survey Methodology 35). R = 1 - 2 S(rho) flatters a low response, where nothing can vary much; the
coefficient of variation S(rho)/mean(rho) does not, and stands beside it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from sampling.arrays import BoolArray, FloatArray, IntArray
from sampling.errors import SamplingError

_STEPS = 100
_SMALL = 1e-10
_FAR = 20.0
"""Log-odds beyond which a propensity is 0 or 1 for every purpose."""
_LONGEST_STEP = 2.0


@dataclass(frozen=True, slots=True)
class CategoryGap:
    """One category of a variable.

    Attributes
    ----------
    people : int
        Asked.
    rate : float
        Share of them who answered.
    partial : float
        Its part of the variation, signed: below zero who is missing (Schouten, Shlomo and Skinner 2011,
        J Off Stat 27). The root of the share of people times the distance of rates.
    """

    people: int
    rate: float
    partial: float


@dataclass(frozen=True, slots=True)
class Representativity:
    """Of n people who were asked.

    Attributes
    ----------
    r_indicator : float
        1 where everybody answered alike, adjusted for bias.
    r_unadjusted : float
    cv : float
        S(rho)/mean(rho), adjusted for bias; the lower the better.
    rate : float
    by_variable : dict
        Variable to its unconditional partial indicator, the root of the variance between its categories.
    by_category : dict
        Variable to category to its gap.
    """

    r_indicator: float
    r_unadjusted: float
    cv: float
    rate: float
    by_variable: dict[str, float]
    by_category: dict[str, dict[str, CategoryGap]]


def represent(
    answered: BoolArray, variables: Mapping[str, Sequence[str]], *, population: int | None = None
) -> Representativity:
    """Measure how evenly people answered over known variables.

    Parameters
    ----------
    answered : ndarray of bool, shape (n,)
        Of everybody who was asked, with equal weight.
    variables : mapping of str to sequence of str, each of length n
        Categories known of everybody asked.
    population : int, optional
        Whom the n were drawn from by equal chances; None where everybody was asked.

    Returns
    -------
    Representativity

    Raises
    ------
    SamplingError
        If nobody or everybody answered, or a variable is not known of everybody.

    Examples
    --------
    >>> answered = np.array([True, False, False, False] * 50 + [True, True, False, False] * 50)
    >>> found = represent(answered, {"audience": ["worker"] * 200 + ["resident"] * 200})
    >>> round(found.r_unadjusted, 3), round(found.by_variable["audience"], 3)
    (0.75, 0.125)
    >>> found.by_category["audience"]["worker"].partial < 0
    True
    """
    _check(answered, variables)
    design = _dummies(list(variables.values()), answered.size)
    beta, information = _fit(design, answered)
    rho = expit(np.clip(design @ beta, -_FAR, _FAR))
    spread = float(np.var(rho))
    # The estimate of a propensity errs by chance, and squares never cancel: their mean is taken off
    # (Shlomo, Skinner and Schouten 2012, J Stat Plan Inference 142).
    slope = (rho * (1.0 - rho))[:, None] * design
    chance = float(np.einsum("ij,jk,ik->", slope, np.linalg.pinv(information), slope)) / answered.size
    drawn = 1.0 + 1.0 / answered.size - 1.0 / (population or answered.size)
    deviation, raw = np.sqrt(max(drawn * spread - chance, 0.0)), np.sqrt(spread)
    rate = float(answered.mean())
    gaps = {name: _gaps(np.asarray(values), answered, rate) for name, values in variables.items()}
    return Representativity(
        r_indicator=float(1.0 - 2.0 * deviation),
        r_unadjusted=float(1.0 - 2.0 * raw),
        cv=float(deviation / rate),
        rate=rate,
        by_variable={
            name: float(np.sqrt(sum(one.partial**2 for one in found.values())))
            for name, found in gaps.items()
        },
        by_category=gaps,
    )


def _check(answered: BoolArray, variables: Mapping[str, Sequence[str]]) -> None:
    if not answered.any() or answered.all():
        raise SamplingError(
            "Nobody, or everybody, answered: there is nothing to compare.",
            expected="some of each",
            got=f"{int(answered.sum())} of {answered.size}",
        )
    wrong = [name for name, values in variables.items() if len(values) != answered.size]
    if wrong or not variables:
        raise SamplingError(
            "Representativity needs variables that are known of everybody who was asked.",
            expected=f"{answered.size} values each",
            got=", ".join(f"{name}: {len(variables[name])}" for name in wrong) or "no variable",
        )


def _dummies(variables: Sequence[Sequence[str]], size: int) -> FloatArray:
    columns = [np.ones(size)]
    for values in variables:
        codes: IntArray = np.unique(np.asarray(values), return_inverse=True)[1].astype(np.int64)
        columns += [(codes == code).astype(np.float64) for code in range(1, int(codes.max()) + 1)]
    return np.column_stack(columns)


def _fit(design: FloatArray, answered: BoolArray) -> tuple[FloatArray, FloatArray]:
    """Return the coefficients of logistic regression and their information, by Newton's steps.

    A category in which nobody or everybody answered has no finite coefficient; the steps then end where
    its propensity is as good as 0 or 1, which is what is wanted.
    """
    beta = np.zeros(design.shape[1])
    for _ in range(_STEPS):
        rho = expit(np.clip(design @ beta, -_FAR, _FAR))
        information = design.T @ ((rho * (1.0 - rho))[:, None] * design)
        step = np.linalg.pinv(information, hermitian=True) @ (design.T @ (answered - rho))
        # Full steps overshoot where a category is all yes or all no.
        step *= min(1.0, _LONGEST_STEP / max(float(np.abs(step).max()), _SMALL))
        beta += step
        if float(np.abs(rho - expit(np.clip(design @ beta, -_FAR, _FAR))).max()) < _SMALL:
            break
    return beta, information


def _gaps(values: np.ndarray, answered: BoolArray, rate: float) -> dict[str, CategoryGap]:
    names, codes = np.unique(values, return_inverse=True)
    people = np.bincount(codes)
    rates = np.bincount(codes, weights=answered) / people
    partial = np.sqrt(people / answered.size) * (rates - rate)
    return {
        str(name): CategoryGap(people=int(size), rate=float(one), partial=float(part))
        for name, size, one, part in zip(names, people, rates, partial, strict=True)
    }
