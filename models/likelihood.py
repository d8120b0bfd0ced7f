"""Response likelihood: the calibrated probability that an invitation is answered.

It says how many to invite, never whom. Logistic regression is the model; curves and boosted trees take its
place only where they are better by more than a standard error on data they were not taught, which is the
future wherever the time is known. The log-odds are then calibrated on those same predictions, and the
intercept on the newest wave, since rates drift (Kern, Weiss and Kolb 2023, JSSAM 11; Platt 1999).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import expit
from threadpoolctl import threadpool_limits

from models import learning
from models.arrays import BoolArray, FloatArray, IntArray
from models.candidates import fit_candidate, log_odds, make_candidate, possible_candidates
from models.errors import ModelError
from models.features import Features
from models.folds import Fold, expanding_folds, predicted_rows, random_folds
from models.scores import TINY, shift_to_rate

LEAST_ROWS = 50
FEW_ROWS = 50_000
"""Up to so many one thread is as fast, and on a busy machine many times faster than threads that wait."""
FOLDS = 5
SLOPES = (0.2, 3.0)
"""A calibration slope outside is chance: it is cut."""
NEWEST_ROWS = 200
"""Rows of the newest period that recalibrate the intercept; fewer say too little, and older ones join."""


@dataclass(frozen=True, slots=True)
class Likelihood:
    """A fitted model.

    Attributes
    ----------
    chosen : str
        One of `candidates.CANDIDATES`.
    model : object
        The fitted candidate.
    slope, intercept : float
        Of the calibration line on the log-odds.
    losses : dict
        Log loss of each candidate on rows it was not taught.
    """

    chosen: str
    model: Any
    slope: float
    intercept: float
    losses: dict[str, float]

    def predict(self, matrix: FloatArray) -> FloatArray:
        """Return the probability of an answer, shape (n,), for rows of shape (n, k)."""
        probability: FloatArray = expit(self.intercept + self.slope * log_odds(self.model, matrix))
        return probability


@dataclass(frozen=True, slots=True)
class History:
    """n invitations whose outcome is known.

    Attributes
    ----------
    features : Features
        As of the moment of the invitation.
    answered : ndarray of bool, shape (n,)
    periods : ndarray of int64, shape (n,), or None
        Number of the wave; None where the time is not known.
    people : ndarray of int64, shape (n,), or None
        Whom each row is of: no person teaches and is predicted at once.
    """

    features: Features
    answered: BoolArray
    periods: IntArray | None = None
    people: IntArray | None = None

    def take(self, rows: IntArray) -> "History":
        """Return some of the rows."""
        return History(
            features=self.features.take(rows),
            answered=self.answered[rows],
            periods=None if self.periods is None else self.periods[rows],
            people=None if self.people is None else self.people[rows],
        )

    def folds(self, *, seed: int) -> list[Fold]:
        """Cut for validation: the future from the past where that is known, else by lot."""
        if self.periods is not None and (ahead := expanding_folds(self.periods, self.answered)):
            return ahead
        return random_folds(self.answered, self.people, count=FOLDS, seed=seed)


def fit_likelihood(history: History, *, stratum: str | None = None, seed: int = 0) -> Likelihood:
    """Choose, fit and calibrate a model.

    Parameters
    ----------
    history : History
        With both outcomes.
    stratum : str, optional
        The feature whose rates are the fallback where data are few.
    seed : int
        The same seed and history give the same model.

    Returns
    -------
    Likelihood

    Raises
    ------
    ModelError
        If there are too few rows or only one outcome.
    """
    check_history(history)
    learning.load()
    with threadpool_limits(None if history.answered.size > FEW_ROWS else 1):
        return _fit(history, stratum, seed)


def _fit(history: History, stratum: str | None, seed: int) -> Likelihood:
    folds = history.folds(seed=seed)
    seen = predicted_rows(folds)
    names = possible_candidates(history.features, history.answered)
    held_out = {name: _predict_held_out(name, history, folds, stratum, seed) for name in names}
    losses = {name: _losses(odds, history.answered[seen]) for name, odds in held_out.items()}
    chosen = choose(losses)
    slope, intercept = _calibrate(held_out[chosen], history, seen, is_free=chosen != "rates")
    model = make_candidate(chosen, history.features, stratum=stratum, seed=seed)
    fit_candidate(model, history.features.matrix, history.answered)
    return Likelihood(
        chosen, model, slope, intercept, {name: float(loss.mean()) for name, loss in losses.items()}
    )


def choose(losses: dict[str, FloatArray]) -> str:
    """Return the first candidate that no later one beats by more than one standard error.

    Parameters
    ----------
    losses : dict
        Log loss of the same rows, shape (m,), by candidate in the order of preference.

    Examples
    --------
    >>> near = np.array([0.5, 0.6, 0.5, 0.6])
    >>> choose({"logistic": near, "boosting": near - np.array([0.02, -0.02, 0.01, 0.0])})
    'logistic'
    >>> choose({"logistic": near, "boosting": near - np.array([0.2, 0.19, 0.21, 0.2])})
    'boosting'
    """
    best, *others = losses
    for name in others:
        gain = losses[best] - losses[name]
        if gain.mean() > gain.std(ddof=1) / np.sqrt(gain.size):
            best = name
    return best


def check_history(history: History) -> None:
    """Refuse a history that nothing can be learned from."""
    rows, answers = history.answered.size, int(history.answered.sum())
    if rows < LEAST_ROWS:
        raise ModelError("There are too few rows to learn from.", expected=f"{LEAST_ROWS}", got=f"{rows}")
    least = FOLDS * 2
    if min(answers, rows - answers) < least:
        raise ModelError(
            "One of the two outcomes is too rare to learn from.",
            expected=f"at least {least} rows with an answer and {least} without",
            got=f"{answers} and {rows - answers}",
        )


def _predict_held_out(
    name: str, history: History, folds: list[Fold], stratum: str | None, seed: int
) -> FloatArray:
    parts = []
    for taught, predicted in folds:
        model = make_candidate(name, history.features, stratum=stratum, seed=seed)
        fit_candidate(model, history.features.matrix[taught], history.answered[taught])
        parts.append(log_odds(model, history.features.matrix[predicted]))
    return np.concatenate(parts)


def _losses(odds: FloatArray, answered: BoolArray) -> FloatArray:
    # log(1 + exp(-s)) with the sign of the outcome, without overflow.
    losses: FloatArray = np.logaddexp(0.0, np.where(answered, -odds, odds))
    return losses


def _calibrate(odds: FloatArray, history: History, seen: IntArray, *, is_free: bool) -> tuple[float, float]:
    """Return slope and intercept of the calibration line, the intercept by the newest rows."""
    answered = history.answered[seen]
    slope = 1.0
    if is_free and np.ptp(odds) > TINY:
        line = learning.LogisticRegression(C=1e6, max_iter=1000).fit(odds[:, None], answered)
        slope = float(np.clip(line.coef_[0, 0], *SLOPES))
    newest = np.ones(seen.size, dtype=np.bool_)
    if history.periods is not None:
        period = history.periods[seen]
        for last in np.unique(period)[::-1].tolist():
            newest = period >= last
            if newest.sum() >= NEWEST_ROWS and 0 < answered[newest].sum() < newest.sum():
                break
    rate = (answered[newest].sum() + 0.5) / (newest.sum() + 1.0)
    return slope, shift_to_rate(np.clip(expit(slope * odds[newest]), TINY, 1 - TINY), float(rate))
