"""A register that moves: joins, moves, pauses and draws, day after day.

`Rotation` is the ticket queue with its own memory, for replaying files and for simulations. A service
with a database keeps the same arrays in tables and calls the same pure functions (`draw`, `tickets`,
`availability`).
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sampling.arrays import BoolArray, FloatArray, IdArray, IntArray
from sampling.availability import NEVER, is_available, planned_in_window
from sampling.draw import CellDraw, draw_cells
from sampling.errors import SamplingError
from sampling.frame import Frame, check_permanent_numbers
from sampling.tickets import place_tickets


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What protects a member.

    Parameters
    ----------
    rest_days : int
        Days from one invitation to the next.
    cap : int, optional
        Most planned length within the window; None: no cap.
    window_days : int
        Days a form counts against the cap.

    Raises
    ------
    SamplingError
        If a number is negative or the window is empty.

    Examples
    --------
    >>> Rules(rest_days=60, cap=12, window_days=365).cap
    12
    """

    rest_days: int
    cap: int | None = None
    window_days: int = 365

    def __post_init__(self) -> None:
        if self.rest_days < 0 or self.window_days < 1 or (self.cap is not None and self.cap < 0):
            raise SamplingError(
                "The rules cannot be kept.",
                expected="rest and cap of 0 or more, a window of a day or more",
                got=f"rest {self.rest_days}, cap {self.cap}, window {self.window_days}",
            )


class Rotation:
    """The state of a register under the ticket queue.

    Events of a day come before its draws, and draws of a day count in the order they are made: call the
    methods in that order. Members are named by their position, which never changes; whoever leaves stays
    in the arrays, inactive, with ticket and history.

    Parameters
    ----------
    ids : ndarray of str or int64, shape (n,)
        Unique references, which break ties between equal tickets.
    cell : ndarray of int64, shape (n,)
        Cell codes.
    u : ndarray of float64, shape (n,)
        Permanent random numbers.
    cells : tuple of str, length C
        Names of all cells that will ever be used.
    rules : Rules

    Attributes
    ----------
    frame : Frame
        The register now.
    last_invited, invitations, planned_total : ndarray of int64, shape (n,)
        Day number of the last invitation (`NEVER`), number of invitations and planned length so far.

    Examples
    --------
    >>> rotation = Rotation(
    ...     ids=np.array(["a", "b", "c"]), cell=np.zeros(3, dtype=np.int64), u=np.array([0.5, 0.2, 0.8]),
    ...     cells=("resident",), rules=Rules(rest_days=21),
    ... )
    >>> [rotation.draw(day, {0: 1}, form=5).selected.tolist() for day in (1, 2, 3, 22)]
    [[1], [0], [2], [1]]
    """

    def __init__(
        self, *, ids: IdArray, cell: IntArray, u: FloatArray, cells: tuple[str, ...], rules: Rules
    ) -> None:
        self.rules = rules
        self.frame = Frame(
            ids=ids, cell=cell.copy(), u=u, ticket=u.copy(), active=np.ones(ids.shape, dtype=np.bool_),
            cells=cells, clocks=np.zeros(len(cells)),
        )  # fmt: skip
        self.last_invited = np.full(ids.shape, NEVER, dtype=np.int64)
        self.invitations = np.zeros(ids.shape, dtype=np.int64)
        self.planned_total = np.zeros(ids.shape, dtype=np.int64)
        self._today = NEVER
        self._member = np.empty(0, dtype=np.int64)
        self._sent = np.empty(0, dtype=np.int64)
        self._planned = np.empty(0, dtype=np.int64)

    def join(self, ids: IdArray, cell: IntArray, u: FloatArray) -> IntArray:
        """Add new members, each at its own place on the circle past its cell's clock.

        Parameters
        ----------
        ids : ndarray of str or int64, shape (m,)
        cell : ndarray of int64, shape (m,)
        u : ndarray of float64, shape (m,)

        Returns
        -------
        ndarray of int64, shape (m,)
            Their positions.

        Raises
        ------
        SamplingError
            As `Frame`.
        """
        check_permanent_numbers(u)
        old, added = self.frame, ids.shape[0]
        ticket = place_tickets(u, old.clocks[cell])
        self.frame = Frame(
            ids=np.concatenate([old.ids, ids]),
            cell=np.concatenate([old.cell, cell]),
            u=np.concatenate([old.u, u]),
            ticket=np.concatenate([old.ticket, ticket]),
            active=np.concatenate([old.active, np.ones(added, dtype=np.bool_)]),
            cells=old.cells,
            clocks=old.clocks,
        )
        nothing = np.zeros(added, dtype=np.int64)
        self.last_invited = np.concatenate([self.last_invited, nothing + NEVER])
        self.invitations = np.concatenate([self.invitations, nothing])
        self.planned_total = np.concatenate([self.planned_total, nothing])
        return np.arange(old.ids.shape[0], old.ids.shape[0] + added)

    def withdraw(self, members: IntArray) -> None:
        """Take members out of the population, for a pause or for good; they keep their history."""
        self.frame.active[members] = False

    def move(self, members: IntArray, cell: IntArray) -> None:
        """Put members into other cells, past the clocks there; rest and minutes go with them."""
        self.frame.cell[members] = cell
        self._place(members)

    def resume(self, members: IntArray) -> None:
        """Bring members back after a pause, past the clock of their cell."""
        self.frame.active[members] = True
        self._place(members)

    def available(self, day: int, *, form: int) -> BoolArray:
        """Tell who may be invited to a form of a planned length on a day, shape (n,)."""
        planned = None
        if self.rules.cap is not None:
            planned = planned_in_window(
                member=self._member, sent=self._sent, planned=self._planned,
                size=self.frame.ids.shape[0], day=day, window_days=self.rules.window_days,
            )  # fmt: skip
        return is_available(
            day=day, active=self.frame.active, last_invited=self.last_invited,
            rest_days=self.rules.rest_days, planned=planned, form=form, cap=self.rules.cap,
        )  # fmt: skip

    def draw(self, day: int, asked: Mapping[int, int], *, form: int) -> CellDraw:
        """Draw on a day and invite everybody drawn.

        Parameters
        ----------
        day : int
            Day number, not before the day of an earlier draw.
        asked : mapping of int to int
            How many of which cell.
        form : int
            Planned length, in the unit of the cap.

        Returns
        -------
        CellDraw

        Raises
        ------
        SamplingError
            If time runs backwards, or as `draw_cells`.
        """
        if day < self._today:
            raise SamplingError(
                "A draw comes before an earlier one.", expected=f"day {self._today} or later", got=str(day)
            )
        drawn = draw_cells(self.frame, self.available(day, form=form), asked)
        self._today = day
        self.frame.ticket[drawn.selected] = drawn.ticket_after
        self.frame.clocks[:] = drawn.clocks_after
        self.last_invited[drawn.selected] = day
        self.invitations[drawn.selected] += 1
        self.planned_total[drawn.selected] += form
        if self.rules.cap is not None:
            self._remember(drawn.selected, day, form)
        return drawn

    def _place(self, members: IntArray) -> None:
        frame = self.frame
        frame.ticket[members] = place_tickets(frame.u[members], frame.clocks[frame.cell[members]])

    def _remember(self, members: IntArray, day: int, form: int) -> None:
        """Add invitations to the history and forget those that have left the window for good."""
        counts = self._sent > day - self.rules.window_days
        self._member = np.concatenate([self._member[counts], members])
        self._sent = np.concatenate([self._sent[counts], np.full(members.shape, day)])
        self._planned = np.concatenate([self._planned[counts], np.full(members.shape, form)])
