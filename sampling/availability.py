"""Who may be asked today: active, rested, and with room under the cap.

Rest counts from the last *invitation*, and the cap counts *planned* minutes. Both depend only on past
draws, which treat all members of a cell alike; so every member of a cell keeps the same probability,
whatever the rules. Were rest to depend on having answered, the willing would be drawn less often.
"""

import numpy as np

from sampling.arrays import BoolArray, IntArray

NEVER = -(2**40)
"""The day of the last invitation of a member never invited: far enough back to satisfy any rest."""


def planned_in_window(
    *, member: IntArray, sent: IntArray, planned: IntArray, size: int, day: int, window_days: int
) -> IntArray:
    """Sum the planned length of past forms that still count on a day.

    A form counts while its age in days is less than the window.

    Parameters
    ----------
    member : ndarray of int64, shape (m,)
        Position in the frame of each past invitation's member; the history is flat, in any order.
    sent : ndarray of int64, shape (m,)
        Day number of each invitation.
    planned : ndarray of int64, shape (m,)
        Planned length of each form, in any one whole unit (seconds, say).
    size : int
        Number of members in the frame.
    day : int
        Today's day number.
    window_days : int

    Returns
    -------
    ndarray of int64, shape (size,)

    Examples
    --------
    >>> history = dict(member=np.array([0, 0, 2]), sent=np.array([1, 9, 9]), planned=np.array([5, 6, 7]))
    >>> planned_in_window(**history, size=3, day=11, window_days=10).tolist()
    [6, 0, 7]
    """
    counts = sent > day - window_days
    # Sums of whole numbers are exact in doubles up to 2**53, far above any sum of minutes.
    sums = np.bincount(member[counts], weights=planned[counts], minlength=size)
    return sums.astype(np.int64)


def is_available(
    *,
    day: int,
    active: BoolArray,
    last_invited: IntArray,
    rest_days: int | IntArray,
    planned: IntArray | None = None,
    form: int = 0,
    cap: int | None = None,
) -> BoolArray:
    """Tell for each member whether the rules allow an invitation on a day.

    Parameters
    ----------
    day : int
        Today's day number.
    active : ndarray of bool, shape (n,)
    last_invited : ndarray of int64, shape (n,)
        Day number of the last invitation to any survey, `NEVER` where there was none.
    rest_days : int or ndarray of int64, shape (n,)
        Days that must have passed; the last of them counts (day 60 of 60 is rested).
    planned : ndarray of int64, shape (n,), optional
        Planned length already in the window, from `planned_in_window`. Only used with a cap.
    form : int
        Planned length of this form (the longest one of a split survey), in the unit of `planned`.
    cap : int, optional
        Most planned length in the window, this form included. None: no cap.

    Returns
    -------
    ndarray of bool, shape (n,)

    Examples
    --------
    >>> rules = dict(day=100, active=np.array([True, True, True]), rest_days=21)
    >>> is_available(last_invited=np.array([NEVER, 79, 80]), **rules).tolist()
    [True, True, False]
    """
    available: BoolArray = active & (day - last_invited >= rest_days)
    if cap is None:
        return available
    if planned is None:
        return available & (form <= cap)
    return available & (planned + form <= cap)
