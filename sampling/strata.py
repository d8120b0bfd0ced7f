"""Strata of a survey: unions of whole cells, and how a stratum's number is shared among its cells.

A part of a cell is never drawn from: its members would be moved on in the queue without the others and
starve later (0.000 against 0.250 in the next draw of a simulation). A survey for some people only makes
the attribute that marks them a dimension of the cells first.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sampling.arrays import IntArray
from sampling.errors import SamplingError
from sampling.prn import BITS, hash_bits


@dataclass(frozen=True, slots=True, kw_only=True)
class Stratum:
    """A union of whole cells and the number asked of it.

    Parameters
    ----------
    name : str
    cells : tuple of int
        Cell codes; only whole cells can be named.
    asked : int
        Members to draw.
    """

    name: str
    cells: tuple[int, ...]
    asked: int


def check_strata(strata: Sequence[Stratum], cells: Sequence[str], population: IntArray) -> None:
    """Refuse strata that cannot be drawn from, saying what would work.

    Parameters
    ----------
    strata : sequence of Stratum
    cells : sequence of str, length C
        Names of the cells of the frame.
    population : ndarray of int64, shape (C,)
        Active members of each cell.

    Raises
    ------
    SamplingError
        If a cell is unknown or in two strata, a stratum has no members, or asks for more than it holds.

    Examples
    --------
    >>> import numpy as np
    >>> check_strata([Stratum(name="all", cells=(0,), asked=3)], ["resident"], np.array([10]))
    """
    owner: dict[int, str] = {}
    for stratum in strata:
        for code in stratum.cells:
            if not 0 <= code < len(cells):
                raise SamplingError(
                    f"Stratum {stratum.name} names a cell that does not exist.",
                    expected=f"codes from 0 to {len(cells) - 1}",
                    got=str(code),
                )
            if code in owner:
                raise SamplingError(
                    f"Cell {cells[code]} is in two strata, {owner[code]} and {stratum.name}.",
                    hint="Each cell can be in one stratum of a survey.",
                )
            owner[code] = stratum.name
        _check_number(stratum, sum(int(population[code]) for code in stratum.cells))


def _check_number(stratum: Stratum, size: int) -> None:
    if size == 0:
        raise SamplingError(
            f"Stratum {stratum.name} has no active members.", hint="Leave it out or choose other cells."
        )
    if not 0 <= stratum.asked <= size:
        raise SamplingError(
            f"Stratum {stratum.name} cannot give the number asked.",
            expected=f"0 to {size}",
            got=str(stratum.asked),
            hint=f"Ask for {size} at most, or add cells to the stratum.",
        )


def split_over_cells(
    stratum: Stratum, cells: Sequence[str], population: IntArray, *, seed: str, survey: str
) -> dict[int, int]:
    """Share a stratum's number among its cells so that every member has probability n/N_h exactly.

    Systematic random rounding: with the cells laid end to end (by name) on a line of length n, each
    cell of length n N_g/N_h gets the whole points start, start + 1, ... that fall on it; `start` is one
    uniform number from HMAC(seed, survey|stratum). Each cell gets its share rounded up or down, and on
    average exactly its share. Source: Cochran (1977), Sampling Techniques, on systematic selection.

    Parameters
    ----------
    stratum : Stratum
    cells : sequence of str, length C
    population : ndarray of int64, shape (C,)
    seed, survey : str

    Returns
    -------
    dict of int to int
        Number for each cell code of the stratum, in the order of the cells' names; they sum to
        `stratum.asked`.

    Examples
    --------
    >>> import numpy as np
    >>> both = Stratum(name="both", cells=(0, 1), asked=3)
    >>> split_over_cells(both, ["north", "south"], np.array([40, 20]), seed="s", survey="parks")
    {0: 2, 1: 1}
    """
    start = int(hash_bits(seed, [f"{survey}|{stratum.name}"])[0])
    by_name = sorted(stratum.cells, key=lambda code: cells[code])
    total = sum(int(population[code]) for code in by_name)
    # Whole numbers throughout: a boundary off by one ulp would move a person between cells.
    numbers: dict[int, int] = {}
    cumulative = given = 0
    for code in by_name:
        cumulative += int(population[code])
        upto = ((stratum.asked * cumulative << BITS) + start * total) // (total << BITS)
        numbers[code] = upto - given
        given = upto
    return numbers
