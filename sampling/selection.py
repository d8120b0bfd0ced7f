"""The selection itself: in each cell the available members with the smallest (ticket, id).

Sorting a register of millions to find a few thousand is waste. A bound on the ticket is guessed per cell
from its clock and density, everybody under the bound is taken with one comparison, and only those few are
sorted. Where the guess was wrong (too few or far too many under it), that cell's bound is found exactly by
partition. The result never depends on the guess.
"""

import numpy as np

from sampling.arrays import BoolArray, FloatArray, IdArray, IntArray

_SMALL_CELL = 64
"""Up to this many available members it is cheaper to sort them all than to guess."""


def select_smallest(
    *,
    ids: IdArray,
    cell: IntArray,
    ticket: FloatArray,
    available: BoolArray,
    wanted: IntArray,
    clocks: FloatArray,
) -> IntArray:
    """Select the `wanted` available members of each cell that come first by (ticket, id).

    Parameters
    ----------
    ids : ndarray of str or int64, shape (n,)
        Breaks ties between equal tickets.
    cell : ndarray of int64, shape (n,)
        Codes in [0, C).
    ticket : ndarray of float64, shape (n,)
    available : ndarray of bool, shape (n,)
    wanted : ndarray of int64, shape (C,)
        How many of each cell; where fewer are available, all of them are selected.
    clocks : ndarray of float64, shape (C,)
        Where the guess starts. Only speed depends on it.

    Returns
    -------
    ndarray of int64
        Positions of the selected, ordered by (cell code, ticket, id).

    Examples
    --------
    >>> select_smallest(
    ...     ids=np.array(["d", "c", "b", "a"]), cell=np.array([0, 0, 0, 1]),
    ...     ticket=np.array([0.5, 0.2, 0.2, 0.9]), available=np.array([True, True, True, True]),
    ...     wanted=np.array([2, 1]), clocks=np.zeros(2),
    ... ).tolist()
    [2, 1, 3]
    """
    supply = np.bincount(cell[available], minlength=wanted.size)
    take = np.minimum(wanted, supply)
    bound = _guess_bounds(take, supply, clocks)
    under = _under(bound, cell, ticket, available)
    found = np.bincount(cell[under], minlength=wanted.size)
    wrong = (found < take) | (found > 4 * take + 1024)
    if wrong.any():
        bound[wrong] = _exact_bounds(wrong, take, cell, ticket, available)
        under = _under(bound, cell, ticket, available)
        found = np.bincount(cell[under], minlength=wanted.size)
    ordered = under[np.lexsort((ids[under], ticket[under], cell[under]))]
    first_of_cell = np.cumsum(found) - found
    rank = np.arange(ordered.size) - np.repeat(first_of_cell, found)
    return ordered[rank < np.repeat(take, found)]


def _guess_bounds(take: IntArray, supply: IntArray, clocks: FloatArray) -> FloatArray:
    """Guess per cell the ticket under which the members to take will be found."""
    some = take > 0
    spread = (take + 4.0 * np.sqrt(take) + 16.0) / np.maximum(supply, 1)
    everybody = some & ((take == supply) | (supply <= _SMALL_CELL))
    return np.where(everybody, np.inf, np.where(some, clocks + spread, -np.inf))


def _under(bound: FloatArray, cell: IntArray, ticket: FloatArray, available: BoolArray) -> IntArray:
    """Return the positions of available members whose ticket is not above their cell's bound."""
    return np.flatnonzero((ticket <= bound[cell]) & available)


def _exact_bounds(
    wrong: BoolArray, take: IntArray, cell: IntArray, ticket: FloatArray, available: BoolArray
) -> FloatArray:
    """Return for each wrongly guessed cell its take-th smallest ticket; the loop is over cells."""
    members = np.flatnonzero(available & wrong[cell])
    members = members[np.argsort(cell[members], kind="stable")]
    tickets = ticket[members]
    codes = np.flatnonzero(wrong)
    ends = np.searchsorted(cell[members], codes, side="right")
    starts = np.searchsorted(cell[members], codes, side="left")
    bounds = np.full(codes.size, -np.inf)
    for position, (code, start, end) in enumerate(zip(codes, starts, ends, strict=True)):
        if take[code]:
            last = int(take[code]) - 1
            bounds[position] = np.partition(tickets[start:end], last)[last]
    return bounds
