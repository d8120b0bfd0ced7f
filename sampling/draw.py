"""The draw: n of each cell, the next in its queue, with probabilities and weights.

`draw_cells` answers "these cells, so many of each". `draw_strata` answers "these strata, each a union of
whole cells, so many of each". Both are pure: they return what *would* change (tickets, clocks), and the
caller applies it when invitations are sent.

Sources: Ohlsson (1995) for sequential sampling by permanent random numbers; Nedyalkova, Qualité & Tillé
(2009), Statistica Neerlandica, for rotation against control of the cross-sectional design.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sampling.arrays import BoolArray, FloatArray, IntArray
from sampling.errors import SamplingError
from sampling.frame import Frame, check_array
from sampling.selection import select_smallest
from sampling.strata import Stratum, check_strata, split_over_cells
from sampling.tickets import advance_clocks, advance_tickets

ALGORITHM = "prn-ticket-queue/1"
"""Written with every draw; a change that selects other people gets another name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CellDraw:
    """What a draw over cells gave. n members were drawn, c cells were asked, the frame has C cells.

    Attributes
    ----------
    selected : ndarray of int64, shape (n,)
        Positions in the frame, by cell as asked, then by (ticket, id).
    cell : ndarray of int64, shape (n,)
        Their cell codes.
    ticket_before, ticket_after : ndarray of float64, shape (n,)
        Their tickets before and after the invitation.
    probability, weight : ndarray of float64, shape (n,)
        n_h / N_h and N_h / n_h of their cell, n_h being the number drawn.
    cells, population, asked, drawn : ndarray of int64, shape (c,)
        Per cell asked: its code, N_h (resting members included), and how many were asked and drawn.
    clocks_after : ndarray of float64, shape (C,)
        All clocks of the frame, once every drawn member is invited.
    """

    selected: IntArray
    cell: IntArray
    ticket_before: FloatArray
    ticket_after: FloatArray
    probability: FloatArray
    weight: FloatArray
    cells: IntArray
    population: IntArray
    asked: IntArray
    drawn: IntArray
    clocks_after: FloatArray

    @property
    def shortfall(self) -> IntArray:
        """How many each cell asked could not give, shape (c,)."""
        return self.asked - self.drawn


@dataclass(frozen=True, slots=True, kw_only=True)
class StratumDraw:
    """What a draw over strata gave. n members were drawn from s strata.

    Attributes
    ----------
    selected, stratum : ndarray of int64, shape (n,)
        Positions in the frame, and the position of the stratum in the list asked; by stratum, then by
        cell, then by (ticket, id).
    cell, ticket_before, ticket_after, clocks_after
        As in `CellDraw`.
    probability, weight : ndarray of float64, shape (n,)
        n_h / N_h and N_h / n_h of the *stratum*, n_h being the number drawn.
    population, asked, drawn : ndarray of int64, shape (s,)
        Per stratum.
    by_cell : CellDraw
        The same draw per cell, in which a cell's own shortfall can be read.
    """

    selected: IntArray
    stratum: IntArray
    cell: IntArray
    ticket_before: FloatArray
    ticket_after: FloatArray
    probability: FloatArray
    weight: FloatArray
    population: IntArray
    asked: IntArray
    drawn: IntArray
    clocks_after: FloatArray
    by_cell: CellDraw

    @property
    def shortfall(self) -> IntArray:
        """How many each stratum could not give, shape (s,)."""
        return self.asked - self.drawn


