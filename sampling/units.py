"""Units: the household or business is drawn, and one of its people is asked.

The unit holds the ticket and sits in one cell of M units; inside it, k people wait in a queue of their
own (an inner ticket, from their own permanent number). One of them is asked, so a person's probability is
(n/M)(1/k): nobody is asked more often for living with few or with many.

Judge rest and cap on the unit's own history (all invitations to it), so that units of one person and of
five rest alike, and let a unit wait while one of its people may not be asked (`whole_units`): were the
others taken instead, large units would rest less and n/M would no longer hold.
"""

from dataclasses import dataclass

import numpy as np

from sampling.arrays import BoolArray, FloatArray, IdArray, IntArray
from sampling.errors import SamplingError
from sampling.tickets import advance_tickets


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleDrawn:
    """One person of each drawn unit, in the order of the units given (m of them).

    Attributes
    ----------
    person : ndarray of int64, shape (m,)
        Position of the person asked.
    people : ndarray of int64, shape (m,)
        k, the active people of the unit.
    probability, weight : ndarray of float64, shape (m,)
        The person's own: the unit's divided by k, and its inverse.
    ticket_before, ticket_after : ndarray of float64, shape (m,)
        Inner tickets of the person. The unit's inner clock becomes the larger of itself and
        `ticket_before` (`tickets.advance_clocks`), and who joins the unit is placed past it.
    """

    person: IntArray
    people: IntArray
    probability: FloatArray
    weight: FloatArray
    ticket_before: FloatArray
    ticket_after: FloatArray


def whole_units(*, unit: IntArray, active: BoolArray, available: BoolArray, size: int) -> BoolArray:
    """Tell which units have people, all of whom may be asked.

    Parameters
    ----------
    unit : ndarray of int64, shape (p,)
        Position of each person's unit.
    active, available : ndarray of bool, shape (p,)
    size : int
        Number of units.

    Returns
    -------
    ndarray of bool, shape (size,)

    Examples
    --------
    >>> yes = np.array([True, True, True])
    >>> whole_units(unit=np.array([0, 0, 1]), active=yes, available=np.array([True, False, True]), size=3)
    array([False,  True, False])
    """
    people = np.bincount(unit[active], minlength=size)
    barred = np.bincount(unit[active & ~available], minlength=size)
    whole: BoolArray = (people > 0) & (barred == 0)
    return whole


def draw_people(
    drawn_units: IntArray,
    unit_probability: FloatArray,
    *,
    ids: IdArray,
    unit: IntArray,
    u: FloatArray,
    ticket: FloatArray,
    active: BoolArray,
    size: int,
) -> PeopleDrawn:
    """Take from each drawn unit the active person with the smallest (inner ticket, id).

    Parameters
    ----------
    drawn_units : ndarray of int64, shape (m,)
        Positions of the drawn units, each once.
    unit_probability : ndarray of float64, shape (m,)
        n/M of each.
    ids : ndarray of str or int64, shape (p,)
    unit : ndarray of int64, shape (p,)
        Position of each person's unit.
    u, ticket : ndarray of float64, shape (p,)
        Permanent numbers and inner tickets of people.
    active : ndarray of bool, shape (p,)
    size : int
        Number of units.

    Returns
    -------
    PeopleDrawn

    Raises
    ------
    SamplingError
        If a unit was drawn twice or has no active person.

    Examples
    --------
    >>> people = draw_people(
    ...     np.array([1]), np.array([0.5]), ids=np.array(["a", "b", "c"]), unit=np.array([0, 1, 1]),
    ...     u=np.array([0.1, 0.2, 0.3]), ticket=np.array([0.1, 1.2, 0.3]), active=np.array([True] * 3),
    ...     size=2,
    ... )
    >>> people.person.tolist(), people.probability.tolist(), people.ticket_after.tolist()
    ([2], [0.25], [1.3])
    """
    place = np.full(size, -1, dtype=np.int64)
    place[drawn_units] = np.arange(drawn_units.size)
    candidates = np.flatnonzero(active & (place[unit] >= 0))
    order = np.lexsort((ids[candidates], ticket[candidates], place[unit[candidates]]))
    candidates = candidates[order]
    found, first, people = np.unique(place[unit[candidates]], return_index=True, return_counts=True)
    if found.size != drawn_units.size:
        raise SamplingError(
            "A drawn unit has no active person, or was drawn twice.",
            expected=f"{drawn_units.size} units",
            got=f"{found.size} with people",
            hint="Let whole_units say which units may be drawn.",
        )
    person = candidates[first]
    probability = unit_probability / people
    return PeopleDrawn(
        person=person,
        people=people,
        probability=probability,
        weight=1.0 / probability,
        ticket_before=ticket[person],
        ticket_after=advance_tickets(u[person], ticket[person]),
    )
