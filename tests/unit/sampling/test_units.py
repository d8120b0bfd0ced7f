"""Units: the household is drawn, one of its people asked, and each person's probability is (n/M)(1/k)."""

import numpy as np
import pytest
from scipy import stats

from sampling.availability import NEVER, is_available
from sampling.draw import draw_cells
from sampling.errors import SamplingError
from sampling.frame import Frame
from sampling.prn import permanent_numbers
from sampling.tickets import advance_clocks, place_tickets
from sampling.units import draw_people, whole_units

SIZES = np.array([1, 1, 1, 2, 2, 3, 4, 5])
UNIT = np.repeat(np.arange(8), SIZES)


def test_everybody_has_the_probability_of_unit_and_place_in_it() -> None:
    reps, waves, rest = 1000, 6, 60
    counts = np.zeros((waves, UNIT.size))
    units, people = [f"h{n}" for n in range(8)], [f"p{n}" for n in range(UNIT.size)]
    for rep in range(reps):
        u, inner = permanent_numbers(f"{rep}", units), permanent_numbers(f"{rep}", people)
        frame = Frame(
            ids=np.arange(8), cell=np.zeros(8, dtype=np.int64), u=u, ticket=u.copy(),
            active=np.ones(8, dtype=bool), cells=("home",), clocks=np.zeros(1),
        )  # fmt: skip
        ticket, last = inner.copy(), np.full(8, NEVER)
        for wave in range(waves):
            available = is_available(day=28 * wave, active=frame.active, last_invited=last, rest_days=rest)
            drawn = draw_cells(frame, available, {0: 2})
            frame.ticket[drawn.selected] = drawn.ticket_after
            frame.clocks[:] = drawn.clocks_after
            last[drawn.selected] = 28 * wave
            asked = draw_people(
                drawn.selected, drawn.probability, ids=np.arange(UNIT.size), unit=UNIT, u=inner,
                ticket=ticket, active=np.ones(UNIT.size, dtype=bool), size=8,
            )  # fmt: skip
            ticket[asked.person] = asked.ticket_after
            counts[wave, asked.person] += 1
            assert np.array_equal(UNIT[asked.person], drawn.selected)
            assert asked.people.tolist() == SIZES[drawn.selected].tolist()
            assert np.allclose(asked.weight, 4 * SIZES[drawn.selected])
    share = 0.25 / SIZES[UNIT]
    z = (counts - reps * share) / np.sqrt(reps * share * (1 - share))
    assert np.abs(z).max() < 4
    for wave in range(waves):
        by_unit = np.bincount(UNIT, counts[wave])
        spread = float(np.sum((by_unit - reps / 4) ** 2) / (reps / 4 * 0.75)) * 7 / 8
        assert stats.chi2.sf(spread, 7) > 0.001


def test_inside_a_unit_everybody_comes_before_anybody_twice() -> None:
    u = permanent_numbers("s", ["a", "b", "c"])
    ticket, clock = u.copy(), np.zeros(1)
    times = np.zeros(3)
    for turn in range(10):
        asked = draw_people(
            np.array([0]), np.array([0.5]), ids=np.array(["a", "b", "c"]), unit=np.zeros(3, dtype=np.int64),
            u=u, ticket=ticket, active=np.ones(3, dtype=bool), size=1,
        )  # fmt: skip
        ticket[asked.person] = asked.ticket_after
        clock = advance_clocks(clock, np.zeros(1, dtype=np.int64), asked.ticket_before)
        times[asked.person] += 1
        assert np.ptp(times) <= 1, turn
    newcomer = place_tickets(np.array([0.5]), clock)
    assert clock[0] < newcomer[0] <= clock[0] + 1, (
        "who moves in does not jump the queue nor is caught at once"
    )


def test_equal_inner_tickets_go_by_id_and_the_absent_do_not_count() -> None:
    asked = draw_people(
        np.array([1, 0]), np.array([0.5, 0.5]), ids=np.array(["d", "c", "b", "a", "e"]),
        unit=np.array([0, 0, 1, 1, 1]), u=np.full(5, 0.25), ticket=np.full(5, 0.25),
        active=np.array([True, True, True, False, True]), size=2,
    )  # fmt: skip
    assert asked.person.tolist() == [2, 1]
    assert asked.people.tolist() == [2, 2]
    assert asked.ticket_after.tolist() == [1.25, 1.25]


def test_a_unit_waits_for_its_people() -> None:
    active = np.array([True, True, True, False, True, False])
    available = np.array([True, False, True, False, True, True])
    whole = whole_units(unit=np.array([0, 0, 1, 1, 2, 3]), active=active, available=available, size=5)
    assert whole.tolist() == [False, True, True, False, False]


@pytest.mark.parametrize("drawn", [[0, 0], [0, 1]])
def test_a_unit_drawn_twice_or_empty_is_refused(drawn: list[int]) -> None:
    with pytest.raises(
        SamplingError, match=r"no active person, or was drawn twice.*Expected: 2 units. Got: 1"
    ):
        draw_people(
            np.array(drawn), np.array([0.5, 0.5]), ids=np.array(["a"]), unit=np.array([0]),
            u=np.array([0.1]), ticket=np.array([0.1]), active=np.array([True]), size=2,
        )  # fmt: skip
