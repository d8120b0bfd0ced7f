"""The frame: the register at one instant, as arrays, with a hash that names it."""

import hashlib
from dataclasses import dataclass

import numpy as np

from sampling.arrays import BoolArray, FloatArray, IdArray, IntArray
from sampling.errors import SamplingError

_HASH_FORM = b"frame/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """Members of the register (units, where units are drawn) at one instant.

    Parameters
    ----------
    ids : ndarray of str or int64, shape (n,)
        References that break ties between equal tickets; unique (`frame_hash` checks it).
    cell : ndarray of int64, shape (n,)
        Code of each member's cell, an index into `cells`.
    u : ndarray of float64, shape (n,)
        Permanent random numbers in [0, 1).
    ticket : ndarray of float64, shape (n,)
        u plus whole turns (`tickets`).
    active : ndarray of bool, shape (n,)
        Members who belong to the population now. Resting members are active; those who left or
        paused are not.
    cells : tuple of str, length C
        Names of the cells.
    clocks : ndarray of float64, shape (C,)
        Largest ticket taken so far in each cell, 0 before the first draw.

    Raises
    ------
    SamplingError
        If shapes or kinds do not fit, a cell code is unknown, a u lies outside [0, 1), or a name of a
        cell occurs twice.

    Examples
    --------
    >>> frame = Frame(
    ...     ids=np.array(["a", "b", "c"]), cell=np.array([0, 0, 1]), u=np.array([0.1, 0.2, 0.3]),
    ...     ticket=np.array([0.1, 0.2, 0.3]), active=np.array([True, True, False]),
    ...     cells=("resident", "worker"), clocks=np.zeros(2),
    ... )
    >>> frame.population().tolist()
    [2, 0]
    """

    ids: IdArray
    cell: IntArray
    u: FloatArray
    ticket: FloatArray
    active: BoolArray
    cells: tuple[str, ...]
    clocks: FloatArray

    def __post_init__(self) -> None:
        size = self.ids.shape
        check_array("cell", self.cell, np.int64, size)
        check_array("u", self.u, np.float64, size)
        check_array("ticket", self.ticket, np.float64, size)
        check_array("active", self.active, np.bool_, size)
        check_array("clocks", self.clocks, np.float64, (len(self.cells),))
        if len(set(self.cells)) != len(self.cells):
            raise SamplingError("Two cells have one name.", got=", ".join(self.cells))
        if self.cell.size and not 0 <= int(self.cell.min()) <= int(self.cell.max()) < len(self.cells):
            raise SamplingError(
                "A member is in a cell that does not exist.",
                expected=f"codes from 0 to {len(self.cells) - 1}",
                got=f"codes from {self.cell.min()} to {self.cell.max()}",
            )
        check_permanent_numbers(self.u)

    def population(self) -> IntArray:
        """Count the active members of each cell, resting ones included: N_h, shape (C,)."""
        if self.active.all():
            return np.bincount(self.cell, minlength=len(self.cells))
        # Weighing everybody by 0 or 1 is twice as fast as picking out the active ones first.
        return np.bincount(self.cell, weights=self.active, minlength=len(self.cells)).astype(np.int64)


def check_array(name: str, array: np.ndarray, kind: type[np.generic], shape: tuple[int, ...]) -> None:
    """Refuse an array of another kind or shape.

    Raises
    ------
    SamplingError
        Naming the array, what was expected and what came.

    Examples
    --------
    >>> check_array("u", np.zeros(3), np.float64, (3,))
    """
    if array.dtype != np.dtype(kind) or array.shape != shape:
        raise SamplingError(
            f"The array {name} does not fit the frame.",
            expected=f"{np.dtype(kind)} of shape {shape}",
            got=f"{array.dtype} of shape {array.shape}",
        )


def check_permanent_numbers(u: FloatArray) -> None:
    """Refuse permanent random numbers outside [0, 1), NaN included.

    Raises
    ------
    SamplingError
        Counting the numbers that do not fit.

    Examples
    --------
    >>> check_permanent_numbers(np.array([0.0, 0.999]))
    """
    fits = (u >= 0.0) & (u < 1.0)
    if not fits.all():
        raise SamplingError(
            "Permanent random numbers lie outside their range.",
            expected="0 <= u < 1",
            got=f"{int((~fits).sum())} outside, the first at position {int(np.argmin(fits))}",
        )


def frame_hash(frame: Frame, *, available: BoolArray) -> str:
    """Name a frame by what a draw depends on, whatever the order of its rows or cell codes.

    Parameters
    ----------
    frame : Frame
    available : ndarray of bool, shape (n,)
        Who might be drawn: two frames with the same members but other rests are two frames.

    Returns
    -------
    str
        SHA-256 in hexadecimal.

    Raises
    ------
    SamplingError
        If an id occurs twice.

    Examples
    --------
    >>> frame = Frame(
    ...     ids=np.array(["a", "b"]), cell=np.array([0, 0]), u=np.array([0.1, 0.2]),
    ...     ticket=np.array([0.1, 0.2]), active=np.array([True, True]), cells=("resident",),
    ...     clocks=np.zeros(1),
    ... )
    >>> frame_hash(frame, available=frame.active)[:16]
    '7c89cbd100d163cb'
    """
    check_array("available", available, np.bool_, frame.ids.shape)
    order = np.argsort(frame.ids, kind="stable")
    ids = frame.ids[order]
    if ids.size and (ids[1:] == ids[:-1]).any():
        twice = ids[1:][ids[1:] == ids[:-1]][0]
        raise SamplingError("An id occurs twice in the frame.", got=str(twice))
    by_name = sorted(range(len(frame.cells)), key=frame.cells.__getitem__)
    canonical_code = np.empty(len(by_name), dtype="<i8")
    canonical_code[by_name] = np.arange(len(by_name))
    digest = hashlib.sha256()
    parts = [_HASH_FORM, *(frame.cells[code].encode() for code in by_name)]
    parts += [frame.clocks[by_name].astype("<f8").tobytes(), *_id_parts(ids)]
    parts.append(canonical_code[frame.cell[order]].tobytes())
    parts += [column[order].astype("<f8").tobytes() for column in (frame.u, frame.ticket)]
    parts += [np.packbits(column[order]).tobytes() for column in (frame.active, available)]
    for part in parts:
        # The length before each part keeps two different lists of parts from running together alike.
        digest.update(len(part).to_bytes(8, "little"))
        digest.update(part)
    return digest.hexdigest()


def _id_parts(ids: IdArray) -> list[bytes]:
    """Return ids as bytes that do not depend on the width numpy happened to give them."""
    if ids.dtype.kind != "U":
        return [b"int", ids.astype("<i8").tobytes()]
    text = ids.astype(np.str_)
    width = max(1, int(np.strings.str_len(text).max(initial=0)))
    return [b"text", width.to_bytes(4, "little"), text.astype(f"<U{width}").tobytes()]
