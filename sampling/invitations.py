"""From answers to invitations, and what they cost people.

Expected response decides how *many* of a stratum are invited; who they are is the rotation's business.
"""

from dataclasses import dataclass

import numpy as np

from sampling.arrays import FloatArray, IntArray
from sampling.errors import SamplingError

LEAST_RESPONSE = 0.02
"""Below this a forecast of response is not believed: it would invite everybody for a handful of answers."""


def shrink_response(
    answered: IntArray, invited: IntArray, *, pseudo_invitations: float = 20.0, prior: float | None = None
) -> FloatArray:
    """Draw each stratum's response rate towards the overall rate, the more so the less is known.

    Parameters
    ----------
    answered, invited : ndarray of int64, shape (H,)
        Past answers and invitations.
    pseudo_invitations : float
        Invitations' worth of overall rate added to each stratum.
    prior : float, optional
        The overall rate to assume; without it the observed one. Needed while nobody was invited.

    Returns
    -------
    ndarray of float64, shape (H,)

    Raises
    ------
    SamplingError
        If more answered than were invited, or nothing is known and no prior was given.

    Examples
    --------
    >>> shrink_response(np.array([40, 0]), np.array([180, 20])).tolist()
    [0.22, 0.1]
    """
    if (answered < 0).any() or (answered > invited).any():
        raise SamplingError(
            "More answers than invitations.", got=f"{answered.tolist()} of {invited.tolist()}"
        )
    if prior is None:
        if not invited.sum():
            raise SamplingError(
                "No response is known yet.", hint="Give the rate of a survey like this one as the prior."
            )
        prior = float(answered.sum() / invited.sum())
    return (answered + pseudo_invitations * prior) / (invited + pseudo_invitations)


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationPlan:
    """Invitations per stratum, and the answers they should bring.

    Attributes
    ----------
    invitations : ndarray of int64, shape (H,)
    expected : ndarray of float64, shape (H,)
        Answers expected of them.
    missing : ndarray of int64, shape (H,)
        Invitations that would be needed but that nobody is available for.
    """

    invitations: IntArray
    expected: FloatArray
    missing: IntArray


def plan_invitations(
    answers: IntArray, response: FloatArray, *, available: IntArray | None = None
) -> InvitationPlan:
    """Return the invitations needed: m_h = ceil(n_h / max(r_h, 0.02)), capped by who is available.

    Parameters
    ----------
    answers : ndarray of int64, shape (H,)
        n_h, answers needed.
    response : ndarray of float64, shape (H,)
        Expected response rates, shrunk.
    available : ndarray of int64, shape (H,), optional

    Returns
    -------
    InvitationPlan

    Examples
    --------
    >>> plan = plan_invitations(np.array([385, 30]), np.array([0.15, 0.1]), available=np.array([4000, 96]))
    >>> plan.invitations.tolist(), plan.missing.tolist()
    ([2567, 96], [0, 204])
    """
    # 1e-9 forgives quotients such as 21 / 0.07 that rounding lifts just over a whole number.
    needed = np.ceil(answers / np.maximum(response, LEAST_RESPONSE) - 1e-9).astype(np.int64)
    invitations = needed if available is None else np.minimum(needed, available)
    return InvitationPlan(
        invitations=invitations, expected=invitations * response, missing=needed - invitations
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class BurdenBill:
    """What a survey asks of people.

    Attributes
    ----------
    minutes : float
        Planned minutes of everybody invited, together.
    per_member_year : ndarray of float64, shape (H,)
        Invitations a member of each stratum gets in a year.
    """

    minutes: float
    per_member_year: FloatArray


def bill_burden(
    invitations: IntArray, population: IntArray, *, minutes: float, waves_per_year: float = 1.0
) -> BurdenBill:
    """Price a plan in people's time.

    Parameters
    ----------
    invitations, population : ndarray of int64, shape (H,)
    minutes : float
        Planned minutes of the form.
    waves_per_year : float

    Returns
    -------
    BurdenBill

    Examples
    --------
    >>> bill = bill_burden(np.array([500, 100]), np.array([2000, 200]), minutes=3, waves_per_year=4)
    >>> bill.minutes, bill.per_member_year.tolist()
    (1800.0, [1.0, 2.0])
    """
    return BurdenBill(
        minutes=float(invitations.sum() * minutes),
        per_member_year=waves_per_year * invitations / population,
    )
