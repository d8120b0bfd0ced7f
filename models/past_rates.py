"""What anybody would expect without a model: the stratum answers as it did the last time."""

import numpy as np

from models.arrays import BoolArray, FloatArray, IntArray

PSEUDO_INVITATIONS = 20.0
"""Invitations' worth of the overall rate that a stratum's last rate is drawn to; a handful says little."""


def last_rates(order: IntArray, stratum: IntArray, answered: BoolArray) -> FloatArray:
    """Return for each invitation the rate its stratum had the last time it was asked.

    Parameters
    ----------
    order : ndarray of int64, shape (n,)
        Place in time of the invitation's wave.
    stratum : ndarray of int64, shape (n,)
    answered : ndarray of bool, shape (n,)
        An invitation's own wave and later ones are not looked at.

    Returns
    -------
    ndarray of float64, shape (n,)
        A stratum asked for the first time gets the rate of all earlier waves; the first wave NaN.

    Examples
    --------
    >>> order = np.repeat([0, 1], 40)
    >>> answered = np.concatenate([np.arange(40) < 10, np.arange(40) < 20])
    >>> last_rates(order, np.zeros(80, dtype=np.int64), answered)[[0, 79]].tolist()
    [nan, 0.25]
    """
    waves, wave = np.unique(order, return_inverse=True)
    strata, code = np.unique(stratum, return_inverse=True)
    shape = (strata.size, waves.size)
    place = code * waves.size + wave
    asked = np.bincount(place, minlength=strata.size * waves.size).reshape(shape).astype(np.float64)
    said = np.bincount(place, weights=answered, minlength=strata.size * waves.size).reshape(shape)
    asked_before = np.concatenate([[0.0], np.cumsum(asked.sum(axis=0))[:-1]])
    said_before = np.concatenate([[0.0], np.cumsum(said.sum(axis=0))[:-1]])
    overall = np.divide(said_before, asked_before, out=np.full(waves.size, np.nan), where=asked_before > 0)
    # The column of the newest earlier wave in which the stratum was asked; -1 for none.
    columns = np.where(asked > 0, np.arange(waves.size), -1)
    newest = np.full(shape, -1)
    newest[:, 1:] = np.maximum.accumulate(columns, axis=1)[:, :-1]
    row = np.arange(strata.size)[:, None]
    known = newest >= 0
    n, yes = np.where(known, asked[row, newest], 0.0), np.where(known, said[row, newest], 0.0)
    rates = (yes + PSEUDO_INVITATIONS * overall) / (n + PSEUDO_INVITATIONS)
    found: FloatArray = rates[code, wave]
    return found
