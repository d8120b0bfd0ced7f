"""Which rows teach and which are predicted: by lot, or only ever the future from the past."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from models import learning
from models.arrays import BoolArray, IntArray

Fold = tuple[IntArray, IntArray]
"""Positions of the rows that teach, and of those that are predicted."""

MOST_PERIODS = 8
LEAST_TAUGHT = 0.3
"""Share of the rows that must lie before the first predicted period."""


def random_folds(answered: BoolArray, groups: IntArray | None, *, count: int, seed: int) -> list[Fold]:
    """Cut rows by lot, each outcome and every group (a person) wholly on one side.

    Rows are shuffled: files are often in an order that tells the outcome.

    Parameters
    ----------
    answered : ndarray of bool, shape (n,)
    groups : ndarray of int64, shape (n,), optional
    count : int
    seed : int

    Returns
    -------
    list of Fold

    Examples
    --------
    >>> folds = random_folds(np.array([True, False] * 10), None, count=5, seed=1)
    >>> sorted(np.concatenate([predicted for _, predicted in folds]).tolist()) == list(range(20))
    True
    """
    rows = np.zeros(answered.size)
    if groups is None:
        splits = learning.StratifiedKFold(count, shuffle=True, random_state=seed).split(rows, answered)
    else:
        folds = learning.StratifiedGroupKFold(count, shuffle=True, random_state=seed)
        splits = folds.split(rows, answered, groups)
    return [(taught.astype(np.int64), predicted.astype(np.int64)) for taught, predicted in splits]


def find_periods(moments: NDArray[np.float64]) -> IntArray:
    """Number the periods of moments from 0: each wave is one, many moments are cut into equal parts.

    Parameters
    ----------
    moments : ndarray of float64, shape (n,)
        Anything that grows with time.

    Returns
    -------
    ndarray of int64, shape (n,)
        Rows of one moment are of one period.

    Examples
    --------
    >>> find_periods(np.array([2024.0, 2023.0, 2024.0])).tolist()
    [1, 0, 1]
    """
    known, code, counts = np.unique(moments, return_inverse=True, return_counts=True)
    if known.size <= MOST_PERIODS:
        return code.astype(np.int64)
    before = np.cumsum(counts) - counts
    period: IntArray = np.minimum(before * MOST_PERIODS // moments.size, MOST_PERIODS - 1)[code]
    return period


def expanding_folds(periods: IntArray, answered: BoolArray) -> list[Fold]:
    """Predict every period from all before it, as it would have been done then.

    Periods before which there is little, or only one outcome, are not predicted.

    Parameters
    ----------
    periods : ndarray of int64, shape (n,)
    answered : ndarray of bool, shape (n,)

    Returns
    -------
    list of Fold
        Empty where nothing can be predicted from a past.

    Examples
    --------
    >>> folds = expanding_folds(np.repeat([0, 1, 2], 4), np.array([True, False] * 6))
    >>> [(taught.size, predicted.size) for taught, predicted in folds]
    [(4, 4), (8, 4)]
    """
    folds = []
    for period in np.unique(periods)[1:].tolist():
        taught = np.flatnonzero(periods < period)
        if taught.size >= LEAST_TAUGHT * periods.size and 0 < answered[taught].sum() < taught.size:
            folds.append((taught, np.flatnonzero(periods == period)))
    return folds


def predicted_rows(folds: Sequence[Fold]) -> IntArray:
    """Return the rows that some fold predicts, fold after fold."""
    return np.concatenate([predicted for _, predicted in folds])
