"""Panels that want overlap: rotation groups cut from the permanent numbers.

The circle is cut into G equal intervals, and each wave takes `stay` neighbouring ones; from wave to wave
one group goes and one comes, so neighbouring waves share (stay - 1)/stay of their groups. Source: Lindblom
and Ohlsson on SAMU's rotation groups, Journal of Official Statistics.
"""

import numpy as np

from sampling.arrays import BoolArray, FloatArray, IntArray
from sampling.errors import SamplingError


def rotation_group(u: FloatArray, groups: int) -> IntArray:
    """Return each member's group for life, the interval its permanent number falls into.

    Parameters
    ----------
    u : ndarray of float64, shape (n,)
    groups : int
        G, one or more.

    Returns
    -------
    ndarray of int64, shape (n,)
        Groups 0 to G - 1.

    Raises
    ------
    SamplingError
        If there is no group.

    Examples
    --------
    >>> rotation_group(np.array([0.0, 0.3, 0.99]), 4).tolist()
    [0, 1, 3]
    """
    if groups < 1:
        raise SamplingError("A panel needs groups.", expected="1 or more", got=str(groups))
    return np.floor(u * groups).astype(np.int64)


def in_panel(u: FloatArray, *, wave: int, groups: int, stay: int) -> BoolArray:
    """Tell who is in a panel's wave; everybody's probability is stay/groups, the weight groups/stay.

    Parameters
    ----------
    u : ndarray of float64, shape (n,)
    wave : int
        Counted from 0.
    groups, stay : int
        G groups, of which a member's own is in for `stay` waves running.

    Returns
    -------
    ndarray of bool, shape (n,)

    Raises
    ------
    SamplingError
        If `stay` does not lie between 1 and `groups`.

    Examples
    --------
    >>> u = np.array([0.1, 0.3, 0.6, 0.9])
    >>> [np.flatnonzero(in_panel(u, wave=wave, groups=4, stay=2)).tolist() for wave in range(4)]
    [[0, 1], [1, 2], [2, 3], [0, 3]]
    """
    if not 1 <= stay <= groups:
        raise SamplingError(
            "A group cannot stay that long.", expected=f"between 1 and {groups} waves", got=str(stay)
        )
    return (rotation_group(u, groups) - wave) % groups < stay
