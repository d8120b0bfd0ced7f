"""Rests drawn by lot for the randomised arm, so that the effect of asking again can be told.

Under pure rotation everybody waits about as long, and who is asked more often otherwise is asked more often
for a reason: neither tells what one more ask does. In the arm each unit's rest after an invitation is a lot
of its own. A lot depends on nothing but the unit and the day it was last invited, never on answers; units
are exchangeable in their lots as they are in their permanent random numbers, so every member of the arm's
cells keeps the inclusion probability n_h/N_h.
"""

import numpy as np

from sampling.arrays import IntArray

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)


def rest_lots(*, ids: IntArray, last_invited: IntArray, shortest: int, longest: int) -> IntArray:
    """Draw for each unit the days it rests after its last invitation, evenly between two numbers.

    The lot is a hash (the finaliser of SplitMix64: Steele, Lea and Flood 2014, "Fast splittable
    pseudorandom number generators", OOPSLA) of unit and day, so that forecast, draw, gate and replay see
    the same one and nothing has to be stored.

    Parameters
    ----------
    ids : ndarray of int64, shape (n,)
    last_invited : ndarray of int64, shape (n,)
        Day number of the last invitation; any number where there was none.
    shortest, longest : int
        In days, both included.

    Returns
    -------
    ndarray of int64, shape (n,)

    Raises
    ------
    ValueError
        When the longest is shorter than the shortest.

    Examples
    --------
    >>> lots = rest_lots(ids=np.arange(5), last_invited=np.full(5, 739_000), shortest=60, longest=300)
    >>> lots.tolist()
    [211, 140, 280, 184, 216]
    """
    if longest < shortest:
        raise ValueError("the longest rest is shorter than the shortest")
    with np.errstate(over="ignore"):
        state = _mix(ids.astype(np.uint64) * _GOLDEN + _GOLDEN)
        state = _mix(state ^ (last_invited.astype(np.uint64) * _GOLDEN))
    lots: IntArray = shortest + (state % np.uint64(longest - shortest + 1)).astype(np.int64)
    return lots


def _mix(state: np.ndarray) -> np.ndarray:
    state = (state ^ (state >> np.uint64(30))) * _MIX_1
    state = (state ^ (state >> np.uint64(27))) * _MIX_2
    mixed: np.ndarray = state ^ (state >> np.uint64(31))
    return mixed
