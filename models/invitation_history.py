"""What was known of a person at the moment of an invitation: features from events, all people at once.

Nothing that happened at that moment or later counts, and nothing loops over people: events are put in order
once, by person and moment, and whatever lies between two moments is found by halving.
"""

from dataclasses import dataclass

import numpy as np

from models.arrays import FloatArray, IntArray
from models.errors import ModelError

DAY = 86_400
SPAN = 2**34
"""Seconds from a beginning to the end of time; 544 years."""
NOT_YET = SPAN - 1
"""The moment of an answer that never came."""
PRIOR_ANSWERS, PRIOR_INVITATIONS = 0.3, 2.0
"""A person's own rate begins at 15 % of two invitations."""
WINDOWS = (30, 90, 365)


class Timeline:
    """m events of people, in order.

    Parameters
    ----------
    person : ndarray of int64, shape (m,)
        Number of the person, from 0 to 2**29.
    at : ndarray of int64, shape (m,)
        Seconds since the same beginning for all.
    amount : ndarray of int64, shape (m,), optional
        What is summed.

    Examples
    --------
    >>> line = Timeline(np.array([7, 7, 9]), np.array([10, 20, 15]), np.array([60, 90, 30]))
    >>> line.count(np.array([7, 9]), np.array([0, 0]), np.array([20, 20])).tolist()
    [1, 1]
    >>> line.sum(np.array([7]), np.array([0]), np.array([21])).tolist()
    [150]
    >>> line.first_after(np.array([7, 7, 9, 8]), np.array([9, 10, 15, 0])).tolist()
    [0, 1, -1, -1]
    """

    def __init__(self, person: IntArray, at: IntArray, amount: IntArray | None = None) -> None:
        if person.size and not 0 <= person.min() <= person.max() < 2**29:
            raise ModelError("People are numbered from 0 to 2**29.", got=str(int(person.max())))
        keys = person * SPAN + np.clip(at, 0, NOT_YET)
        self.order = np.argsort(keys, kind="stable")
        """Positions of the events as they were given, in order of person and moment."""
        self._keys = keys[self.order]
        amounts = np.zeros_like(keys) if amount is None else amount[self.order]
        self._sums = np.concatenate([[0], np.cumsum(amounts)])

    def before(self, person: IntArray, at: IntArray) -> IntArray:
        """Return how many events lie before each person's moment, those of people before them included."""
        found: IntArray = np.searchsorted(self._keys, person * SPAN + np.clip(at, 0, NOT_YET))
        return found

    def count(self, person: IntArray, since: IntArray, until: IntArray) -> IntArray:
        """Return how many events each person had from a moment on and before another."""
        return self.before(person, until) - self.before(person, since)

    def sum(self, person: IntArray, since: IntArray, until: IntArray) -> IntArray:
        """Return what the events between two moments come to."""
        found: IntArray = self._sums[self.before(person, until)] - self._sums[self.before(person, since)]
        return found

    def last(self, person: IntArray, at: IntArray) -> tuple[IntArray, IntArray]:
        """Return position (as given) and moment of each person's last event before a moment; -1 for none."""
        place = self.before(person, at) - 1
        has = (place >= 0) & (self.before(person, np.zeros_like(at)) <= place)
        if not self._keys.size:
            return np.full(at.shape, -1), np.full(at.shape, -1)
        position = np.where(has, self.order[place], -1)
        return position, np.where(has, self._keys[place] % SPAN, -1)

    def first_after(self, person: IntArray, at: IntArray) -> IntArray:
        """Return the position (as given) of each person's first event after a moment; -1 for none."""
        place = self.before(person, at + 1)
        has = place < self.before(person, np.full_like(at, NOT_YET))
        found: IntArray = np.where(has, np.append(self.order, -1)[place], -1)
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """Everything that happened so far, in seconds since one beginning.

    Attributes
    ----------
    invited, sent, answered : ndarray of int64, shape (m,)
        Whom, when, and when each answered (`NOT_YET`: not so far).
    burdened, charged, planned, is_reminder : ndarray, shape (b,)
        Whom the ledger charged for an invitation or a reminder, when, the planned seconds, and which it was.
    signalled, signal_at, clicks : ndarray of int64, shape (s,)
        Of those who agreed that it is looked at: an issue that was sent (0) or clicked (1); empty without.
    """

    invited: IntArray
    sent: IntArray
    answered: IntArray
    burdened: IntArray
    charged: IntArray
    planned: IntArray
    is_reminder: IntArray
    signalled: IntArray
    signal_at: IntArray
    clicks: IntArray


