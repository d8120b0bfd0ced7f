"""The selection itself: in each cell the available members with the smallest (ticket, id).

Sorting a register of millions to find a few thousand is waste. A bound on the ticket is guessed per cell
from its clock and density, everybody under the bound is taken with one comparison, and only those few are
sorted. Where the guess was wrong (too few or far too many under it), that cell's bound is found exactly by
partition. The result never depends on the guess.
"""

import numpy as np

from sampling.arrays import BoolArray, FloatArray, IdArray, IntArray

_SMALL_CELL = 64
"""Up to this many members it is cheaper to sort them all than to guess."""


def select_smallest(
    *,
    ids: IdArray,
    cell: IntArray,
    ticket: FloatArray,
    available: BoolArray,
    wanted: IntArray,
    clocks: FloatArray,
    population: IntArray,
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
    population : ndarray of int64, shape (C,)
        Clocks and sizes of the cells, from which the bounds are guessed. Only speed depends on them.

    Returns
    -------
    ndarray of int64
        Positions of the selected, ordered by (cell code, ticket, id).

    Examples
    --------
    >>> select_smallest(
    ...     ids=np.array(["d", "c", "b", "a"]), cell=np.array([0, 0, 0, 1]),
    ...     ticket=np.array([0.5, 0.2, 0.2, 0.9]), available=np.array([True, True, True, True]),
    ...     wanted=np.array([2, 1]), clocks=np.zeros(2), population=np.array([3, 1]),
    ... ).tolist()
    [2, 1, 3]
    """
    share = np.count_nonzero(available) / max(available.size, 1)
    bound = _guess_bounds(wanted, population * share, clocks)
    under = _under(bound, cell, ticket, available)
    found = np.bincount(cell[under], minlength=wanted.size)
    wrong = ((found < wanted) & np.isfinite(bound)) | (found > 4 * wanted + 1024)
    if wrong.any():
        bound[wrong] = _exact_bounds(wrong, wanted, cell, ticket, available)
        under = _under(bound, cell, ticket, available)
        found = np.bincount(cell[under], minlength=wanted.size)
    ordered = under[_queue_order(ids[under], ticket[under], cell[under])]
    first_of_cell = np.cumsum(found) - found
    rank = np.arange(ordered.size) - np.repeat(first_of_cell, found)
    return ordered[rank < np.repeat(wanted, found)]


def _guess_bounds(wanted: IntArray, density: FloatArray, clocks: FloatArray) -> FloatArray:
    """Guess per cell the ticket under which the members wanted will be found.

    A cell's queue starts at its clock, with about `density` available members to a turn.
    """
    spread = (wanted + 4.0 * np.sqrt(wanted) + 16.0) / np.maximum(density, 1.0)
    everybody = (wanted >= density) | (density <= _SMALL_CELL)
    return np.where(wanted == 0, -np.inf, np.where(everybody, np.inf, clocks + spread))


def _under(bound: FloatArray, cell: IntArray, ticket: FloatArray, available: BoolArray) -> IntArray:
    """Return the positions of available members whose ticket is not above their cell's bound."""
    close = (ticket <= bound.max(initial=-np.inf)) & available
    if 8 * np.count_nonzero(close) > close.size:
        return np.flatnonzero((ticket <= bound[cell]) & available)
    # Looking up each member's bound is the dear step: most are already past the largest one.
    near = np.flatnonzero(close)
    return near[ticket[near] <= bound[cell[near]]]


def _exact_bounds(
    wrong: BoolArray, wanted: IntArray, cell: IntArray, ticket: FloatArray, available: BoolArray
) -> FloatArray:
    """Return for each wrongly guessed cell the last ticket wanted; the loop is over cells."""
    members = np.flatnonzero(available & wrong[cell])
    members = members[np.argsort(_narrow(cell[members], wanted.size), kind="stable")]
    codes = np.flatnonzero(wrong)
    starts = np.searchsorted(cell[members], codes, side="left")
    ends = np.searchsorted(cell[members], codes, side="right")
    bounds = np.full(codes.size, np.inf)
    for position, (code, start, end) in enumerate(zip(codes, starts, ends, strict=True)):
        if wanted[code] < end - start:
            last = int(wanted[code]) - 1
            bounds[position] = np.partition(ticket[members[start:end]], last)[last]
    return bounds


def _queue_order(ids: IdArray, ticket: FloatArray, cell: IntArray) -> IntArray:
    """Return the order by (cell, ticket, id); ids are looked at only where two tickets are equal."""
    by_ticket = np.argsort(ticket)
    order = by_ticket[np.argsort(_narrow(cell[by_ticket], int(cell.max(initial=0)) + 1), kind="stable")]
    tickets, cells = ticket[order], cell[order]
    if ((tickets[1:] == tickets[:-1]) & (cells[1:] == cells[:-1])).any():
        return np.lexsort((ids, ticket, cell))
    return order


def _narrow(codes: IntArray, size: int) -> np.ndarray:
    """Return codes as 16 bits where they fit: numpy sorts those by counting instead of comparing."""
    return codes.astype(np.uint16) if size <= 2**16 else codes