def draw_cells(frame: Frame, available: BoolArray, asked: Mapping[int, int]) -> CellDraw:
    """Draw from each cell the available members with the smallest (ticket, id).

    Where too few are available all of them are drawn and the shortfall is recorded; no rule is bent.

    Parameters
    ----------
    frame : Frame
    available : ndarray of bool, shape (n,)
        Whom the rules allow today (`availability.is_available`, and whatever else closes the gate for
        reasons that do not depend on the permanent numbers). Inactive members are never drawn.
    asked : mapping of int to int
        How many of which cell code; the result keeps this order.

    Returns
    -------
    CellDraw

    Raises
    ------
    SamplingError
        If a cell is unknown or a number negative.

    Examples
    --------
    >>> frame = Frame(
    ...     ids=np.array(["a", "b", "c", "d"]), cell=np.array([0, 0, 0, 0]),
    ...     u=np.array([0.5, 0.2, 0.75, 0.9]), ticket=np.array([1.5, 1.2, 0.75, 0.9]),
    ...     active=np.array([True] * 4), cells=("resident",), clocks=np.array([0.5]),
    ... )
    >>> drawn = draw_cells(frame, np.array([True, True, True, False]), {0: 2})
    >>> drawn.selected.tolist(), drawn.ticket_after.tolist(), drawn.weight.tolist()
    ([2, 1], [1.75, 2.2], [2.0, 2.0])
    >>> drawn.clocks_after.tolist()
    [1.2]
    """
    check_array("available", available, np.bool_, frame.ids.shape)
    codes = np.fromiter(asked.keys(), dtype=np.int64, count=len(asked))
    numbers = np.fromiter(asked.values(), dtype=np.int64, count=len(asked))
    _check_asked(frame, codes, numbers)
    wanted = np.zeros(len(frame.cells), dtype=np.int64)
    wanted[codes] = numbers
    population = frame.population()
    selected = select_smallest(
        ids=frame.ids, cell=frame.cell, ticket=frame.ticket, available=available & frame.active,
        wanted=wanted, clocks=frame.clocks, population=population,
    )  # fmt: skip
    place = np.zeros(len(frame.cells), dtype=np.int64)
    place[codes] = np.arange(codes.size)
    selected = selected[np.argsort(place[frame.cell[selected]], kind="stable")]
    cell, before = frame.cell[selected], frame.ticket[selected]
    drawn = np.bincount(cell, minlength=wanted.size)
    return CellDraw(
        selected=selected,
        cell=cell,
        ticket_before=before,
        ticket_after=advance_tickets(frame.u[selected], before),
        probability=drawn[cell] / population[cell],
        weight=population[cell] / drawn[cell],
        cells=codes,
        population=population[codes],
        asked=numbers,
        drawn=drawn[codes],
        clocks_after=advance_clocks(frame.clocks, cell, before),
    )


def draw_strata(
    frame: Frame, available: BoolArray, strata: Sequence[Stratum], *, seed: str, survey: str
) -> StratumDraw:
    """Draw from strata that are unions of whole cells.

    The number asked of a stratum is split over its cells by systematic random rounding, so that every
    member's probability is n/N_h exactly; then each cell gives the next in its own queue.

    Parameters
    ----------
    frame : Frame
    available : ndarray of bool, shape (n,)
    strata : sequence of Stratum
    seed, survey : str
        The key and the name of the survey (or wave) for the one random number of each stratum.

    Returns
    -------
    StratumDraw

    Raises
    ------
    SamplingError
        If strata overlap, are empty, name an unknown cell, or ask for more than they hold.

    Examples
    --------
    >>> frame = Frame(
    ...     ids=np.arange(6), cell=np.array([0, 0, 0, 0, 1, 1]), u=np.linspace(0.1, 0.6, 6),
    ...     ticket=np.linspace(0.1, 0.6, 6), active=np.array([True] * 6), cells=("north", "south"),
    ...     clocks=np.zeros(2),
    ... )
    >>> everybody = Stratum(name="all", cells=(0, 1), asked=3)
    >>> drawn = draw_strata(frame, frame.active, [everybody], seed="s", survey="parks")
    >>> drawn.selected.tolist(), drawn.weight.tolist()
    ([0, 1, 4], [2.0, 2.0, 2.0])
    """
    counts = frame.population()
    check_strata(strata, frame.cells, counts)
    asked: dict[int, int] = {}
    owner = np.zeros(len(frame.cells), dtype=np.int64)
    for position, stratum in enumerate(strata):
        asked |= split_over_cells(stratum, frame.cells, counts, seed=seed, survey=survey)
        owner[list(stratum.cells)] = position
    by_cell = draw_cells(frame, available, asked)
    stratum_of = owner[by_cell.cell]
    population = np.bincount(owner[by_cell.cells], weights=by_cell.population, minlength=len(strata))
    drawn = np.bincount(stratum_of, minlength=len(strata))
    return StratumDraw(
        selected=by_cell.selected,
        stratum=stratum_of,
        cell=by_cell.cell,
        ticket_before=by_cell.ticket_before,
        ticket_after=by_cell.ticket_after,
        probability=drawn[stratum_of] / population[stratum_of],
        weight=population[stratum_of] / drawn[stratum_of],
        population=population.astype(np.int64),
        asked=np.array([stratum.asked for stratum in strata], dtype=np.int64),
        drawn=drawn,
        clocks_after=by_cell.clocks_after,
        by_cell=by_cell,
    )


def _check_asked(frame: Frame, codes: IntArray, numbers: IntArray) -> None:
    """Refuse a draw that names no cell of the frame, or fewer than nobody."""
    if codes.size and not 0 <= int(codes.min()) <= int(codes.max()) < len(frame.cells):
        raise SamplingError(
            "A draw asks for a cell that does not exist.",
            expected=f"codes from 0 to {len(frame.cells) - 1}",
            got=", ".join(map(str, codes.tolist())),
        )
    if (numbers < 0).any():
        raise SamplingError(
            "A draw asks for fewer than nobody.", expected="0 or more of each cell", got=str(numbers.min())
        )
