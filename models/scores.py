"""How good probabilities are: can they tell people apart, and do they mean what they say."""

from dataclasses import dataclass

import numpy as np
import scipy  # its parts are loaded when they are first named
from scipy.special import expit, logit

from models import learning
from models.arrays import BoolArray, FloatArray

BINS = 10
TINY = 1e-6
"""No probability is nearer to 0 or 1 than this: a log of nothing would rule a whole score."""


@dataclass(frozen=True, slots=True)
class Scores:
    """Scores of n probabilities against what happened.

    Attributes
    ----------
    auc : float
        Chance that somebody who answered has the higher probability; 0.5 is guessing.
    brier, base_brier : float
        Mean squared error; and that of giving everybody the base rate.
    log_loss : float
        Natural logarithm.
    ece : float
        Expected calibration error over `BINS` groups of equal size.
    slope, intercept : float
        Of the calibration line on the log-odds (1 and 0 are right); the intercept with the slope held at 1,
        which is calibration in the large (Van Calster et al. 2019, BMC Medicine 17:230).
    """

    auc: float
    brier: float
    log_loss: float
    ece: float
    slope: float
    intercept: float
    base_brier: float


def score(probability: FloatArray, answered: BoolArray, base: FloatArray | None = None) -> Scores:
    """Score probabilities.

    Parameters
    ----------
    probability : ndarray of float64, shape (n,)
    answered : ndarray of bool, shape (n,)
        Both outcomes must occur.
    base : ndarray of float64, shape (n,), optional
        What a base rate known at the time would have said; the rate of these n without it.

    Returns
    -------
    Scores

    Examples
    --------
    >>> answered = np.array([False, True, False, True])
    >>> found = score(np.array([0.2, 0.8, 0.4, 0.6]), answered)
    >>> found.auc, round(found.brier, 3), found.base_brier
    (1.0, 0.1, 0.25)
    """
    p = np.clip(probability, TINY, 1 - TINY)
    flat = np.full(p.shape, answered.mean()) if base is None else base
    return Scores(
        auc=float(learning.roc_auc_score(answered, p)),
        brier=float(learning.brier_score_loss(answered, p)),
        log_loss=float(learning.log_loss(answered, p)),
        ece=calibration_error(p, answered),
        slope=_slope(p, answered),
        intercept=shift_to_rate(p, float(answered.mean())),
        base_brier=float(np.mean((flat - answered) ** 2)),
    )


def calibration_error(probability: FloatArray, answered: BoolArray, bins: int = BINS) -> float:
    """Return the mean distance of probability and rate over groups of equal size.

    Parameters
    ----------
    probability : ndarray of float64, shape (n,)
    answered : ndarray of bool, shape (n,)
    bins : int

    Returns
    -------
    float
        Small samples cannot reach 0: with n rows about 0.8 sqrt(p (1 - p) bins / n) is noise.

    Examples
    --------
    >>> calibration_error(np.full(4, 0.25), np.array([True, False, False, False]), bins=1)
    0.0
    """
    groups = np.array_split(np.argsort(probability, kind="stable"), min(bins, probability.size))
    gaps = [abs(float(probability[one].mean() - answered[one].mean())) * one.size for one in groups]
    return sum(gaps) / probability.size


def shift_to_rate(probability: FloatArray, rate: float) -> float:
    """Return what has to be added to the log-odds for the mean probability to be a rate.

    Parameters
    ----------
    probability : ndarray of float64, shape (n,)
        Between 0 and 1, neither of them.
    rate : float
        Strictly between 0 and 1.

    Returns
    -------
    float

    Examples
    --------
    >>> round(shift_to_rate(np.array([0.5, 0.5]), 0.75), 6)
    1.098612
    """
    odds = logit(probability)
    return float(scipy.optimize.brentq(lambda shift: float(expit(odds + shift).mean()) - rate, -30.0, 30.0))


def _slope(probability: FloatArray, answered: BoolArray) -> float:
    odds = logit(probability)
    if np.ptp(odds) < TINY:
        return 0.0
    line = learning.LogisticRegression(C=1e6, max_iter=1000).fit(odds[:, None], answered)
    return float(line.coef_[0, 0])
