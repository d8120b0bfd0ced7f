"""Tickets and clocks: each member's place in the queue of its cell.

The circle of permanent random numbers is unrolled: a ticket is u plus a whole number of turns, an
invitation adds one turn, and a cell's clock is the largest ticket taken so far. Source: Ohlsson (1992),
SAMU: the system for co-ordination of samples from the business register at Statistics Sweden.

A ticket is always u plus a whole number, rounded once. Adding 1.0 again and again would round each time,
and a member could then come out an ulp below its own earlier ticket and be given the turn just taken.
"""

import numpy as np

from sampling.arrays import FloatArray, IntArray


def place_tickets(u: FloatArray, clock: FloatArray) -> FloatArray:
    """Give members who join, move in or resume their own place on the circle.

    The ticket is u plus the smallest whole number that puts it past the clock. While the clock is
    still 0 nobody is pushed on: the ticket is u itself.

    Parameters
    ----------
    u : ndarray of float64, shape (n,)
        Permanent random numbers in [0, 1).
    clock : ndarray of float64, shape (n,)
        Clock of the cell each member enters, in turns.

    Returns
    -------
    ndarray of float64, shape (n,)
        Tickets, in turns.

    Examples
    --------
    >>> place_tickets(np.array([0.25, 0.75, 0.25]), np.array([1.5, 1.5, 0.0])).tolist()
    [2.25, 1.75, 0.25]
    """
    # The difference is rounded, so its floor may be off by one either way: begin one turn below, where
    # the ticket is surely not past the clock, and step up against the clock itself.
    turns = np.maximum(np.floor(clock - u) - 1.0, 0.0)
    for _ in range(3):
        turns += u + turns <= clock
    return np.where(clock > 0.0, u + turns, u)


def advance_tickets(u: FloatArray, ticket: FloatArray) -> FloatArray:
    """Move invited members one turn on.

    Parameters
    ----------
    u, ticket : ndarray of float64, shape (n,)

    Returns
    -------
    ndarray of float64, shape (n,)

    Examples
    --------
    >>> advance_tickets(np.array([0.25]), np.array([3.25])).tolist()
    [4.25]
    """
    return u + (np.rint(ticket - u) + 1.0)


def advance_clocks(clocks: FloatArray, cell: IntArray, taken: FloatArray) -> FloatArray:
    """Return the clocks after tickets were taken: per cell the largest ever taken.

    Parameters
    ----------
    clocks : ndarray of float64, shape (C,)
    cell : ndarray of int64, shape (n,)
        Cell code of each ticket taken.
    taken : ndarray of float64, shape (n,)
        The tickets as they were before the invitation.

    Returns
    -------
    ndarray of float64, shape (C,)
        A new array; `clocks` is left as it was, so that a reservation can be given back.

    Examples
    --------
    >>> advance_clocks(np.array([0.0, 2.5]), np.array([0, 0, 1]), np.array([0.1, 0.3, 2.0])).tolist()
    [0.3, 2.5]
    """
    after = clocks.copy()
    np.maximum.at(after, cell, taken)
    return after
