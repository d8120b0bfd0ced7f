"""Permanent random numbers: a keyed hash of the id, so that nobody's number depends on anybody else.

Source: Ohlsson, E. (1995), Coordination of samples using permanent random numbers, in Business Survey
Methods (Wiley), for the idea of one number for life; HMAC as in RFC 2104, with SHA-256.
"""

import hmac
from collections.abc import Iterable

import numpy as np

from sampling.arrays import FloatArray, IntArray

BITS = 53
"""A double holds 53 bits exactly, so every number below is exact."""


def hash_bits(seed: str, labels: Iterable[str]) -> IntArray:
    """Return the first 53 bits of HMAC-SHA256(seed, label) for each label.

    Hashing is the one step done a label at a time; it happens once in a member's life (or once a
    drawn member, for replicates) and never while members are compared or selected.

    Parameters
    ----------
    seed : str
        The key; whoever holds it can replay every number.
    labels : iterable of str, length n

    Returns
    -------
    ndarray of int64, shape (n,)
        Whole numbers in [0, 2**53).

    Examples
    --------
    >>> hash_bits("public-2", ["m0001"]).tolist()
    [2127437023437606]
    """
    key = seed.encode()
    digests = b"".join(hmac.digest(key, label.encode(), "sha256") for label in labels)
    first_words = np.frombuffer(digests, dtype=">u8").reshape(-1, 4)[:, 0]
    return (first_words >> np.uint64(64 - BITS)).astype(np.int64)


def permanent_numbers(seed: str, ids: Iterable[str]) -> FloatArray:
    """Give each id its permanent random number u, uniform on [0, 1).

    Parameters
    ----------
    seed : str
    ids : iterable of str, length n

    Returns
    -------
    ndarray of float64, shape (n,)

    Examples
    --------
    >>> permanent_numbers("public-2", ["m0001", "m0002"]).tolist()
    [0.2361929566860439, 0.314656905509176]
    """
    return hash_bits(seed, ids) / float(2**BITS)
