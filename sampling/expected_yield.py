"""How many answers a number of invitations will bring: an interval, since nobody knows the number."""

from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln

from sampling.arrays import FloatArray, IntArray

NORMAL_95 = 1.959963984540054


@dataclass(frozen=True, slots=True, kw_only=True)
class Yield:
    """Answers of H strata, and of all of them together.

    Attributes
    ----------
    low, high : ndarray of int64, shape (H,)
        Bounds of the central 95 %.
    total_low, total_high : int
    """

    low: IntArray
    high: IntArray
    total_low: int
    total_high: int


def expect_yield(
    invitations: IntArray, rate: FloatArray, own_spread: FloatArray, wave_spread: FloatArray
) -> Yield:
    """Return 95 % intervals of the answers.

    In a stratum answers follow a beta-binomial with the mean rate and the variance of both spreads. For the
    total the strata's own spreads are independent, and the wave's is the same for all of them.

    Parameters
    ----------
    invitations : ndarray of int64, shape (H,)
    rate : ndarray of float64, shape (H,)
        Expected share answered.
    own_spread, wave_spread : ndarray of float64, shape (H,)
        Standard deviations of that share.

    Returns
    -------
    Yield

    Examples
    --------
    >>> sure = np.zeros(1)
    >>> found = expect_yield(np.array([1000]), np.array([0.2]), sure, sure)
    >>> found.low.tolist(), found.high.tolist()
    ([176], [225])
    >>> unsure = expect_yield(np.array([1000]), np.array([0.2]), sure, np.array([0.03]))
    >>> bool(unsure.low[0] < 160 and unsure.high[0] > 240)
    True
    """
    spread = np.sqrt(own_spread**2 + wave_spread**2)
    bounds = [_bounds(int(n), float(r), float(s)) for n, r, s in zip(invitations, rate, spread, strict=True)]
    n = invitations.astype(np.float64)
    variance = float(np.sum(n * rate * (1.0 - rate)) + np.sum((n * own_spread) ** 2))
    deviation = np.sqrt(variance + float(np.sum(n * wave_spread)) ** 2)
    expected, most = float(np.sum(n * rate)), int(invitations.sum())
    return Yield(
        low=np.array([low for low, _ in bounds], dtype=np.int64),
        high=np.array([high for _, high in bounds], dtype=np.int64),
        total_low=max(0, int(np.floor(expected - NORMAL_95 * deviation))),
        total_high=min(most, int(np.ceil(expected + NORMAL_95 * deviation))),
    )


def _bounds(n: int, rate: float, spread: float) -> tuple[int, int]:
    if n == 0 or not 0.0 < rate < 1.0:
        certain = round(n * rate)
        return certain, certain
    k = np.arange(n + 1)
    # With so large a and b the beta is a point and the distribution the binomial.
    total = min(rate * (1.0 - rate) / max(spread, 1e-9) ** 2 - 1.0, 1e9)
    a, b = max(rate * total, 1e-3), max((1.0 - rate) * total, 1e-3)
    log_mass = (
        gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)
        + gammaln(k + a) - gammaln(a) + gammaln(n - k + b) - gammaln(b)
        + gammaln(a + b) - gammaln(n + a + b)
    )  # fmt: skip
    below = np.cumsum(np.exp(log_mass))
    below /= below[-1]
    return int(np.searchsorted(below, 0.025)), int(np.searchsorted(below, 0.975))