def known_before(past: Past, person: IntArray, at: IntArray) -> dict[str, FloatArray]:
    """Return the features of n people, each as of a moment.

    Parameters
    ----------
    past : Past
        It may hold what happened later: that changes nothing.
    person, at : ndarray of int64, shape (n,)

    Returns
    -------
    dict of str to ndarray of float64, shape (n,)
        NaN where there is nothing to know.

    Examples
    --------
    >>> none = np.empty(0, dtype=np.int64)
    >>> one = np.array([1])
    >>> past = Past(invited=one, sent=one * 10 * DAY, answered=one * 12 * DAY, burdened=one,
    ...     charged=one * 10 * DAY, planned=one * 180, is_reminder=one * 0, signalled=none,
    ...     signal_at=none, clicks=none)
    >>> seen = known_before(past, one, one * 20 * DAY)
    >>> seen["answer_rate"].tolist(), seen["days_since_answer"].tolist(), seen["planned_90"].tolist()
    ([0.43333333333333335], [8.0], [3.0])
    """
    invitations = Timeline(past.invited, past.sent)
    answers = Timeline(past.invited, past.answered)
    begin = np.zeros_like(at)
    asked = invitations.count(person, begin, at)
    said = answers.count(person, begin, at)
    last, _ = invitations.last(person, at)
    _, answered_at = answers.last(person, at)
    answered_last = np.where(last >= 0, _take(past.answered, last) < at, np.nan)
    found = {
        "answer_rate": (said + PRIOR_ANSWERS) / (asked + PRIOR_INVITATIONS),
        "answered_last": answered_last.astype(np.float64),
        "days_since_answer": np.where(answered_at >= 0, (at - answered_at) / DAY, np.nan),
        "is_first": (asked == 0).astype(np.float64),
    }
    return found | _burden(past, person, at) | _signals(past, person, at)


def _burden(past: Past, person: IntArray, at: IntArray) -> dict[str, FloatArray]:
    is_invitation = past.is_reminder == 0
    asks = Timeline(past.burdened[is_invitation], past.charged[is_invitation], past.planned[is_invitation])
    reminders = Timeline(past.burdened[~is_invitation], past.charged[~is_invitation])
    found = {
        f"invitations_{days}": asks.count(person, at - days * DAY, at).astype(np.float64) for days in WINDOWS
    }
    found |= {f"planned_{days}": asks.sum(person, at - days * DAY, at) / 60.0 for days in WINDOWS[1:]}
    return found | {"reminders_365": reminders.count(person, at - 365 * DAY, at).astype(np.float64)}


def _signals(past: Past, person: IntArray, at: IntArray) -> dict[str, FloatArray]:
    if not past.signalled.size:
        return {}
    line = Timeline(past.signalled, past.signal_at, past.clicks)
    since = at - 180 * DAY
    seen = line.count(person, since, at) > 0
    # Who did not agree has nothing here, as somebody who got no issue has nothing: not the same as no click.
    return {"issues_clicked_180": np.where(seen, line.sum(person, since, at), np.nan)}


def _take(values: IntArray, places: IntArray) -> IntArray:
    return values[places] if values.size else np.full(places.shape, NOT_YET)
