"""The selection against bare `numpy.argpartition`, a stratum at a time: aim at 3 times or less.

Run: python -m benchmarks.selection [members] [strata]

Two states of a register are timed: at launch, and in its tenth wave with a third of the people resting
and a tenth barred for other reasons. The floor gets its members already sorted into strata, which the
selection does not; it also sorts what it selected. The same people must come out of both. The whole draw
adds the counts, weights, tickets and clocks.
"""

import sys
import time
from collections.abc import Callable

import numpy as np

from sampling.availability import NEVER, is_available
from sampling.draw import draw_cells
from sampling.frame import Frame
from sampling.selection import select_smallest

REPEATS = 9
INVITED = 20_000


def median_seconds(work: Callable[[], object]) -> float:
    taken = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return float(np.median(taken))


def make_register(members: int, strata: int) -> Frame:
    random = np.random.default_rng(20261123)
    shares = random.dirichlet(np.full(strata, 3.0))
    u = random.random(members)
    return Frame(
        ids=random.permutation(members),
        cell=random.choice(strata, size=members, p=shares),
        u=u,
        ticket=u.copy(),
        active=np.ones(members, dtype=np.bool_),
        cells=tuple(f"stratum {number}" for number in range(strata)),
        clocks=np.zeros(strata),
    )


def age(frame: Frame, share: float, waves: int) -> np.ndarray:
    """Draw `waves` waves of a share of everybody and return the day each member was last invited."""
    last_invited = np.full(frame.ids.shape, NEVER)
    for wave in range(waves):
        asked = {code: int(share * size) for code, size in enumerate(frame.population())}
        drawn = draw_cells(frame, frame.active, asked)
        frame.ticket[drawn.selected] = drawn.ticket_after
        frame.clocks[:] = drawn.clocks_after
        last_invited[drawn.selected] = 30 * wave
    return last_invited


def time_state(name: str, frame: Frame, available: np.ndarray) -> None:
    population = frame.population()
    asked = {code: int(INVITED * size / population.sum()) for code, size in enumerate(population)}
    groups = [np.flatnonzero(available & (frame.cell == code)) for code in asked]
    tickets = [frame.ticket[group] for group in groups]

    def floor() -> list[np.ndarray]:
        return [np.argpartition(tickets[code], number)[:number] for code, number in asked.items()]

    def selection() -> np.ndarray:
        return select_smallest(
            ids=frame.ids, cell=frame.cell, ticket=frame.ticket, available=available,
            wanted=wanted, clocks=frame.clocks, population=population,
        )  # fmt: skip

    def draw() -> np.ndarray:
        return draw_cells(frame, available, asked).selected

    wanted = np.array(list(asked.values()))
    chosen = np.concatenate([groups[code][part] for code, part in enumerate(floor())])
    assert np.array_equal(np.sort(chosen), np.sort(selection())), "the two chose different people"
    bare = median_seconds(floor)
    for what, work in (("selection", selection), ("whole draw", draw)):
        ours = median_seconds(work)
        print(f"{name}, {what}: {1000 * ours:.1f} ms, bare {1000 * bare:.1f} ms, ratio {ours / bare:.2f}")


def main() -> None:
    members = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    strata = int(sys.argv[2]) if len(sys.argv) > 2 else 12
    frame = make_register(members, strata)
    everybody = frame.active.copy()
    print(f"{members:,} members, {strata} strata, {INVITED:,} drawn, median of {REPEATS}")
    time_state("at launch", frame, everybody)
    last_invited = age(frame, 0.11, 10)
    rested = is_available(day=300, active=frame.active, last_invited=last_invited, rest_days=95)
    barred = np.random.default_rng(7).random(members) < 0.1
    time_state("tenth wave", frame, rested & ~barred)


if __name__ == "__main__":
    main()
