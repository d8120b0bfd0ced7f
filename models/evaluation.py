"""How well the whole procedure would have predicted: choosing, fitting and calibrating within each part."""

from dataclasses import dataclass

import numpy as np

from models.arrays import FloatArray, IntArray
from models.errors import ModelError
from models.folds import expanding_folds, predicted_rows
from models.likelihood import LEAST_ROWS, History, check_history, fit_likelihood
from models.scores import Scores, score


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Scores over rows that were never taught, and the model all rows together would choose.

    Attributes
    ----------
    scores : Scores
        Over the pooled predictions; `base_brier` is that of the rate of the rows taught each time.
    chosen : str
    rows : int
        How many rows the table has.
    predicted : int
        How many of them were predicted: in time-aware evaluation the earliest only teach.
    is_time_aware : bool
    """

    scores: Scores
    chosen: str
    rows: int
    predicted: int
    is_time_aware: bool


@dataclass(frozen=True, slots=True)
class HeldOut:
    """Predictions of m rows by models that were not taught them.

    Attributes
    ----------
    rows : ndarray of int64, shape (m,)
        Their positions.
    probability, base : ndarray of float64, shape (m,)
        What the procedure and what the base rate of its past would have said.
    """

    rows: IntArray
    probability: FloatArray
    base: FloatArray


def evaluate(history: History, *, stratum: str | None = None, seed: int = 0) -> Evaluation:
    """Evaluate by nested validation: the future from the past where the time is known, else by lot.

    Parameters
    ----------
    history : History
    stratum : str, optional
    seed : int

    Returns
    -------
    Evaluation

    Raises
    ------
    ModelError
        If there are too few rows, one outcome is too rare, or no later time can be predicted.
    """
    check_history(history)
    held = hold_out(history, stratum=stratum, seed=seed)
    answered = history.answered[held.rows]
    if answered.all() or not answered.any():
        raise ModelError("The predicted rows have only one outcome, so nothing can be scored.")
    return Evaluation(
        scores=score(held.probability, answered, held.base),
        chosen=fit_likelihood(history, stratum=stratum, seed=seed).chosen,
        rows=history.answered.size,
        predicted=held.rows.size,
        is_time_aware=history.periods is not None,
    )


def hold_out(
    history: History, *, stratum: str | None = None, seed: int = 0, newest: int | None = None
) -> HeldOut:
    """Predict rows by models that were not taught them: the future from its past where the time is known.

    Parameters
    ----------
    history : History
    stratum : str, optional
    seed : int
    newest : int, optional
        Only so many of the newest periods are predicted.

    Returns
    -------
    HeldOut

    Raises
    ------
    ModelError
        If no later time can be predicted.
    """
    folds = history.folds(seed=seed)
    if history.periods is not None:
        ahead = expanding_folds(history.periods, history.answered)
        folds = [(taught, predicted) for taught, predicted in ahead if _can_teach(history, taught)]
        folds = folds[-newest:] if newest else folds
        if not folds:
            raise ModelError(
                "No later time can be predicted from an earlier one.",
                expected=f"two times or more, the earlier with {LEAST_ROWS} rows and both outcomes",
                hint="Leave --time out to evaluate by lot.",
            )
    predictions: list[FloatArray] = []
    base: list[FloatArray] = []
    for place, (taught, predicted) in enumerate(folds):
        fitted = fit_likelihood(history.take(taught), stratum=stratum, seed=seed + place)
        predictions.append(fitted.predict(history.features.matrix[predicted]))
        base.append(np.full(predicted.size, history.answered[taught].mean()))
    return HeldOut(predicted_rows(folds), np.concatenate(predictions), np.concatenate(base))


def _can_teach(history: History, taught: np.ndarray) -> bool:
    try:
        check_history(history.take(taught))
    except ModelError:
        return False
    return True
