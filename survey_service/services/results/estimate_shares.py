"""Weighted shares and means with 95 % intervals, from sums by layer.

Respondents choose themselves, so each layer's are treated as drawn with replacement: no finite-population
correction. The variance is that of the linearised ratio, with everybody outside the question's base at 0.
"""

from math import sqrt
from statistics import NormalDist

import msgspec
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

_Z = NormalDist().inv_cdf(0.975)


class Interval(msgspec.Struct, frozen=True, kw_only=True):
    """An estimate and its 95 % interval."""

    value: float
    low: float
    high: float


def estimate_shares(*, answers: Floats, base: Floats, options: Floats) -> list[Interval]:
    """The weighted share of each option.

    `answers` holds per layer (H) how many answered the survey at all; `base` (H, 3) of those who answered
    the question their number, the sum of their weights and of the squares; `options` (K, H, 3) the same of
    those who chose each option. The interval is Wilson's with the effective size of the base in place of
    its size and Student's t in place of the normal quantile; it stays inside 0 to 1 and holds at 0 and 1.
    """
    n, w, w2 = base.T
    whole = float(w.sum())
    shares = options[:, :, 1].sum(axis=1) / whole
    p = shares[:, None]
    sums = (options[:, :, 1] - p * w) / whole
    squares = (options[:, :, 2] * (1 - 2 * p) + p * p * w2) / whole**2
    variances = _variance(answers, sums, squares)
    size = float(n.sum())
    kish = whole**2 / float(w2.sum())
    t = student_quantile(_degrees(n))
    return [
        _wilson(float(share), _effective_size(float(share), float(variance), size, kish), t)
        for share, variance in zip(shares, variances, strict=True)
    ]


def estimate_mean(*, answers: Floats, base: Floats, products: Floats) -> Interval:
    """The weighted mean; `products` (H, 3) holds the sums of wy, w²y and w²y², the rest is as above."""
    n, w, w2 = base.T
    wy, w2y, w2y2 = products.T
    whole = float(w.sum())
    mean = float(wy.sum()) / whole
    sums = (wy - mean * w) / whole
    squares = (w2y2 - 2 * mean * w2y + mean * mean * w2) / whole**2
    variance = float(_variance(answers, sums[None, :], squares[None, :])[0])
    half = student_quantile(_degrees(n)) * sqrt(max(variance, 0.0))
    return Interval(value=mean, low=mean - half, high=mean + half)


def student_quantile(degrees: float) -> float:
    """The 0.975 quantile of Student's t, by the expansion of Abramowitz and Stegun, 26.7.5.

    From 3 degrees on it is within 0.03 of the exact value, from 10 within 0.001; fewer count as 3.
    """
    df, z = max(degrees, 3.0), _Z
    return (
        z
        + (z**3 + z) / (4 * df)
        + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * df**2)
        + (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * df**3)
    )


def _variance(answers: Floats, sums: Floats, squares: Floats) -> Floats:
    """Per row of (K, H). A layer with one answer has no spread; it counts with its distance to 0."""
    lonely = answers <= 1
    factor = np.where(lonely, 1.0, answers / np.maximum(answers - 1, 1))
    centred = squares - np.where(lonely, 0.0, sums**2 / np.maximum(answers, 1))
    total: Floats = (factor * centred).sum(axis=1)
    return total


def _degrees(n: Floats) -> float:
    return float(n.sum()) - int(np.count_nonzero(n))


def _effective_size(share: float, variance: float, size: float, kish: float) -> float:
    if 0 < share < 1 and variance > 0:
        return min(size, share * (1 - share) / variance)
    return min(size, kish)


def _wilson(share: float, size: float, t: float) -> Interval:
    spread = t * t / size
    centre = (share + spread / 2) / (1 + spread)
    half = sqrt(max(share * (1 - share) * spread + spread * spread / 4, 0.0)) / (1 + spread)
    return Interval(value=share, low=max(centre - half, 0.0), high=min(centre + half, 1.0))
