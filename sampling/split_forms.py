"""Short forms of a long questionnaire: which blocks go together, and how often.

Everybody gets the core, and as many blocks as the limit allows. Two linear programmes choose the shares of
the forms: the first makes the least-asked block as frequent as it can be; the second keeps every block near
that and makes the pair of blocks that meets least often meet as often as it can. Pairs first would starve
long blocks (Chipperfield and Steel 2009, J Off Stat 25; Gonzalez and Eltinge 2007, Proc. JSM).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import scipy  # its parts are loaded when they are first named

from sampling.arrays import BoolArray, FloatArray
from sampling.errors import SamplingError

MOST_BLOCKS = 12
MOST_FORMS = 12
BLOCK_FLOOR = 0.8
"""Every block keeps at least this part of the best smallest share."""
LEAST_FOR_BLOCK = 100
LEAST_FOR_PAIR = 30
"""Expected answers below which a block, or a table of two blocks, says little."""
_ROUNDING = 1e-9
_SECONDS = 20.0
"""Longest search for few forms."""

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class SplitForm:
    """Blocks of one form, in the order of the questionnaire, and its share of the invitations."""

    blocks: tuple[str, ...]
    share: float


@dataclass(frozen=True, slots=True)
class SplitPlan:
    """Forms of a split questionnaire.

    Attributes
    ----------
    forms : tuple of SplitForm
        Their shares add up to 1.
    block_share : dict
        Block to the share of respondents who are asked it: the inverse of its extra weight.
    pair_share : dict
        Pair of blocks to the share of respondents who are asked both.
    never_meet : tuple of Pair
        Pairs too long for one form: no table can be made of them.
    """

    forms: tuple[SplitForm, ...]
    block_share: dict[str, float]
    pair_share: dict[Pair, float]
    never_meet: tuple[Pair, ...]


def split_forms(
    minutes: Mapping[str, float],
    *,
    core_minutes: float,
    limit_minutes: float,
    most_forms: int = MOST_FORMS,
) -> SplitPlan:
    """Choose forms within a limit in which blocks, then pairs of blocks, are as frequent as can be.

    Parameters
    ----------
    minutes : mapping of str to float
        Length of each block, in any one unit, in the order of the questionnaire.
    core_minutes : float
        Length of what everybody is asked.
    limit_minutes : float
        Longest form, core included.
    most_forms : int

    Returns
    -------
    SplitPlan

    Raises
    ------
    SamplingError
        If a block does not fit the limit beside the core, there are too many blocks, or so few forms
        cannot hold them all.

    Examples
    --------
    >>> plan = split_forms({"a": 2, "b": 2, "c": 2}, core_minutes=2, limit_minutes=6)
    >>> [(form.blocks, round(form.share, 3)) for form in plan.forms]
    [(('a', 'b'), 0.333), (('a', 'c'), 0.333), (('b', 'c'), 0.333)]
    >>> split_forms({"a": 1, "b": 3, "c": 3}, core_minutes=1, limit_minutes=5).never_meet
    (('b', 'c'),)
    """
    names = tuple(minutes)
    lengths = np.array([minutes[name] for name in names], dtype=np.float64)
    _check(names, lengths, core_minutes, limit_minutes, most_forms)
    room = limit_minutes - core_minutes
    holds = _maximal_forms(lengths, room)
    pairs = list(combinations(range(len(names)), 2))
    together = np.array([holds[:, one] & holds[:, two] for one, two in pairs], dtype=np.bool_)
    together = together.reshape(len(pairs), holds.shape[0])
    can_meet: BoolArray = np.asarray(together.any(axis=1), dtype=np.bool_)
    best = _best_shares(holds.T, np.zeros((0, holds.shape[0]), np.bool_), 0.0)
    floor = BLOCK_FLOOR * float((holds.T @ best).min())
    wanted = together[can_meet]
    shares = _best_shares(wanted, holds.T, floor) if wanted.size else best
    if int((shares > _ROUNDING).sum()) > most_forms:
        shares = _few_forms(wanted if wanted.size else holds.T, holds.T, floor, most_forms)
    return _describe(names, holds, shares, pairs, can_meet)


def warn_of_few(plan: SplitPlan, completes: float) -> tuple[str, ...]:
    """Name the blocks and pairs of blocks that too few will have answered.

    Parameters
    ----------
    plan : SplitPlan
    completes : float
        Completed forms that are expected in all.

    Returns
    -------
    tuple of str
        Sentences for whoever plans the survey.

    Examples
    --------
    >>> plan = split_forms({"a": 2, "b": 2, "c": 2}, core_minutes=2, limit_minutes=6)
    >>> warn_of_few(plan, 120)
    ('About 80 people will have answered the block a: fewer than 100.', \
'About 80 people will have answered the block b: fewer than 100.', \
'About 80 people will have answered the block c: fewer than 100.')
    """
    blocks = [
        f"About {share * completes:.0f} people will have answered the block {name}: "
        f"fewer than {LEAST_FOR_BLOCK}."
        for name, share in plan.block_share.items()
        if share * completes < LEAST_FOR_BLOCK
    ]
    pairs = [
        f"About {share * completes:.0f} people will have answered both {one} and {two}: "
        f"fewer than {LEAST_FOR_PAIR}."
        for (one, two), share in plan.pair_share.items()
        if share * completes < LEAST_FOR_PAIR
    ]
    never = [
        f"Nobody will have answered both {one} and {two}: no form can hold both."
        for one, two in plan.never_meet
    ]
    return tuple(blocks + pairs + never)


def _check(
    names: Sequence[str], lengths: FloatArray, core_minutes: float, limit_minutes: float, most_forms: int
) -> None:
    if not names or len(names) > MOST_BLOCKS:
        raise SamplingError(
            "A questionnaire cannot be split into so many blocks.",
            expected=f"1 to {MOST_BLOCKS}",
            got=str(len(names)),
            hint="Put questions that belong together into one block.",
        )
    if core_minutes < 0 or (lengths <= 0).any() or most_forms < 1:
        raise SamplingError(
            "Lengths and numbers of forms have to be above zero.",
            got=f"core {core_minutes:g}, shortest block {lengths.min():g}, {most_forms} forms",
        )
    too_long = [
        name
        for name, one in zip(names, lengths, strict=True)
        if core_minutes + one > limit_minutes + _ROUNDING
    ]
    if too_long:
        raise SamplingError(
            f"No form can hold the core and the block {', '.join(too_long)}.",
            expected=f"{limit_minutes:g} at most",
            got=f"{core_minutes + lengths.max():g}",
            hint="Divide the block, shorten the core, or raise the limit.",
        )


def _maximal_forms(lengths: FloatArray, room: float) -> BoolArray:
    """Return which blocks each form holds, shape (forms, blocks): all that nothing more fits into."""
    count = lengths.size
    sets = ((np.arange(1, 2**count)[:, None] >> np.arange(count)) & 1).astype(np.bool_)
    left = room - sets @ lengths
    fits = left >= -_ROUNDING
    smallest_missing = np.where(sets, np.inf, lengths).min(axis=1)
    maximal: BoolArray = sets[fits & (smallest_missing > left + _ROUNDING)]
    # In the order of the questionnaire: forms with the first blocks first.
    return maximal[np.lexsort(~maximal.T[::-1])]


def _best_shares(raised: BoolArray, held: BoolArray, floor: float) -> FloatArray:
    """Return shares x, shape (forms,), that lift the smallest `raised @ x` while `held @ x` >= floor."""
    forms, sparse = raised.shape[1], scipy.sparse
    found = scipy.optimize.linprog(
        np.append(np.zeros(forms), -1.0),
        A_ub=sparse.vstack(
            [
                sparse.hstack([-sparse.csr_array(raised.astype(np.float64)), np.ones((raised.shape[0], 1))]),
                sparse.hstack([-sparse.csr_array(held.astype(np.float64)), np.zeros((held.shape[0], 1))]),
            ]
        ),
        b_ub=np.append(np.zeros(raised.shape[0]), np.full(held.shape[0], -floor)),
        A_eq=np.append(np.ones(forms), 0.0)[None, :],
        b_eq=[1.0],
        method="highs-ds",
    )
    return _normalise(found.x[:forms])


def _few_forms(raised: BoolArray, held: BoolArray, floor: float, most_forms: int) -> FloatArray:
    """Do the same with at most so many forms; the floor is given up before a block is."""
    forms = raised.shape[1]
    ones, unit, held_to = np.ones(forms), np.eye(forms), scipy.optimize.LinearConstraint
    empty = np.zeros((forms, 1))
    for kept in (floor, floor / 2, 1e-3):
        found = scipy.optimize.milp(
            np.concatenate([np.zeros(2 * forms), [-1.0]]),
            constraints=[
                held_to(np.concatenate([ones, 0 * ones, [0.0]])[None, :], 1.0, 1.0),
                held_to(np.concatenate([0 * ones, ones, [0.0]])[None, :], 1.0, float(most_forms)),
                held_to(np.hstack([unit, -unit, empty]), -np.inf, 0.0),
                held_to(
                    np.hstack([raised, np.zeros_like(raised), -np.ones((raised.shape[0], 1))]), 0.0, np.inf
                ),
                held_to(np.hstack([held, np.zeros_like(held), np.zeros((held.shape[0], 1))]), kept, np.inf),
            ],
            integrality=np.concatenate([0 * ones, ones, [0.0]]),
            bounds=scipy.optimize.Bounds(0.0, 1.0),
            options={"time_limit": _SECONDS, "mip_rel_gap": 1e-3},
        )
        if found.x is not None:
            return _normalise(found.x[:forms])
    raise SamplingError(
        f"{most_forms} forms cannot hold every block.", hint="Allow more forms, or raise the limit."
    )


def _normalise(shares: FloatArray) -> FloatArray:
    kept = np.where(shares > _ROUNDING, shares, 0.0)
    normal: FloatArray = kept / kept.sum()
    return normal


def _describe(
    names: tuple[str, ...],
    holds: BoolArray,
    shares: FloatArray,
    pairs: Sequence[tuple[int, int]],
    can_meet: BoolArray,
) -> SplitPlan:
    used = np.flatnonzero(shares)
    shares, holds = shares[used], holds[used]
    return SplitPlan(
        forms=tuple(
            SplitForm(tuple(name for name, one in zip(names, row, strict=True) if one), float(share))
            for row, share in zip(holds, shares, strict=True)
        ),
        block_share=dict(zip(names, (shares @ holds).tolist(), strict=True)),
        pair_share={
            (names[one], names[two]): float(shares @ (holds[:, one] & holds[:, two]))
            for (one, two), can in zip(pairs, can_meet, strict=True)
            if can
        },
        never_meet=tuple(
            (names[one], names[two]) for (one, two), can in zip(pairs, can_meet, strict=True) if not can
        ),
    )
