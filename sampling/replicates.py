"""Replicates: random parts of a draw, released one after another.

Members of each stratum are put in the order of a keyed hash and cut into parts. Because the order is
random, whatever has been released by any moment is a simple random sample of the stratum, and its weight
is N_h / n_released. Forms are assigned in the same order of release.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sampling.arrays import IntArray
from sampling.errors import SamplingError
from sampling.prn import BITS, hash_bits


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """The order in which a draw is let out.

    Attributes
    ----------
    replicate : ndarray of int64, shape (n,)
        Part of each drawn member, counted from 0.
    order : ndarray of int64, shape (n,)
        Positions of the drawn members in order of release: by replicate, then by keyed hash.
    """

    replicate: IntArray
    order: IntArray


def split_replicates(
    ids: Sequence[str],
    stratum: IntArray,
    *,
    seed: str,
    draw: str,
    shares: Sequence[float] = (0.25, 0.25, 0.25, 0.25),
) -> Release:
    """Cut a draw into random parts, each stratum by the same shares.

    Each part of a stratum gets its share rounded up or down. Where the rounding falls is moved by one
    keyed random number per stratum, so that small strata do not all give their odd member to one part.

    Parameters
    ----------
    ids : sequence of str, length n
        The drawn members, in any order.
    stratum : ndarray of int64, shape (n,)
    seed, draw : str
        The key, and the name of the draw.
    shares : sequence of float
        Positive, summing to 1.

    Returns
    -------
    Release

    Raises
    ------
    SamplingError
        If shares do not sum to 1 or the lengths differ.

    Examples
    --------
    >>> release = split_replicates(list("abcd"), np.zeros(4, dtype=np.int64), seed="s", draw="d")
    >>> release.replicate.tolist(), release.order.tolist()
    ([1, 2, 3, 0], [3, 0, 1, 2])
    """
    if min(shares, default=0.0) <= 0.0 or abs(sum(shares) - 1.0) > 1e-9:
        raise SamplingError(
            "The shares of the replicates are wrong.",
            expected="positive, summing to 1",
            got=str(tuple(shares)),
        )
    if len(ids) != stratum.size:
        raise SamplingError("Each id needs a stratum.", expected=str(len(ids)), got=str(stratum.size))
    keys = hash_bits(seed, (f"replicate|{draw}|{one}" for one in ids))
    names = np.asarray(ids, dtype=np.str_)
    order = np.lexsort((names, keys, stratum))
    labels, first, place, counts = np.unique(
        stratum[order], return_index=True, return_inverse=True, return_counts=True
    )
    starts = hash_bits(seed, (f"replicate|{draw}|start|{label}" for label in labels)) / float(2**BITS)
    rank = np.arange(stratum.size) - first[place]
    replicate = np.empty(stratum.size, dtype=np.int64)
    replicate[order] = _parts(rank, counts[place], starts[place], np.cumsum(shares))
    return Release(replicate=replicate, order=np.lexsort((names, keys, replicate)))


def _parts(rank: IntArray, count: IntArray, start: np.ndarray, cumulative: np.ndarray) -> IntArray:
    """Return the part of the rank-th of `count` members: how many part ends lie at or before it."""
    part = np.zeros(rank.shape, dtype=np.int64)
    for share in cumulative[:-1]:
        # The small amount forgives sums like 0.1 + 0.2 that come out just under a whole number.
        part += np.floor(share * count + start + 1e-9).astype(np.int64) <= rank
    return part
