"""Allocation: how many of each stratum, exactly optimal in whole numbers.

Minimise sum A_h^2 / n_h with n_h between a minimum and a maximum and a given sum. The greedy rule (give
the next member to the largest A_h / sqrt(n_h (n_h + 1))) reaches the optimum because each term is convex.
Sources: Wright, T. (2012), The equivalence of Neyman optimum allocation for sampling and equal proportions
for apportioning the U.S. House of Representatives, The American Statistician 66; Wright (2017), Exact
optimal sample allocation, Statistics & Probability Letters 129; Bankier, M. D. (1988), Power allocations,
The American Statistician 42.
"""

import heapq

import numpy as np

from sampling.arrays import FloatArray, IntArray
from sampling.errors import SamplingError


def proportional_scores(population: IntArray) -> FloatArray:
    """Score strata by size: A_h = N_h.

    Parameters
    ----------
    population : ndarray of int64, shape (H,)

    Returns
    -------
    ndarray of float64, shape (H,)

    Examples
    --------
    >>> proportional_scores(np.array([3740, 2260])).tolist()
    [3740.0, 2260.0]
    """
    return population.astype(np.float64)


def neyman_scores(population: IntArray, spread: FloatArray) -> FloatArray:
    """Score strata for the smallest variance of the overall mean: A_h = N_h S_h.

    Parameters
    ----------
    population : ndarray of int64, shape (H,)
    spread : ndarray of float64, shape (H,)
        S_h, the standard deviation of the answer in each stratum (0.5 at most for a share).

    Returns
    -------
    ndarray of float64, shape (H,)

    Examples
    --------
    >>> neyman_scores(np.array([3740, 2260]), np.array([0.35, 0.4])).tolist()
    [1309.0, 904.0]
    """
    return population * spread


def power_scores(size: IntArray, variation: FloatArray, *, exponent: float = 0.5) -> FloatArray:
    """Score strata for reporting each of them: A_h = X_h^q CV_h.

    Parameters
    ----------
    size : ndarray of int64, shape (H,)
        X_h, the importance of each stratum; its population, usually.
    variation : ndarray of float64, shape (H,)
        CV_h, the coefficient of variation of the answer.
    exponent : float
        q: 1 is Neyman's allocation, 0 gives every stratum the same precision.

    Returns
    -------
    ndarray of float64, shape (H,)

    Examples
    --------
    >>> power_scores(np.array([100, 400]), np.array([0.48, 0.5])).tolist()
    [4.8, 10.0]
    """
    return size.astype(np.float64) ** exponent * variation


def invitation_scores(
    population: IntArray, spread: FloatArray, response: FloatArray, cost: float | FloatArray = 1.0
) -> FloatArray:
    """Score strata for spending *invitations*: A_h = N_h S_h / sqrt(r_h c_h).

    Parameters
    ----------
    population : ndarray of int64, shape (H,)
    spread : ndarray of float64, shape (H,)
    response : ndarray of float64, shape (H,)
        r_h, expected share of invitations answered.
    cost : float or ndarray of float64, shape (H,)
        c_h, cost of one invitation in any unit.

    Returns
    -------
    ndarray of float64, shape (H,)

    Raises
    ------
    SamplingError
        If a response or cost is not positive.

    Examples
    --------
    >>> invitation_scores(np.array([100]), np.array([0.5]), np.array([0.25])).tolist()
    [100.0]
    """
    if (response <= 0.0).any() or (np.asarray(cost) <= 0.0).any():
        raise SamplingError(
            "Expected response and cost must be positive.",
            got=f"response {response.tolist()}, cost {np.asarray(cost).tolist()}",
            hint="Shrink response rates first (invitations.shrink_response).",
        )
    return population * spread / np.sqrt(response * cost)


def allocate(scores: FloatArray, total: int, *, minimum: IntArray, maximum: IntArray) -> IntArray:
    """Share a total among strata so that sum A_h^2 / n_h is as small as whole numbers allow.

    Parameters
    ----------
    scores : ndarray of float64, shape (H,)
        A_h, from one of the functions above.
    total : int
        Members (or invitations) to share out.
    minimum, maximum : ndarray of int64, shape (H,)
        Bounds of n_h; the maximum is N_h at most.

    Returns
    -------
    ndarray of int64, shape (H,)
        n_h, summing to `total`. Of equal claims the first stratum is served first.

    Raises
    ------
    SamplingError
        If a bound is crossed, or the total does not lie between the sums of the bounds.

    Examples
    --------
    >>> ones, many = np.ones(4, dtype=np.int64), np.array([3740, 2260, 309, 100])
    >>> allocate(proportional_scores(many), 40, minimum=ones, maximum=many).tolist()
    [23, 14, 2, 1]
    """
    _check_bounds(scores, total, minimum, maximum)
    numbers: list[int] = minimum.tolist()
    limits: list[int] = maximum.tolist()
    squares: list[float] = (scores * scores).tolist()

    def claim(stratum: int) -> tuple[bool, float, int]:
        # A scored stratum without anybody has no variance at all: it comes before every other.
        held = numbers[stratum]
        gain = squares[stratum] / (held * (held + 1)) if held else squares[stratum]
        return (held > 0 or scores[stratum] == 0.0, -gain, stratum)

    queue = [claim(stratum) for stratum in range(len(numbers)) if numbers[stratum] < limits[stratum]]
    heapq.heapify(queue)
    for _ in range(total - sum(numbers)):
        stratum = queue[0][-1]
        numbers[stratum] += 1
        if numbers[stratum] < limits[stratum]:
            heapq.heapreplace(queue, claim(stratum))
        else:
            heapq.heappop(queue)
    return np.array(numbers, dtype=np.int64)


def allocation_loss(scores: FloatArray, numbers: IntArray) -> float:
    """Return sum A_h^2 / n_h, what `allocate` makes small; infinite where a scored stratum gets nobody.

    Parameters
    ----------
    scores : ndarray of float64, shape (H,)
    numbers : ndarray of int64, shape (H,)

    Returns
    -------
    float

    Examples
    --------
    >>> allocation_loss(np.array([2.0, 3.0]), np.array([1, 3]))
    7.0
    """
    scored = scores > 0
    if (numbers[scored] == 0).any():
        return float("inf")
    return float(np.sum(scores[scored] ** 2 / numbers[scored]))


def _check_bounds(scores: FloatArray, total: int, minimum: IntArray, maximum: IntArray) -> None:
    if not np.isfinite(scores).all() or (scores < 0.0).any():
        raise SamplingError("Scores must be 0 or more.", got=str(scores.tolist()))
    if (minimum < 0).any() or (minimum > maximum).any():
        raise SamplingError(
            "A stratum's minimum is above its maximum.",
            got=f"minimum {minimum.tolist()}, maximum {maximum.tolist()}",
            hint="Lower the minimum, or merge the stratum with another.",
        )
    least, most = int(minimum.sum()), int(maximum.sum())
    if not least <= total <= most:
        raise SamplingError(
            "The total cannot be shared within the bounds.",
            expected=f"between {least} and {most}",
            got=str(total),
            hint="Change the total, or the bounds of the strata.",
        )
